"""Cases of channels, operations, sizes rounded up, wrong answers. See tests/javascript/write_cases.py."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from coursekit.reference import convolve, correlate
from coursekit.shapes import output_shape, per_axis
from coursekit.widgets import Conventions, SlidingWindow

Array = np.ndarray[Any, Any]

# image shape, kernel shape, parameters: with and without channels, kernels that are not square, strides that
# do not divide, windows that hang over one edge or both, parameters per axis.
SHAPES: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((5, 7), (3, 2), {}),
    ((6, 8), (2, 3), {"stride": 3, "padding": 1}),
    ((7, 6), (2, 2), {"stride": (3, 4), "dilation": (1, 2)}),
    ((1, 6, 5), (1, 3, 2), {"padding": (0, 2)}),
    ((2, 5, 6), (2, 2, 3), {"stride": 2}),
    ((3, 6, 5), (3, 3, 3), {"padding": 1, "dilation": 2, "stride": 2}),
    ((4, 4, 4), (4, 4, 4), {}),
]
OPERATIONS, ROUNDINGS = ("correlation", "convolution"), ("floor", "ceil")


def cases() -> dict[str, Any]:
    """Return all cases as JSON values."""
    rng = np.random.default_rng(31)
    outputs, answers = [], []
    for (image_shape, kernel_shape, parameters), operation, rounding in product(
        SHAPES, OPERATIONS, ROUNDINGS
    ):
        image, kernel = rng.integers(-9, 10, image_shape), rng.integers(-9, 10, kernel_shape)
        outputs.append(case(image, kernel, parameters, operation, rounding))
        if rounding == "floor":
            answers.append(wrong_answers(image, kernel, parameters, operation))
    return {"outputs": outputs, "answers": answers, "refused": [refused(*row) for row in CHANNELS]}


def case(
    image: Array, kernel: Array, parameters: dict[str, Any], operation: str, rounding: str
) -> dict[str, Any]:
    """Return the output, the overhang and the sum of each channel at the last position."""
    widget = SlidingWindow(
        image, kernel, **parameters, conventions=Conventions(operation=operation, rounding=rounding)
    )
    last = tuple(size - 1 for size in widget.output.shape)
    single = [
        SlidingWindow(plane, weights, **parameters, conventions=widget.conventions).output[last]
        for plane, weights in zip(planes(image), planes(kernel), strict=True)
    ]
    return {
        "image": image.tolist(),
        "kernel": kernel.tolist(),
        "parameters": parameters,
        "operation": operation,
        "rounding": rounding,
        "output": widget.output.tolist(),
        "overhang": list(widget.overhang),
        "position": list(last),
        "partials": [int(value) for value in single],
    }


def planes(array: Array) -> Array:
    """Return an array with a first axis of channels, of length 1 where it had none."""
    return array if array.ndim == 3 else array[None]


def wrong_answers(image: Array, kernel: Array, parameters: dict[str, Any], operation: str) -> dict[str, Any]:
    """Return what each mistake gives at one position, computed by the reference: name -> number."""
    right, other = (convolve, correlate) if operation == "convolution" else (correlate, convolve)
    defaults = {"stride": 1, "padding": 0, "dilation": 1} | parameters
    shape = output_shape(image.shape[-2:], kernel.shape[-2:], **defaults)
    place = tuple(size // 2 for size in shape)

    def at(run: Any, pixels: Array, where: tuple[int, ...] = place, **changes: Any) -> int:
        maps = run(planes(pixels), planes(kernel)[None], **{**defaults, **changes})
        return int(maps[0][where])

    padding = per_axis("padding", defaults["padding"], 2, least=0)
    found = {"right": at(right, image), "flip": at(other, image)}
    if any(padding):
        unpadded = output_shape(image.shape[-2:], kernel.shape[-2:], **{**defaults, "padding": 0})
        if all(index < size for index, size in zip(place, unpadded, strict=True)):
            found["padding"] = at(right, image, padding=0)
        wide = np.pad(planes(image), [(0, 0), *((zeros, zeros) for zeros in padding)], mode="edge")
        found["edge"] = at(right, wide, padding=0)
    if defaults["stride"] != 1:
        found["stride"] = at(right, image, stride=1)
    if len(planes(image)) > 1:
        shown = slice(0, 1)
        single = right(planes(image)[shown], planes(kernel)[None, shown], **defaults)
        found["one channel"] = int(single[0][place])
        found["missing channel"] = found["right"] - found["one channel"]
    return {
        "image": image.tolist(),
        "kernel": kernel.tolist(),
        "parameters": parameters,
        "operation": operation,
        "position": list(place),
        "answers": found,
    }


CHANNELS = [((5, 5), (1, 2, 2)), ((2, 5, 5), (2, 2)), ((2, 5, 5), (3, 2, 2))]


def refused(image_shape: tuple[int, ...], kernel_shape: tuple[int, ...]) -> dict[str, Any]:
    """Return shapes that Python refuses for their channels."""
    try:
        SlidingWindow(np.ones(image_shape), np.ones(kernel_shape))
    except ValueError:
        return {"image": image_shape, "kernel": kernel_shape}
    raise AssertionError(f"{kernel_shape} was taken for {image_shape}")
