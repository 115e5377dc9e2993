"""edge_kernel(): a kernel that responds to vertical edges, and to nothing else that is simpler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.rules import Problem
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.values import NotNumbers, as_floats, as_numbers
from coursekit.reference import correlate

Array = NDArray[Any]

RESPONDS = Group(
    "vertical edges only", 1, "it responds where dark meets bright, left and right, and nowhere else"
)
LARGEST = 5  # rows or columns of a kernel
SIDE = 11  # of the square images that a kernel is tried on
CLEAR = 1e-6  # a response below this part of what the kernel could give counts as silence


@dataclass(frozen=True)
class RespondsToVerticalEdges:
    """Any kernel of two axes that does the job; `expected` is an image, and what it shows."""

    picture: str = "none"

    def problem(self, expected: object, value: object) -> Problem | None:
        try:
            kernel = as_floats(as_numbers(value))
        except NotNumbers as error:
            return Problem("type", f"Your function returned {error}.")
        fault = _not_a_kernel(kernel)
        if fault:
            return Problem("shape", fault)
        probed: Any = expected  # an image, and what it shows
        sentence = _response_fault(kernel, *probed)
        return None if sentence is None else Problem("value", sentence)

    def same(self, one: object, other: object) -> bool:
        """Kernels are the same up to a positive or negative factor: their responses tell the same."""
        try:
            mine, theirs = as_floats(as_numbers(one)), as_floats(as_numbers(other))
        except NotNumbers:
            return False
        if _not_a_kernel(mine) or _not_a_kernel(theirs) or mine.shape != theirs.shape:
            return False
        mine, theirs = mine / np.abs(mine).max(), theirs / np.abs(theirs).max()
        return bool(np.allclose(mine, theirs) or np.allclose(mine, -theirs))


def _not_a_kernel(kernel: Array) -> str:
    """Return what keeps an array from being a kernel, or ""."""
    if kernel.ndim != 2:
        axes = "1 axis" if kernel.ndim == 1 else f"{kernel.ndim} axes"
        return f"Your kernel has {axes}; it should have two, rows and columns."
    if kernel.size == 0 or max(kernel.shape) > LARGEST:
        return f"Your kernel has shape {kernel.shape}; it should have from 1 to {LARGEST} rows and columns."
    if not np.isfinite(kernel).all() or not 0 < np.abs(kernel).max() < 1e100:
        return "Your kernel must hold finite numbers, and not zeros alone."
    return ""


def _response_fault(kernel: Array, image: Array, shows: str) -> str | None:
    """Return what is wrong with the kernel's response to an image that `shows` something, or None."""
    response = np.asarray(correlate(image, kernel))
    strongest = float(response.flat[np.argmax(np.abs(response))])
    heard = abs(strongest) > CLEAR * np.abs(kernel).sum() * np.abs(image).max()
    if shows == "a vertical edge":
        return None if heard else "Your kernel gives 0 everywhere on an image with a vertical edge in it."
    if not heard:
        return None
    if shows == "one grey":
        return (
            f"On an image that is {image[0, 0]:g} everywhere your kernel gives {strongest:.6g}: "
            f"its numbers sum to {kernel.sum():.6g}. A kernel that is to be silent there must sum to 0."
        )
    return f"On an image with {shows} and no vertical edge your kernel gives {strongest:.6g}, not 0."


def probe(image: Array, shows: str) -> tuple[Array, str]:
    """Return what the rule looks at: there is no single right kernel."""
    return image, shows


def generate(rng: np.random.Generator) -> list[Case]:
    """Return images of one kind each: an edge up, an edge down, one grey, horizontal edges, a slope."""
    cases = []
    for _ in range(3):
        dark, bright = sorted(int(level) for level in rng.choice(np.arange(1, 10), 2, replace=False))
        column, row = (int(place) for place in rng.integers(LARGEST, SIDE - LARGEST + 1, size=2))
        edge = np.full((SIDE, SIDE), dark)
        edge[:, column:] = bright
        lying = np.full((SIDE, SIDE), dark)
        lying[row:] = bright
        stripes = np.full((SIDE, SIDE), bright)
        stripes[:: int(rng.integers(2, 5))] = dark
        cases += [
            Case((), RESPONDS.name, (edge, "a vertical edge")),
            Case((), RESPONDS.name, (edge[:, ::-1].copy(), "a vertical edge")),
            Case((), RESPONDS.name, (np.full((SIDE, SIDE), bright), "one grey")),
            Case((), RESPONDS.name, (lying, "a horizontal edge")),
            Case((), RESPONDS.name, (stripes, "horizontal stripes")),
        ]
    return cases


def fixed(*rows: tuple[float, ...]) -> Any:
    """Return a mistake's answer: always the kernel of these rows."""
    return lambda image, shows: np.array(rows)


MISCONCEPTIONS = (
    Misconception(
        "horizontal_edges",
        "This kernel responds to horizontal edges: it compares what is above with what is below.",
        "A vertical edge has dark on its left and bright on its right. Compare left with right.",
        "L1.12",
        fixed((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    ),
    Misconception(
        "horizontal_edges_without_weights",
        "This kernel responds to horizontal edges: it compares what is above with what is below.",
        "A vertical edge has dark on its left and bright on its right. Compare left with right.",
        "L1.12",
        fixed((-1, -1, -1), (0, 0, 0), (1, 1, 1)),
    ),
    Misconception(
        "all_directions",
        "This kernel (the Laplacian) responds to edges of every direction.",
        "Take away what it does from top to bottom: along a column its numbers must not change the answer.",
        "L1.12",
        fixed((0, 1, 0), (1, -4, 1), (0, 1, 0)),
    ),
    Misconception(
        "mean_of_the_window",
        "This kernel averages: it responds to brightness, wherever it is.",
        "Some of the numbers must be negative, so that equal brightness left and right cancels.",
        "L3.13",
        fixed((1, 1, 1), (1, 1, 1), (1, 1, 1)),
    ),
    Misconception(
        "bright_line",
        "This kernel is a picture of a vertical line: it responds to every bright place.",
        "Some of the numbers must be negative, so that equal brightness left and right cancels.",
        "L3.13",
        fixed((0, 1, 0), (0, 1, 0), (0, 1, 0)),
    ),
    Misconception(
        "corner",
        "This kernel responds to corners: along a straight edge its two rows cancel.",
        "All rows should compare left with right in the same direction.",
        "L1.12",
        fixed((-1, 1), (1, -1)),
    ),
)

EDGE_KERNEL = Task(
    name="edge_kernel",
    stem="03_cross_correlation",
    signature="edge_kernel()",
    parameters=(),
    hidden_parameters=("image",),
    groups=(RESPONDS,),
    reference=probe,
    rule=RespondsToVerticalEdges(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    next_step="Work out by hand what your kernel gives on a window of this image.",
    hints=(
        "On an image of one grey all numbers of a window are equal. What must the kernel's numbers sum to?",
        "At a vertical edge one side of a window is dark and the other bright. How do signs tell them apart?",
        "At a horizontal edge nothing changes within a row. What must the numbers of each row sum to?",
    ),
)
