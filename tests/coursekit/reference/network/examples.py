"""What the tests of the network kit share: a small network, easy images, and a derivative by differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from coursekit.reference.network import Convolution, Dense, Flatten, MaxPooling, Network, ReLU
from tests.coursekit.libraries import Array


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def central_differences(function: Callable[[], float], array: Array, step: float = 1e-6) -> Array:
    """Return the derivative of `function()` by each number of `array`, moving it up and down."""
    out = np.empty(array.shape)
    for index in np.ndindex(*array.shape):
        value = array[index]
        array[index] = value + step
        above = function()
        array[index] = value - step
        below = function()
        array[index] = value
        out[index] = (above - below) / (2 * step)
    return out


def small_network(seed: int, dtype: str = "float32", kernels: tuple[int, int] = (2, 3)) -> Network:
    """Return a network for images (1, 8, 8) with 10 classes."""
    rng = generator(seed)
    return Network(
        [
            Convolution(1, kernels[0], (3, 3), mode="same", rng=rng, dtype=dtype),
            ReLU(),
            MaxPooling(2),
            Convolution(kernels[0], kernels[1], (3, 3), mode="same", rng=rng, dtype=dtype),
            ReLU(),
            MaxPooling(2),
            Flatten(),
            Dense(4 * kernels[1], 10, rng=rng, dtype=dtype),
        ]
    )


def noise(count: int, dtype: str = "float32") -> tuple[Array, Array]:
    """Return `count` images (1, 8, 8) of noise, brighter where the label says, and their labels."""
    rng = generator(7)
    labels = rng.integers(0, 3, count)
    images = rng.normal(size=(count, 1, 8, 8)).astype(dtype)
    for label in range(3):
        images[labels == label, :, 2 * label : 2 * label + 2] += 2
    return images, labels
