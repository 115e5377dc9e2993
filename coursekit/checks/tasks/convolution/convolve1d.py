"""convolve1d(signal, kernel, mode): a whole convolution, and which part of it each mode keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Task
from coursekit.checks.tasks.convolution.mistakes_1d import MISTAKES_1D
from coursekit.checks.tasks.convolution.sums import Mode, products_in, row, size_steps

Array = NDArray[Any]
Draw = Callable[[np.random.Generator, tuple[int, ...]], NDArray[Any]]

FULL = Group("full", 1, "mode 'full': every place where signal and kernel meet; the kernel may be longer")
SAME = Group("same", 1, "mode 'same': as many numbers as the signal has, even kernels too")
VALID = Group("valid", 1, "mode 'valid': only places where the whole kernel lies on the signal")

# Numbers in the signal and in the kernel.
SMALL_SIZES = {
    "full": ((1, 1), (2, 1), (2, 2), (1, 3), (3, 2), (4, 3)),
    "same": ((1, 1), (2, 2), (3, 2), (3, 3), (5, 3), (4, 4)),
    "valid": ((2, 1), (2, 2), (3, 2), (4, 3), (5, 4)),
}


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases of each mode from one number upwards, whole numbers first, then decimals."""
    cases = []
    for mode, sizes in SMALL_SIZES.items():
        n, k = int(rng.integers(7, 12)), int(rng.integers(3, 7))
        drawn: list[tuple[Draw, Draw, int, int]] = [(whole_numbers, whole_numbers, *size) for size in sizes]
        drawn += [
            (whole_numbers, whole_numbers, n, k),
            (decimals, decimals, 3, 2),
            (decimals, decimals, n, k + 1 if k % 2 else k - 1),
            (whole_numbers, decimals, 4, 3),
        ]
        cases += [Case((of_n(rng, (n,)), of_k(rng, (k,)), mode), mode) for of_n, of_k, n, k in drawn]
    return cases


def fair(signal: Array, kernel: Array, mode: Mode) -> bool:
    """Return whether the notebook's contract holds: outside 'full' the kernel is not longer."""
    return mode == "full" or len(kernel) <= len(signal)


CONVOLVE1D = Task(
    name="convolve1d",
    stem="02_convolution",
    signature="convolve1d(signal, kernel, mode)",
    parameters=("signal", "kernel", "mode"),
    groups=(FULL, SAME, VALID),
    reference=row,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISTAKES_1D,
    explain_shape=size_steps,
    explain_entry=products_in,
    hints=(
        (
            "Your `convolve_at` already gives each number. All three modes only ask it for different t: "
            "which is the first t, and how many are there?"
        ),
        (
            "In 'full', t runs from 0 as long as signal and kernel meet: in the worked example, 4 and 3 "
            "numbers gave 6. 'same' and 'valid' are parts of this row."
        ),
        (
            "Make the full row first. Then cut a slice out of it. Its length stands in the table of the "
            "notebook; the index at which it starts you find in the worked example, for 'same' in the "
            "paragraph on even kernels. Test with a kernel of 2 and with one of 4 numbers."
        ),
    ),
    forbids=CONVOLUTIONS,
    fair=fair,
)
