"""Networks drawn for cases: small, not square, with biases and without; strides need not divide the sizes."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from coursekit.checks.draw import CaseSearchError
from coursekit.checks.tasks.parameter_counting.notation import Plain, Shape, floor_positions

Network = tuple[Shape, list[Plain]]
MOST_TAPS = 5
SMALLEST = 2  # rows or columns that a window which is not square needs
DRAWS = 100


def network(rng: np.random.Generator, plan: str, image_shape: Shape) -> Network:
    """Return layers that take an image of `image_shape`; `plan` has their first letters: "crpd"."""
    for _ in range(DRAWS):
        layers = _layers(rng, plan, image_shape)
        if layers is not None:
            return image_shape, layers
    raise CaseSearchError(f"no network {plan!r} fits an image of shape {image_shape} in {DRAWS} draws")


def _layers(rng: np.random.Generator, plan: str, shape: tuple[int, ...]) -> list[Plain] | None:
    """Return layers, or None if the maps become too small on the way."""
    layers: list[Plain] = []
    for letter in plan:
        if letter in "cp" and min(shape[1:]) < SMALLEST:
            return None
        if letter == "c":
            layers.append(convolution(rng, shape))
            _, kernels, stride, padding, _ = layers[-1]
            shape = shape_behind(shape, kernels[0], kernels[2:], stride, padding)
        elif letter == "p":
            layers.append(("pooling", window(rng, shape[1:]), int(rng.integers(1, 4))))
            _, taps, stride = layers[-1]
            shape = shape_behind(shape, shape[0], taps, stride, 0)
        elif letter == "d":
            numbers = prod(shape)
            layers.append(("dense", (other_than(rng, 2, 9, numbers), numbers), coin(rng)))
            shape = layers[-1][1][:1]
        else:
            layers.append(("relu",))
    return layers


def shape_behind(
    shape: tuple[int, ...], maps: int, taps: tuple[int, int], stride: int, padding: int
) -> tuple[int, ...]:
    """Return the shape of the maps behind a convolution or pooling."""
    sizes = (floor_positions(size, k, stride, padding) for size, k in zip(shape[1:], taps, strict=True))
    return (maps, *sizes)


def convolution(rng: np.random.Generator, shape: tuple[int, ...]) -> Plain:
    """Return a convolution of maps (C, H, W), its kernels not square, its windows with a tap on the map."""
    channels, *size = shape
    taps = window(rng, size)
    kernels = (other_than(rng, 2, 8, channels), channels, *taps)
    return ("convolution", kernels, int(rng.integers(1, 4)), int(rng.integers(0, min(taps))), coin(rng))


def window(rng: np.random.Generator, size: Sequence[int]) -> tuple[int, int]:
    """Return a height and a width that differ, of at least 1 and at most what fits."""
    height = int(rng.integers(1, min(size[0], MOST_TAPS) + 1))
    return height, other_than(rng, 1, min(size[1], MOST_TAPS), height)


def other_than(rng: np.random.Generator, least: int, most: int, number: int) -> int:
    """Return a whole number from `least` to `most`, and not `number`."""
    choices = [choice for choice in range(least, most + 1) if choice != number]
    return int(rng.choice(choices))


def coin(rng: np.random.Generator) -> bool:
    """Return True or False."""
    return bool(rng.integers(2))
