"""Right convolutions that answer fast, and the sums and sizes that a report writes out.

The order of the products is the formula's: the kernel from its first number to its last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.tasks.sliding import correlated
from coursekit.checks.tasks.written import products
from coursekit.shapes import Derivation
from coursekit.shapes.derivation import Step

Array = NDArray[Any]
Mode = Literal["full", "same", "valid"]


@dataclass(frozen=True)
class Part:
    """A part of the full row: `size` numbers from index `start` on. Behind the row's end stand zeros."""

    start: int
    size: int


def part_of(mode: Mode | Part, signal: Array, kernel: Array) -> Part:
    """Return the part that a mode keeps, by NumPy's convention; a mistake may name a part of its own."""
    if isinstance(mode, Part):
        return mode
    n, k = len(signal), len(kernel)
    start = {"full": 0, "same": (k - 1) // 2, "valid": k - 1}[mode]
    return Part(start, {"full": n + k - 1, "same": n, "valid": n - k + 1}[mode])


def row(signal: Array, kernel: Array, mode: Mode | Part = "full") -> Array:
    """Return the convolution of two rows of numbers, as `coursekit.reference.convolve` does, only faster."""
    part = part_of(mode, signal, kernel)
    full = np.convolve(signal, kernel)
    beyond = part.start + part.size - len(full)
    return (np.append(full, [0] * beyond) if beyond > 0 else full)[part.start :][: part.size]


def valid(image: Array, kernel: Array) -> Array:
    """Return the valid convolution of an image. Raises ValueError if the kernel does not fit."""
    return correlated(image, np.flip(kernel))


def size_steps(signal: Array, kernel: Array, mode: Mode) -> tuple[tuple[str, Derivation], ...]:
    """Return how many numbers a mode keeps, and why."""
    n, k = len(signal), len(kernel)
    step = {
        "full": Step.of("N + K - 1", "N + K - 1", f"{n} + {k} - 1", n + k - 1),
        "same": Step.of("N, as many as the signal has", "N", "len(signal)", n),
        "valid": Step.of("N - K + 1", "N - K + 1", f"{n} - {k} + 1", n - k + 1),
    }[mode]
    return (("numbers", Derivation([step])),)


def products_at(signal: Array, kernel: Array, t: int, index: tuple[int, ...] = ()) -> str:
    """Return the sum for one t, written out with the zeros outside: "4·2 + 0·3"."""
    places = [t - a for a in range(len(kernel))]
    seen = [signal[place] if 0 <= place < len(signal) else 0 for place in places]
    return products(seen, kernel)


def products_in(signal: Array, kernel: Array, mode: Mode | Part, index: tuple[int, ...]) -> str:
    """Return the sum at `index` of what a mode keeps."""
    return products_at(signal, kernel, index[0] + part_of(mode, signal, kernel).start)


def products_of_window(image: Array, kernel: Array, index: tuple[int, ...]) -> str:
    """Return the sum at `index` of a valid convolution: the window from its last number to its first."""
    window = image[tuple(slice(start, start + taps) for start, taps in zip(index, kernel.shape, strict=True))]
    return products(np.flip(window).ravel(), kernel.ravel())
