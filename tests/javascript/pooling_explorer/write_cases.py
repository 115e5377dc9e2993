"""Cases of pooling: what the Python reference answers. See tests/javascript/write_cases.py."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from coursekit import reference

# Image shape, size, parameters: sides of different lengths; windows that overlap, that leave gaps, that do
# not divide; padding, also where all pixels are negative; windows as large as the image; a window per axis.
WINDOWS: list[tuple[tuple[int, ...], Any, dict[str, Any]]] = [
    ((6, 7), 2, {}),
    ((5, 7), 3, {"stride": 1}),
    ((7, 5), 2, {"stride": 3}),
    ((6, 8), 3, {"stride": 2, "padding": 1}),
    ((4, 5), 2, {"padding": 1}),
    ((5, 4), (3, 2), {"stride": (1, 2), "padding": (1, 0)}),
    ((1, 9), (1, 3), {"stride": 2}),
    ((4, 6), (4, 6), {}),
    ((3, 4), 1, {"stride": 2}),
    ((2, 5, 6), 3, {"stride": 2}),
    ((3, 4, 5), (2, 3), {"stride": 1, "padding": (1, 1)}),
]
WHOLE: list[tuple[int, ...]] = [(5, 6), (1, 1), (3, 4, 5)]
GROUPS: list[tuple[tuple[int, int, int], int]] = [
    ((2, 3, 4), 1),
    ((6, 3, 4), 2),
    ((6, 2, 3), 3),
    ((4, 2, 2), 4),
]
ROUNDINGS, TIES = ("floor", "ceil"), ("first", "all")


def cases() -> dict[str, Any]:
    """Return all cases as JSON values. Few different integers make many ties."""
    rng = np.random.default_rng(7)
    maxima, averages, whole, maxout = [], [], [], []
    for (shape, size, parameters), rounding in product(WINDOWS, ROUNDINGS):
        window = {"size": size, **parameters, "rounding": rounding}
        maxima.append(maximum(rng.integers(-4, 0, shape), window, rng))
        maxima.append(maximum(rng.normal(size=shape).round(6), window, rng))
        averages += [
            average(rng.integers(-9, 10, shape), {**window, "count_padding": counts}, rng)
            for counts in (True, False)
        ]
    for shape in WHOLE:
        whole.append(whole_map(rng.integers(0, 4, shape), rng))
    for shape, groups in GROUPS:
        maxout.append(groups_of(rng.integers(-2, 2, shape), groups, rng))
    return {"max": maxima, "average": averages, "global": whole, "maxout": maxout}


def sent_back(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return a gradient in quarters: exact in every sum."""
    return rng.integers(-8, 9, shape) / 4


def maximum(image: np.ndarray, window: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Return the maxima, their positions, the gradient by each convention, and who reads each pixel."""
    output, positions = reference.max_pool_with_positions(image, **window)
    gradient = sent_back(output.shape, rng)
    back = {ties: reference.max_pool_gradient(gradient, image, **window, ties=ties).tolist() for ties in TIES}
    return {
        "image": image.tolist(),
        "window": window,
        "output": output.tolist(),
        "positions": positions.tolist(),
        "gradient": gradient.tolist(),
        "back": back,
        "readers": readers(image.shape[-2:], window),
    }


def readers(shape: tuple[int, ...], window: dict[str, Any]) -> list[list[list[list[int]]]]:
    """Return for each pixel the windows that read it: those whose average it changes."""
    read: list[list[list[list[int]]]] = []
    for row in range(shape[0]):
        read.append([])
        for column in range(shape[1]):
            single = np.zeros(shape)
            single[row, column] = 1
            read[-1].append(np.argwhere(reference.average_pool(single, **window)).tolist())
    return read


def average(image: np.ndarray, window: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Return the means and the gradient. The last bits of a mean differ between processors."""
    output = reference.average_pool(image, **window)
    gradient = sent_back(output.shape, rng)
    back = reference.average_pool_gradient(gradient, image.shape[-2:], **window)
    return {
        "image": image.tolist(),
        "window": window,
        "output": output.round(9).tolist(),
        "gradient": gradient.tolist(),
        "back": back.round(9).tolist(),
    }


def whole_map(image: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    """Return both global poolings, each map one number, and their gradients."""
    gradient = sent_back(image.shape[:-2], rng)
    largest = {ties: reference.global_max_pool_gradient(gradient, image, ties=ties).tolist() for ties in TIES}
    mean = reference.global_average_pool_gradient(gradient, image.shape[-2:])
    return {
        "image": image.tolist(),
        "max": reference.global_max_pool(image).tolist(),
        "average": reference.global_average_pool(image).round(9).tolist(),
        "gradient": gradient.tolist(),
        "max_back": largest,
        "average_back": mean.round(9).tolist(),
    }


def groups_of(image: np.ndarray, groups: int, rng: np.random.Generator) -> dict[str, Any]:
    """Return maxout and its gradient by each convention."""
    output = reference.maxout(image, groups)
    gradient = sent_back(output.shape, rng)
    back = {ties: reference.maxout_gradient(gradient, image, groups, ties=ties).tolist() for ties in TIES}
    return {
        "image": image.tolist(),
        "groups": groups,
        "output": output.tolist(),
        "gradient": gradient.tolist(),
        "back": back,
    }
