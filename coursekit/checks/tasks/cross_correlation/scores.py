"""Scores of every window of an image against a template, the right one and its relatives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[Any]
BOTH = (-2, -1)  # the axes that run over the numbers of a window


def windows_of(image: Array, template: Array) -> Array:
    """Return all windows of the template's shape, as floats: (rows, columns, KH, KW)."""
    return sliding_window_view(np.asarray(image, dtype=np.float64), template.shape)


def centred(numbers: Array) -> Array:
    """Return numbers minus the mean of their window."""
    return np.asarray(numbers - numbers.mean(axis=BOTH, keepdims=True))


def lengths(numbers: Array) -> Array:
    """Return the Euclidean norm of each window."""
    return np.asarray(np.sqrt((numbers**2).sum(axis=BOTH)))


def is_flat(windows: Array) -> Array:
    """Return where all numbers of a window are equal. Exact, where a norm of differences is not."""
    return np.asarray(windows.max(axis=BOTH) == windows.min(axis=BOTH))


def products(image: Array, template: Array) -> Array:
    """Return the plain cross-correlation: sums of products."""
    return np.asarray((windows_of(image, template) * template).sum(axis=BOTH))


def covariances(image: Array, template: Array) -> Array:
    """Return the sums of products after both means are subtracted, without a division."""
    return np.asarray((centred(windows_of(image, template)) * centred(template)).sum(axis=BOTH))


def cosines(image: Array, template: Array) -> Array:
    """Return the sums of products divided by both norms, with no mean subtracted."""
    windows = windows_of(image, template)
    norms = lengths(windows) * lengths(np.asarray(template, dtype=np.float64))
    return np.asarray(products(image, template) / np.where(norms > 0, norms, 1.0))


def normalised_scores(image: Array, template: Array, *, flat: float = 0.0) -> Array:
    """Return the zero-mean normalised cross-correlation, from -1 to 1; a flat window scores `flat`."""
    windows = windows_of(image, template)
    level = is_flat(windows)
    norms = lengths(centred(windows)) * lengths(centred(np.asarray(template, dtype=np.float64)))
    scores = covariances(image, template) / np.where(level, 1.0, norms)
    return np.asarray(np.where(level, flat, scores))


def squared_differences(image: Array, template: Array) -> Array:
    """Return the sums of squared differences: 0 where the window equals the template."""
    return np.asarray(((windows_of(image, template) - template) ** 2).sum(axis=BOTH))
