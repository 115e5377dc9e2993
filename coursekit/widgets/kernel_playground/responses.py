"""What a picture answers to a kernel: padding, the kinds of response, and their peaks.

`responses.js` computes the same in the browser, sum by sum in the same order; tests compare the two.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.errors import ShapeError

Array = np.ndarray[Any, Any]

PADDINGS = ("zeros", "valid", "reflect", "edge", "wrap")
NORMALISE = ("none", "zero mean", "normalised")

FLAT = 1e-9
"""A window whose variance is below this share of the picture's has one grey value: its score is 0."""

STEPS = 1e9
"""Responses that differ by less than the largest one divided by this count as equal when peaks are sought."""


def padded(image: Array, taps: tuple[int, int], padding: str) -> Array:
    """Return the image with a border that gives every pixel a window of shape `taps`, (KH, KW).

    "valid" adds none. For an even size the window reaches one pixel further up or left, as in mode 'same'
    of `correlate`.

    Raises
    ------
    ShapeError
        With "valid": the kernel is larger than the image.
    """
    if padding == "valid":
        if taps[0] > image.shape[0] or taps[1] > image.shape[1]:
            raise ShapeError(f"kernel must fit inside the image, {image.shape}, without padding; got {taps}")
        return image
    mode: Any = {"zeros": "constant"}.get(padding, padding)
    return np.pad(image, [(size // 2, (size - 1) // 2) for size in taps], mode)


def respond(image: Array, kernel: Array, padding: str, normalise: str, *, flipped: bool) -> Array:
    """Return the response at every position of the window.

    Parameters
    ----------
    image : array of shape (H, W)
    kernel : array of shape (KH, KW)
    padding : one of PADDINGS
    normalise : one of NORMALISE
        none: the sum of products. zero mean: the kernel's mean is taken off it first. normalised: that sum
        divided by the contrast of the kernel and of the window, from -1 to 1; 0 where either is flat.
    flipped : False: cross-correlation. True: convolution, the kernel turned by half a turn first.

    Returns
    -------
    array of shape (H, W), with "valid" (H - KH + 1, W - KW + 1); int64 for integers with "none"

    Raises
    ------
    ShapeError
        With "valid": the kernel is larger than the image.
    """
    from coursekit.reference import correlate  # not there while work is graded; the demo itself is

    seen = padded(image, (kernel.shape[0], kernel.shape[1]), padding)
    weights = kernel[::-1, ::-1] if flipped else kernel
    if normalise == "none":
        sums: Array = correlate(seen, weights, algorithm="direct")
        return sums
    weights = weights - kernel.mean()
    if normalise == "zero mean":
        centred: Array = correlate(seen, weights, algorithm="direct")
        return centred
    seen = seen - image.mean()  # changes no score, and keeps the digits of a bright picture
    divisor = _contrast(seen, kernel.shape, float(np.mean((image - image.mean()) ** 2)))
    norm = np.sqrt((weights**2).sum())
    if norm <= 1e-12 * np.abs(kernel).max():
        return np.zeros(divisor.shape)
    divisor *= norm
    products = correlate(seen, weights, algorithm="direct")
    scores: Array = np.divide(products, divisor, out=np.zeros(divisor.shape), where=divisor > 0)
    return scores


def _contrast(seen: Array, taps: tuple[int, ...], variance: float) -> Array:
    """Return sqrt(sum (x - mean)^2) of every window x; 0 where it is flat."""
    number = taps[0] * taps[1]
    sums = _window_sums(seen, taps)
    squares = _window_sums(seen * seen, taps) - sums * sums / number
    squares[squares <= FLAT * variance * number] = 0
    return np.sqrt(squares)


def _window_sums(values: Array, taps: tuple[int, ...]) -> Array:
    """Return the sum in every window of shape `taps`, from running sums along rows and columns."""
    for axis, size in enumerate(taps):
        running = np.cumsum(np.moveaxis(values, axis, 0), axis=0)
        start = np.concatenate([np.zeros_like(running[:1]), running[:-size]])
        values = np.moveaxis(running[size - 1 :] - start, 0, axis)
    return values


def find_peaks(response: Array, taps: tuple[int, int], number: int) -> list[tuple[int, int]]:
    """Return the places (row, column) of the highest peaks, highest first, at most `number`.

    A peak is a place that none of its eight neighbours exceeds. The highest comes first, among equals the
    first in reading order; each further one lies at least the kernel's height, KH rows, or its width,
    KW columns, from all before: no two windows overlap. A map of one value has no peaks.
    """
    largest = float(np.abs(response).max())
    if largest == 0 or number == 0:
        return []
    levels = np.floor(response / largest * STEPS + 0.5)  # so that rounding decides nothing
    if levels.min() == levels.max():
        return []
    around = np.pad(levels, 1, constant_values=-np.inf)
    rows, columns = levels.shape
    shifts = [(up, left) for up in range(3) for left in range(3)]
    highest = np.max([around[up : up + rows, left : left + columns] for up, left in shifts], axis=0)
    left_over = np.where(levels >= highest, levels, -np.inf)
    found: list[tuple[int, int]] = []
    while len(found) < number:
        row, column = (int(at) for at in np.unravel_index(int(left_over.argmax()), levels.shape))
        if left_over[row, column] == -np.inf:
            break
        found.append((row, column))
        top, left = max(0, row - taps[0] + 1), max(0, column - taps[1] + 1)
        left_over[top : row + taps[0], left : column + taps[1]] = -np.inf
    return found
