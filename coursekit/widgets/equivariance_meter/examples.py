"""The images and kernels that the equivariance meter offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Values = np.ndarray[Any, Any]

LETTER = (
    (1, 0, 0, 0, 0, 0, 0, 2),
    (0, 0, 3, 3, 3, 3, 0, 1),
    (0, 0, 3, 0, 0, 0, 0, 2),
    (0, 0, 3, 3, 3, 0, 0, 1),
    (0, 0, 3, 0, 0, 0, 0, 0),
    (0, 0, 3, 0, 0, 0, 0, 1),
    (2, 0, 0, 0, 0, 0, 0, 1),
    (1, 2, 1, 0, 0, 1, 2, 1),
)
"""A letter whose shifts are seen at once, with something at the borders that can leave and come round."""

KERNELS: dict[str, list[list[float]]] = {
    "edge": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "sum": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    "blur": [[0.0625, 0.125, 0.0625], [0.125, 0.25, 0.125], [0.0625, 0.125, 0.0625]],
    "relief": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    "corner": [[-1, -1, 0], [-1, 2, 1], [0, 1, 0]],
    "copy": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
}
"""Kernels that have a name. "copy" changes nothing: what differs then is due to stride and pooling alone.
`meter_settings.js` has the same ones; a test compares the two."""

COIN = (slice(88, 152), slice(238, 302))
CAMERA = (slice(80, 272, 3), slice(176, 368, 3))


def example_images() -> dict[str, Values]:
    """Return the images by name: a letter of 8 × 8, and, with scikit-image, two pictures of 64 × 64."""
    images: dict[str, Values] = {"letter": np.array(LETTER)}
    try:
        from coursekit import data

        images |= {"coin": data.coins()[COIN], "camera": data.photograph()[CAMERA]}
    except ImportError:  # the pictures lie in scikit-image
        pass
    return images


def examples_message(images: Mapping[str, Values]) -> dict[str, dict[str, Any]]:
    """Return the images as a browser is sent them: raw float64."""
    return {
        name: {
            "shape": list(image.shape),
            "whole": image.dtype.kind in "iu",
            "data": memoryview(image.astype("<f8").tobytes()),
        }
        for name, image in images.items()
    }
