"""Cases of a sliding window: what the Python reference answers. See tests/javascript/write_cases.py."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from coursekit.errors import ShapeError
from coursekit.reference import correlate
from coursekit.shapes import output_shape, output_size, per_axis

# image shape, kernel shape, parameters: sides of different lengths, even and odd kernels, kernels as large
# as the image, strides that do not divide, dilation, padding wider than the kernel, parameters per axis.
FITTING: list[tuple[tuple[int, int], tuple[int, int], dict[str, Any]]] = [
    ((3, 3), (2, 2), {}),
    ((5, 7), (3, 2), {}),
    ((4, 4), (4, 4), {}),
    ((1, 9), (1, 3), {"stride": 2}),
    ((9, 1), (2, 1), {"stride": 3, "padding": 0}),
    ((6, 8), (3, 3), {"stride": 2}),
    ((7, 6), (2, 3), {"stride": 3, "padding": 1}),
    ((6, 5), (3, 2), {"dilation": 2}),
    ((8, 6), (3, 3), {"stride": 2, "padding": 2, "dilation": 2}),
    ((3, 4), (2, 2), {"padding": 3}),
    ((2, 3), (3, 3), {"padding": 1}),
    ((9, 7), (2, 3), {"stride": (2, 1), "padding": (0, 2), "dilation": (3, 1)}),
    ((7, 9), (3, 4), {"stride": (1, 3), "padding": (2, 1), "dilation": (1, 2)}),
    ((5, 5), (1, 1), {"stride": 4}),
]
IMPOSSIBLE: list[tuple[tuple[int, int], tuple[int, int], dict[str, Any]]] = [
    ((3, 3), (4, 2), {}),
    ((3, 3), (2, 4), {}),
    ((3, 3), (2, 2), {"dilation": 3}),
    ((4, 9), (3, 3), {"dilation": (3, 2), "padding": (1, 0)}),
]


def cases() -> dict[str, Any]:
    """Return all cases as JSON values."""
    rng = np.random.default_rng(20)
    fitting = []
    for image_shape, kernel_shape, parameters in FITTING:
        whole = rng.integers(-9, 10, image_shape), rng.integers(-9, 10, kernel_shape)
        real = rng.normal(size=image_shape).round(6), rng.normal(size=kernel_shape).round(6)
        fitting += [case(*whole, parameters), case(*real, parameters)]
    sizes = [size_case(*row) for row in product((1, 4, 5, 7, 12), (1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2))]
    return {"fitting": fitting, "impossible": [impossible(*row) for row in IMPOSSIBLE], "sizes": sizes}


def size_case(size: int, taps: int, stride: int, padding: int, dilation: int) -> dict[str, Any]:
    """Return the sizes of one axis by both roundings; 0 where Python refuses."""
    parameters = {"stride": stride, "padding": padding, "dilation": dilation}
    sizes = {}
    for rounding in ("floor", "ceil"):
        try:
            sizes[rounding] = int(output_size(size, taps, **parameters, rounding=rounding))
        except ShapeError:
            sizes[rounding] = 0
    return {"size": size, "taps": taps, "parameters": parameters, **sizes}


def case(image: np.ndarray, kernel: np.ndarray, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return one case: the arrays, the output, each window's terms, and where pointers lead."""
    output = correlate(image, kernel, **parameters)
    positions = [list(position) for position in np.ndindex(*output.shape)]
    some = [positions[index] for index in sorted({0, len(positions) // 2, len(positions) - 1})]
    return {
        "image": image.tolist(),
        "kernel": kernel.tolist(),
        "parameters": parameters,
        "output": output.round(9).tolist(),  # the last bits differ between processors
        "terms": [{"position": place, **terms(image, kernel, parameters, place)} for place in some],
        "never_read": never_read(image.shape, kernel.shape, parameters),
        "pointers": [
            pointer(image, kernel, output, parameters, share) for share in (-0.13, 0.29, 0.53, 0.97)
        ],
    }


def along(parameters: dict[str, Any], axis: int) -> tuple[int, int, int]:
    """Return stride, padding and dilation of one axis."""
    defaults = {"stride": 1, "padding": 0, "dilation": 1} | parameters
    stride, padding, dilation = (per_axis(name, value, 2, least=0)[axis] for name, value in defaults.items())
    return stride, padding, dilation


def terms(
    image: np.ndarray, kernel: np.ndarray, parameters: dict[str, Any], place: list[int]
) -> dict[str, Any]:
    """Return the window's values and which of them are padding, cut from the padded image."""
    axes = [along(parameters, axis) for axis in (0, 1)]
    around = [(padding, padding) for _, padding, _ in axes]
    taps = np.ix_(
        *(
            place[axis] * stride + dilation * np.arange(kernel.shape[axis])
            for axis, (stride, _, dilation) in enumerate(axes)
        )
    )
    values = np.pad(image, around)[taps]
    padded = np.pad(np.zeros(image.shape, bool), around, constant_values=True)[taps]
    return {"pixels": values.ravel().tolist(), "padded": padded.ravel().tolist()}


def never_read(shape: tuple[int, ...], taps: tuple[int, ...], parameters: dict[str, Any]) -> list[list[int]]:
    """Return the pixels (row, column) that change no output: found by changing each."""
    ones, unread = np.ones(taps, int), []
    for pixel in np.ndindex(*shape):
        single = np.zeros(shape, int)
        single[pixel] = 1
        if not correlate(single, ones, **parameters).any():
            unread.append(list(pixel))
    return unread


def pointer(
    image: np.ndarray, kernel: np.ndarray, output: np.ndarray, parameters: dict[str, Any], share: float
) -> dict[str, Any]:
    """Return a point of the input, and the position whose window has its centre nearest, found by search."""
    point, nearest = [], []
    for axis in (0, 1):
        stride, padding, dilation = along(parameters, axis)
        at = share * image.shape[axis] + 0.0123  # a little off, so that no two windows are equally near
        centres = np.arange(output.shape[axis]) * stride - padding
        centres = centres + (dilation * (kernel.shape[axis] - 1) + 1) / 2
        point.append(round(at, 6))
        nearest.append(int(np.argmin(np.abs(centres - at))))
    return {"point": point, "position": nearest}


def impossible(
    image_shape: tuple[int, int], kernel_shape: tuple[int, int], parameters: dict[str, Any]
) -> dict[str, Any]:
    """Return a case that Python refuses."""
    try:
        output_shape(image_shape, kernel_shape, **parameters)
    except ShapeError:
        return {"image": image_shape, "kernel": kernel_shape, "parameters": parameters}
    raise AssertionError(f"{kernel_shape} fits in {image_shape} with {parameters}")
