"""correlate2d_padded(image, kernel, mode): cross-correlation with the zeros of one of three modes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Task
from coursekit.checks.tasks.padding.borders import Ends, surrounded, zeros_of
from coursekit.checks.tasks.padding.wrong_borders import MISCONCEPTIONS
from coursekit.checks.tasks.written import products
from coursekit.shapes import Derivation, Step, output_shape

Array = NDArray[Any]

MODES = ("valid", "same", "full")
ODD = Group("odd kernels", 1, "kernels with an odd number of rows and of columns")
EVEN = Group("even kernels", 1, "kernels with an even number of rows, of columns, or of both")

SMALL_ODD = (((1, 1), (1, 1)), ((3, 3), (3, 3)), ((4, 3), (3, 1)), ((3, 4), (1, 3)))
SMALL_EVEN = (((2, 2), (2, 2)), ((1, 3), (1, 2)), ((3, 2), (2, 1)), ((4, 5), (3, 2)))


def correlate2d_padded(image: Array, kernel: Array, mode: str) -> Array:
    """Return the cross-correlation of `image` (H, W) with `kernel` (KH, KW); the kernel is not flipped.

    The same numbers as `coursekit.reference.correlate`, without its checks, which would make cases slow.
    """
    rows, columns = (zeros_of(taps, mode) for taps in kernel.shape)
    padded = surrounded(image, rows, columns)
    return np.tensordot(sliding_window_view(padded, kernel.shape), kernel, axes=2)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return every mode in small and in larger shapes; those of the larger ones nobody can guess."""
    cases: list[Case] = []
    for group, shapes, kernels in (
        (ODD, SMALL_ODD, ((3, 5), (5, 3))),
        (EVEN, SMALL_EVEN, ((4, 3), (2, 4))),
    ):
        for index, (image, kernel) in enumerate(shapes):
            # The modes take turns where shapes are small; together they meet every shape of the group.
            modes = MODES if index in (1, 3) else (MODES[1 + index // 2],)
            cases += [
                Case((whole_numbers(rng, image), whole_numbers(rng, kernel), mode), group.name)
                for mode in modes
            ]
        for index, kernel in enumerate(kernels):
            for mode in ("same", MODES[2 * index]):
                cases.append(Case((*_with_decimals(rng, _larger(rng, kernel), kernel), mode), group.name))
        cases.append(
            Case((whole_numbers(rng, _larger(rng, kernel)), decimals(rng, kernel), "same"), group.name)
        )
    return cases


def _larger(rng: np.random.Generator, kernel: Ends) -> Ends:
    """Return the shape of an image that is no square and holds the kernel."""
    height, width = kernel[0] + int(rng.integers(1, 4)), kernel[1] + int(rng.integers(1, 4))
    return height, width + (height == width)


def _with_decimals(rng: np.random.Generator, image: Ends, kernel: Ends) -> tuple[Array, Array]:
    return decimals(rng, image), decimals(rng, kernel)


def is_fair(image: Array, kernel: Array, mode: str) -> bool:
    """Return whether the notebook's contract allows this question."""
    if image.ndim != 2 or kernel.ndim != 2 or mode not in MODES:
        return False
    return all(1 <= taps <= size for taps, size in zip(kernel.shape, image.shape, strict=True))


def shape_steps(image: Array, kernel: Array, mode: str) -> tuple[tuple[str, Derivation], ...]:
    """Return, for rows and columns, the steps from the zeros of the mode to the number of windows."""
    padding = [zeros_of(taps, mode) for taps in kernel.shape]
    sizes = output_shape(image.shape, kernel.shape, padding=padding)
    derivations = []
    for axis, size, taps in zip(("rows", "columns"), sizes, kernel.shape, strict=True):
        (padded,) = (step for step in size.derivation if step.name == "padded size")
        places = padded.value - taps + 1
        outputs = Step.of("outputs", "N - K + 1", f"{padded.value} - {taps} + 1", places)
        derivations.append((axis, Derivation([padded, outputs])))
    return tuple(derivations)


def products_summed(image: Array, kernel: Array, mode: str, index: tuple[int, ...]) -> str:
    """Return the sum at `index` of the output, written out, with the zeros of the border in it."""
    rows, columns = (zeros_of(taps, mode) for taps in kernel.shape)
    padded = surrounded(image, rows, columns)
    window = padded[
        tuple(slice(start, start + taps) for start, taps in zip(index, kernel.shape, strict=True))
    ]
    return products(window.ravel(), kernel.ravel())


HINTS = (
    (
        "All three modes slide the same kernel over the same kind of windows. They differ only in how many "
        "zeros stand around the image first."
    ),
    (
        "For each mode and each axis, write down how many zeros stand in front and how many behind. You "
        "have functions for two steps of this."
    ),
    (
        "In mode 'full' the first window holds one pixel of the image, in its last place. How many zeros "
        "must stand in front for that?"
    ),
)

CORRELATE2D_PADDED = Task(
    name="correlate2d_padded",
    stem="05_padding",
    signature="correlate2d_padded(image, kernel, mode)",
    parameters=("image", "kernel", "mode"),
    groups=(ODD, EVEN),
    reference=correlate2d_padded,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_shape=shape_steps,
    explain_entry=products_summed,
    hints=HINTS,
    forbids=CONVOLUTIONS,
    fair=is_fair,
)
