"""A kernel with one guard or barrier less must fail: by an error of the emulator, or by a wrong number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from coursekit.emulator import EmulatedDevice, KernelError
from coursekit.reference.cuda.device import source_text
from tests.coursekit.libraries import Array
from tests.coursekit.reference.cuda.mutants import mutants

Emulate = Callable[..., EmulatedDevice]  # the fixture of conftest.py


def assert_each_mutant_fails(source: str, results: Callable[[], list[Array]], emulate: Emulate) -> None:
    """Compare `results` of the file `source` with those of each of its mutants; a mutant that passes fails.

    `results` computes on a few tiny shapes, in which each guard and each barrier of the file has work.
    """
    emulate()
    expected = results()
    found = mutants(source_text(source))
    assert found, f"{source}.cu has neither guards nor barriers"
    passed = []
    for name, text in found:
        emulate({source: text})
        try:
            same = all(map(_equal, results(), expected))
        except KernelError:
            continue
        if same:
            passed.append(name)
    assert passed == [], f"{source}.cu gives the same results without these"


def _equal(found: Array, expected: Array) -> bool:
    return np.array_equal(found, expected, equal_nan=True)
