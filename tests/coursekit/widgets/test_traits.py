"""What every demo's state refuses: each error is the course's own, and names argument, rule and value."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit.errors import ParameterError
from coursekit.widgets import KernelPlayground, PoolingExplorer, ShapeExplorer, SignalConvolver
from coursekit.widgets.shared.traits import Number, Whole, Wholes

IMAGE = [[0.0, 0.25, 0.5], [0.75, 1.0, 0.5]]

MAKERS = {
    "SignalConvolver": lambda **state: SignalConvolver(**state),
    "KernelPlayground": lambda **state: KernelPlayground(IMAGE, [[1]], **state),
    "ShapeExplorer": lambda **state: ShapeExplorer(**state),
    "PoolingExplorer": lambda **state: PoolingExplorer(**state),
}

REFUSED = [
    ("SignalConvolver", "continuous", 1, "continuous must be True or False; got 1"),
    ("SignalConvolver", "growing", "no", "growing must be True or False; got 'no'"),
    ("SignalConvolver", "playing", np.ones(2), "playing must be True or False; got array"),
    ("SignalConvolver", "speed", 0, "speed must be a finite number from 0.1 to 10000; got 0"),
    ("SignalConvolver", "speed", "fast", "speed must be a finite number from 0.1 to 10000; got 'fast'"),
    ("SignalConvolver", "dt", float("nan"), "dt must be a finite number > 0; got nan"),
    ("SignalConvolver", "dt", 10**400, "dt must be a finite number > 0; got 1000"),
    (
        "SignalConvolver",
        "position",
        10**400,
        r"position must be an integer >= 0; got a number beyond 2\*\*53",
    ),
    ("KernelPlayground", "peaks", True, "peaks must be an integer from 0 to 9; got True"),
    ("KernelPlayground", "picture", "moon", "picture must be one of 'your image', .*; got 'moon'"),
    ("KernelPlayground", "picture", None, "picture must be .*; got None"),
    ("KernelPlayground", "cut_from", [3], r"cut_from must have 0 or 2 entries; got \[3\]"),
    ("KernelPlayground", "cut_from", [0, -1], r"cut_from\[1\] must be an integer >= 0; got -1"),
    ("KernelPlayground", "difference", None, "difference must be True or False; got None"),
    ("KernelPlayground", "position", np.array(3.0), r"position must be \(row, column\); got array\(3"),
    ("ShapeExplorer", "axes", np.array([1, 2]), "axes must be an integer from 1 to 2; got array"),
    ("ShapeExplorer", "transposed", 0, "transposed must be True or False; got 0"),
    ("ShapeExplorer", "wanted", 1.5, "wanted must be an integer >= 1 or None; got 1.5"),
    ("ShapeExplorer", "guess", "three", "guess must be an integer .* or None; got 'three'"),
    ("ShapeExplorer", "size", 10**400, r"size must be at most 2\*\*53; got 1000"),
    ("PoolingExplorer", "mode", None, "mode must be 'max' or .*; got None"),
    ("PoolingExplorer", "channel", True, "channel must be an integer >= 0; got True"),
    ("PoolingExplorer", "groups", 0, "groups must be an integer >= 1; got 0"),
    ("PoolingExplorer", "answered", [-1], r"answered\[0\] must be an integer >= 0; got -1"),
    ("PoolingExplorer", "answered", 3, "answered must be a list of integers; got 3"),
    ("PoolingExplorer", "image", [[1e51]], r"at most 1e50 in size; got image\[0, 0\] = 1e\+51"),
    *[(name, "conventions", "x", "conventions must be a Conventions; got 'x'") for name in MAKERS],
]


@pytest.mark.parametrize(("demo", "name", "value", "message"), REFUSED)
def test_a_wrong_value_is_refused_when_a_demo_is_made_and_later(demo, name, value, message):
    with pytest.raises(ParameterError, match=message):
        MAKERS[demo](**{name: value})
    made = MAKERS[demo]()
    before = getattr(made, name)
    with pytest.raises(ParameterError, match=message):
        setattr(made, name, value)
    assert getattr(made, name) is before


@pytest.mark.parametrize("example", [np.array([1, 2]), "", 0, ["numbers"]])
def test_an_example_that_is_no_name_is_refused(example):
    with pytest.raises(ParameterError, match="example must be one of 'numbers', "):
        SignalConvolver(example=example)


def test_numbers_of_numpy_become_plain_ones():
    explorer = ShapeExplorer(axes=np.int64(2), transposed=np.bool_(True), wanted=np.int8(3))
    assert (explorer.axes, explorer.transposed, explorer.wanted) == (2, True, 3)
    assert type(explorer.axes) is int and type(explorer.transposed) is bool


@pytest.mark.parametrize("typed", [1e17, -1e40])
def test_a_whole_number_that_the_reader_types_is_kept_however_large(typed):
    demo = PoolingExplorer([[1, 2], [3, 4]])
    data = memoryview(np.array([[typed, 2], [3, 4]], "<f8").tobytes())
    demo.set_state({"image": {"shape": [2, 2], "whole": True, "data": data}})
    assert demo.image.dtype == np.float64 and demo.image[0, 0] == typed


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble])
def test_floats_of_every_size_are_taken_up_to_the_largest_number(kind):
    assert PoolingExplorer(np.array([[1, 65504]], kind), 1).image[0, 1] == 65504


def test_a_long_double_that_no_browser_holds_is_refused():
    with pytest.raises(ParameterError, match="at most 1e50 in size"):
        PoolingExplorer(np.array([[np.longdouble(10) ** 400]]), 1)


def test_a_place_where_no_kernel_was_cut_from_is_forgotten():
    demo = KernelPlayground(IMAGE)
    demo.cut(0, 1, 1, 2)
    demo.cut_from = [99, 99]
    assert demo.cut_from == []


def test_a_trait_holds_its_own_copy_of_a_list():
    given = [1, 2]
    demo = PoolingExplorer(predict="output")
    demo.answered = given
    given.append(9)
    assert demo.answered == [1, 2]


@pytest.mark.parametrize("trait", [Whole(0, least=0), Wholes(), Number(1.0)])
def test_every_trait_is_sent_to_the_browser(trait):
    assert trait.metadata["sync"] is True
