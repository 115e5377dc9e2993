"""Images with a template hidden in them, and decoys that mislead every wrong score."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coursekit.checks.draw import CaseSearchError, whole_numbers
from coursekit.checks.tasks.cross_correlation.scores import normalised_scores

Array = NDArray[Any]
Scene = tuple[Array, Array]  # image, template

MARGIN = 0.05  # between the best score and the next, so that rounding never decides
DRAWS = 400
DECOYS = ("flat", "strong", "mirrored", "negative")


def unchanged(rng: np.random.Generator, shape: tuple[int, int], size: tuple[int, int]) -> Scene:
    """Return an image of `shape` and a template of `size` cut out of it."""
    diagonal = _diagonal(rng)
    for _ in range(DRAWS):
        image = whole_numbers(rng, shape, 9)
        row, column = (int(rng.integers(whole - part + 1)) for whole, part in zip(shape, size, strict=True))
        template = image[row : row + size[0], column : column + size[1]].copy()
        if row == column and not diagonal:
            continue
        if has_clear_best(image, template):
            return image, template
    raise CaseSearchError(f"no template of {size} stands out in an image of {shape} in {DRAWS} draws")


def lit_otherwise(
    rng: np.random.Generator,
    shape: tuple[int, int],
    size: tuple[int, int],
    decoys: tuple[str, ...],
    *,
    decoy_first: bool = False,
) -> Scene:
    """Return an image of `shape` in which a template of `size` stands in other light, beside `decoys`.

    With `decoy_first`, the first decoy is the first window of the image.
    """
    diagonal = _diagonal(rng)
    for _ in range(DRAWS):
        template = whole_numbers(rng, size, 9)
        image = whole_numbers(rng, shape, 5)
        free = np.ones(shape, dtype=bool)
        placed = [_place(rng, image, free, _decoy(rng, template, name)) for name in decoys]
        corner = _place(rng, image, free, _in_other_light(rng, template))
        if decoy_first and placed[0] != (0, 0):
            continue
        if corner is None or None in placed or not has_clear_best(image, template):
            continue
        if corner[0] == corner[1] and not diagonal:
            continue
        scores = normalised_scores(image, template)
        if scores[corner] == scores.max():
            return image, template
    raise CaseSearchError(f"no scene of {shape} with a template of {size} in {DRAWS} draws")


def faint(scene: Scene) -> Scene:
    """Return the same scene with an image so faint that the norms of its windows are below 1.

    The numbers are divided by a power of 2, so they stay exact.
    """
    image, template = scene
    return image / 256, template


def has_clear_best(image: Array, template: Array) -> bool:
    """Return whether the template fits, is not flat, and one window scores best by `MARGIN`."""
    if np.any(np.less(image.shape, template.shape)) or template.max() == template.min():
        return False
    if image.shape == template.shape:
        return True
    scores = np.sort(normalised_scores(image, template), axis=None)
    return bool(scores[-1] - scores[-2] > MARGIN)


def _diagonal(rng: np.random.Generator) -> bool:
    """Return whether row and column may be equal, which hides a swap: once in five scenes."""
    return bool(rng.random() < 0.2)


def _decoy(rng: np.random.Generator, template: Array, name: str) -> Array:
    if name == "flat":  # bright: misleads plain products and cosines; 0 / 0 for who does not look
        return np.full_like(template, 50)
    if name == "strong":  # a copy with much contrast and one error: misleads an undivided score
        strong = 5 * template
        strong.flat[int(rng.integers(template.size))] += int(rng.integers(10, 20))
        return strong
    if name == "mirrored":
        return np.asarray(2 * template[::-1, ::-1])
    return np.asarray(60 - 5 * template)  # a negative: its score is -1


def _in_other_light(rng: np.random.Generator, template: Array) -> Array:
    """Return the template with more contrast, brighter, and one number off by one: nearly a perfect match."""
    lit = int(rng.integers(2, 4)) * template + int(rng.integers(0, 20))
    lit.flat[int(rng.integers(template.size))] += 1
    return np.asarray(lit)


def _place(rng: np.random.Generator, image: Array, free: Array, patch: Array) -> tuple[int, int] | None:
    """Write `patch` into a random free place of `image`, and return its corner; None if there is no room."""
    corners = np.argwhere(sliding_window_view(free, patch.shape).all(axis=(-2, -1)))
    if len(corners) == 0:
        return None
    row, column = map(int, corners[int(rng.integers(len(corners)))])
    place = np.s_[row : row + patch.shape[0], column : column + patch.shape[1]]
    image[place] = patch
    free[place] = False
    return row, column
