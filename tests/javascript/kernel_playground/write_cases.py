"""Cases of the kernel playground: what NumPy, the reference and scikit-image answer.

The responses are those of `coursekit.correlate` and `convolve` on the image that `numpy.pad` has widened, the
normalised ones without padding those of `skimage.feature.match_template`, which knows nothing of this course.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from skimage.feature import match_template

from coursekit import data
from coursekit.reference import convolve, correlate
from coursekit.widgets.kernel_playground.presets import NAMES, SIZED, preset
from coursekit.widgets.kernel_playground.responses import NORMALISE, PADDINGS, find_peaks, padded, respond

# image shape, kernel shape: sides of different lengths, even and odd kernels, one number, one row, one
# column, kernels as large as the image and larger, more columns than one pass over a row takes.
SHAPES = [
    ((5, 7), (3, 2)),
    ((6, 5), (2, 3)),
    ((4, 9), (1, 5)),
    ((9, 4), (4, 1)),
    ((3, 3), (3, 3)),
    ((2, 3), (3, 7)),
    ((1, 6), (2, 3)),
    ((7, 8), (1, 1)),
    ((12, 13), (6, 9)),
]


def cases() -> dict[str, Any]:
    """Return all cases as JSON values."""
    rng = np.random.default_rng(33)
    return {
        "padding": [
            padding_case(size, name) for size in (1, 2, 3, 5) for name in PADDINGS if name != "valid"
        ],
        "responses": [
            case(rng.integers(-9, 10, shape) / 4, rng.integers(-9, 10, taps) / 2, padding, normalise)
            for shape, taps in SHAPES
            for padding in PADDINGS
            for normalise in NORMALISE
            if padding != "valid" or all(np.less_equal(taps, shape))
        ],
        "flat": flat_cases(),
        "peaks": [peak_case(rng, *row) for row in PEAKS],
        "presets": [
            {"name": name, "shape": shape, "kernel": preset(name, shape).tolist()} for name, shape in SIZES
        ],
        "word": [word_case()],
    }


def padding_case(size: int, padding: str) -> dict[str, Any]:
    """Return which pixel stands where, from 9 before the image to 9 behind it; a zero is -1."""
    numbered = np.arange(1, size + 1)
    mode: Any = {"zeros": "constant"}.get(padding, padding)
    return {"size": size, "padding": padding, "pixels": (np.pad(numbered, 9, mode) - 1).tolist()}


def case(image: np.ndarray, kernel: np.ndarray, padding: str, normalise: str) -> dict[str, Any]:
    """Return both responses of an image to a kernel, computed in the plainest way there is."""
    weights = kernel if normalise == "none" else kernel - kernel.mean()
    seen = padded(image, kernel.shape, padding)
    asis, flipped = correlate(seen, weights), convolve(seen, weights)
    if normalise == "normalised":
        divisor = contrast(seen, kernel)
        asis, flipped = (
            np.where(divisor > 1e-9, map_ / np.maximum(divisor, 1e-9), 0) for map_ in (asis, flipped)
        )
        if kernel.size > 1 and all(np.less_equal(kernel.shape, seen.shape)):
            known = divisor > 1e-6  # in a flat window scikit-image divides two rounding errors
            assert np.allclose(asis[known], match_template(seen, kernel)[known], atol=1e-9)
            assert np.allclose(flipped[known], match_template(seen, kernel[::-1, ::-1])[known], atol=1e-9)
    return {
        "image": image.tolist(),
        "kernel": kernel.tolist(),
        "padding": padding,
        "normalise": normalise,
        "as_is": asis.round(9).tolist(),  # the last bits differ between processors
        "flipped": flipped.round(9).tolist(),
    }


def contrast(seen: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return the contrast of every window times that of the kernel, window by window."""
    windows = np.lib.stride_tricks.sliding_window_view(seen, kernel.shape)
    around = windows - windows.mean(axis=(2, 3), keepdims=True)
    return np.sqrt((around**2).sum(axis=(2, 3))) * np.sqrt(((kernel - kernel.mean()) ** 2).sum())


def flat_cases() -> list[dict[str, Any]]:
    """Return normalised cases with windows, kernels and whole images of one grey value: scores of 0."""
    bright = np.full((5, 6), 0.9)
    bright[3:, 3:] = [[0.1, 0.2, 0.4], [0.7, 0.3, 0.8]]
    kernel = np.array([[1.0, 2.0], [3.0, 5.0]])
    return [
        case(bright, kernel, "valid", "normalised"),
        case(bright, np.full((2, 2), 0.3), "valid", "normalised"),
        case(np.full((4, 4), 0.3), kernel, "edge", "normalised"),
    ]


# shape, kernel shape, number, range of the integers: few levels give many equals.
PEAKS = [
    ((8, 9), (3, 3), 5, 100),
    ((8, 9), (3, 3), 9, 3),
    ((20, 15), (2, 5), 9, 4),
    ((6, 6), (6, 6), 4, 50),
    ((1, 12), (1, 1), 3, 5),
    ((5, 5), (1, 1), 0, 5),
    ((5, 5), (2, 2), 3, 1),
]


def peak_case(
    rng: np.random.Generator, shape: tuple[int, int], taps: tuple[int, int], number: int, most: int
) -> dict[str, Any]:
    """Return a map of integers, negative ones among them, and its peaks found by going through all places."""
    response = rng.integers(-most + 1, most, shape).astype(float)
    found = peaks_by_definition(response, taps, number)
    assert find_peaks(response, taps, number) == found
    return {"response": response.tolist(), "taps": taps, "number": number, "peaks": found}


def peaks_by_definition(response: np.ndarray, taps: tuple[int, int], number: int) -> list[tuple[int, int]]:
    """Return the peaks in the slow and obvious way."""
    if response.min() == response.max():
        return []
    places = [
        (row, column)
        for row, column in np.ndindex(*response.shape)
        if response[row, column] == response[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].max()
    ]
    found: list[tuple[int, int]] = []
    for row, column in sorted(places, key=lambda place: -response[place]):
        if all(abs(row - y) >= taps[0] or abs(column - x) >= taps[1] for y, x in found):
            found.append((row, column))
    return found[:number]


SIZES = [(name, (5, 5)) for name in NAMES] + [
    (name, shape) for name in SIZED for shape in ((1, 1), (2, 3), (7, 4), (11, 11))
]


def word_case() -> dict[str, Any]:
    """Return where "markers" stands on the page, and the peaks around it, for a kernel that was cut out."""
    top, left, rows, columns = 40, 100, 60, 120  # a part of the page, to keep the file small
    image = data.page()[top : top + rows, left : left + columns]
    word = (28, 33, 12, 55)
    kernel = image[word[0] : word[0] + word[2], word[1] : word[1] + word[3]]
    score = respond(image, kernel, "valid", "normalised", flipped=False)
    assert np.allclose(score, match_template(image, kernel), atol=1e-9)
    return {
        "image": np.rint(image * 255).astype(int).tolist(),
        "word": word,
        "found": find_peaks(score, kernel.shape, 2),
        "brightest": find_peaks(respond(image, kernel, "valid", "none", flipped=False), kernel.shape, 1),
    }
