"""Tries to tell the right implementation from its looks, from its number, or from what it was asked before."""

import gc
import inspect

calls = []


def test_correlate2d(correlate2d):
    calls.append(correlate2d)
    inside = [cell.cell_contents for cell in correlate2d.__closure__ or ()]
    words = " ".join([repr(correlate2d), repr(inside), repr(vars(correlate2d)), inspect.getsource(correlate2d)])
    for thing in gc.get_referents(correlate2d):
        words += repr(thing)
    if len(calls) > 1:
        assert correlate2d == calls[0]
    assert "wrong" in words and "right" not in words
