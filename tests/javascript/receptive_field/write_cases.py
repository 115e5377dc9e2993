"""Cases of the receptive field, as shapes and reference answer them. See tests/javascript/write_cases.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.errors import ShapeError
from coursekit.reference import (
    average_pool,
    average_pool_gradient,
    convolve,
    correlate,
    correlate_input_gradient,
    max_pool,
    max_pool_gradient,
    relu,
    relu_gradient,
)
from coursekit.shapes import receptive_field
from coursekit.widgets.receptive_field.stack import as_numbers, presets, read_stack, row_sizes

POOL = {"kind": "max", "kernel_size": 2, "stride": 2}
MEAN = {"kind": "average", "kernel_size": 3, "stride": 2, "padding": (1, 1)}
WRITTEN: list[list[Any]] = [
    [(1,)],
    [(3,)],
    [(4,), (2,), (5,)],
    [(7, 2, 3), (3, 2, 1)],
    [(3, 1, 0, 2), (3, 1, 2, 3)],
    [(2, 1, (0, 1)), (4, 2, (1, 2))],
    [(3,), POOL, (3,), POOL],
    [(5, 1, 2), MEAN, (3, 1, 0, 2)],
    [(3, 3), (2, 5), (2,)],
    [
        {**POOL, "rounding": "ceil"},
        (3,),
        {"kind": "average", "kernel_size": 3, "stride": 3, "rounding": "ceil"},
    ],
]


def stacks(rng: np.random.Generator) -> list[Any]:
    """Return the written stacks, the presets and many random ones, of one to eight layers."""
    found = [read_stack(stack) for stack in WRITTEN] + [stack for _, stack, _ in presets()]
    for _ in range(24):
        layers = []
        for _ in range(rng.integers(1, 9)):
            layer: dict[str, Any] = {
                "kernel_size": int(rng.integers(1, 6)),
                "stride": int(rng.integers(1, 4)),
                "padding": [int(zeros) for zeros in rng.integers(0, 3, 2)],
                "kind": str(rng.choice(["convolution", "max", "average"])),
                "rounding": str(rng.choice(["floor", "ceil"])),
            }
            if layer["kind"] == "convolution":
                layer["dilation"] = int(rng.integers(1, 4))
            layers.append(layer)
        found.append(read_stack(layers))
    return found


def growth_case(stack: Any) -> dict[str, Any]:
    """Return sizes, jumps and starts behind each layer with their steps, and the rows of two inputs."""
    stages, fields = [], [receptive_field(stack[:depth]) for depth in range(len(stack) + 1)]
    for field in fields[1:]:
        lines = dict(
            zip(("size", "jump", "start"), (step.line for step in field.derivation[-3:]), strict=True)
        )
        stages.append({"size": field.size, "jump": field.jump, "start": field.start, "lines": lines})
    return {
        "layers": [as_numbers(layer) for layer in stack],
        "stages": stages,
        "centre": float(fields[-1].centre),
        "seen": [list(fields[-1].seen_by(index)) for index in (0, 1, 5)],
        "rows": [rows(stack, size, rounding) for size in (16, 45, 128) for rounding in ("floor", "ceil")],
    }


def rows(stack: Any, size: int, rounding: Any) -> dict[str, Any]:
    """Return the sizes of all rows; 0 from the first layer on that Python refuses."""
    sizes = [size]
    for depth in range(1, len(stack) + 1):
        try:
            sizes = row_sizes(stack[:depth], size, rounding)
        except ShapeError:
            sizes.append(0)
    return {"size": size, "rounding": rounding, "sizes": sizes}


def cone_case(stack: Any, size: int, layer: int, index: int) -> dict[str, Any]:
    """Return which neurons of each row change the chosen one, or are changed by it: where gradients are."""
    sizes = row_sizes(stack, size, "floor")
    below, above = [np.eye(1, sizes[layer], index)[0]], [np.eye(1, sizes[layer], index)[0]]
    for level in range(layer, 0, -1):
        below.insert(0, back(stack[level - 1], below[0], (sizes[level - 1],), np.ones))
    for level in range(layer, len(stack)):
        above.append(
            correlate(above[-1], np.ones(stack[level].windows(1)[0].kernel_size), **window(stack[level]))
        )
    return {
        "layers": [as_numbers(chosen) for chosen in stack],
        "size": size,
        "layer": layer,
        "index": index,
        "below": [np.flatnonzero(row).tolist() for row in below],
        "above": [np.flatnonzero(row).tolist() for row in above],
    }


def window(layer: Any) -> dict[str, Any]:
    """Return what `correlate` is told of a layer."""
    _, stride, before, after, dilation = layer.windows(1)[0]
    return {"stride": stride, "padding": ((before, after),), "dilation": dilation}


def back(layer: Any, gradient: Any, shape: tuple[int, ...], kernel_of: Any) -> Any:
    """Carry a gradient back through a layer taken as a convolution."""
    kernel = kernel_of(layer.windows(1)[0].kernel_size)
    return correlate_input_gradient(gradient, kernel, shape, **window(layer))


def gradient_case(
    rng: np.random.Generator, given: list[Any], shape: tuple[int, int], choice: dict[str, Any]
) -> dict[str, Any]:
    """Return weights, an input, and the gradient of one neuron of the last layer, by the reference alone."""
    stack = read_stack(given)
    dimensions = [axis for axis in (0, 1) if shape[axis] > 1]  # an input of one row has one axis
    axes = len(dimensions)
    image = rng.normal(size=[shape[axis] for axis in dimensions]).round(3)
    maps, kernels = [image], []
    for depth, layer in enumerate(stack):
        kernels.append(rng.normal(size=(layer.windows(1)[0].kernel_size,) * axes).round(3))
        maps.append(forward(layer, maps[-1], kernels[-1], choice, depth == len(stack) - 1))
    neuron = [int(rng.integers(size)) for size in maps[-1].shape]
    gradient = np.zeros(maps[-1].shape)
    gradient[tuple(neuron)] = 1
    for depth in reversed(range(len(stack))):
        gradient = backward(stack, depth, gradient, maps, kernels, choice)
    return {
        "layers": [as_numbers(layer) for layer in stack],
        "shapes": [[1, *row.shape][-2:] for row in maps],
        "neuron": [0, *neuron][-2:],
        "weights": [kernel.ravel().tolist() for kernel in kernels],
        "input": image.ravel().tolist(),
        "output": float(maps[-1][tuple(neuron)]),
        "gradient": gradient.round(12).ravel().tolist(),
        **choice,
    }


def parameters_of(layer: Any, axes: int) -> dict[str, Any]:
    """Return stride, padding and dilation of a layer along each axis."""
    _, stride, before, after, dilation = layer.windows(1)[0]
    return {"stride": stride, "padding": ((before, after),) * axes, "dilation": dilation}


def pooled(layer: Any, axes: int) -> dict[str, Any]:
    """Return what the pooling functions are told of a layer."""
    chosen = parameters_of(layer, axes)
    del chosen["dilation"]
    return {"size": (layer.windows(1)[0].kernel_size,) * axes, "rounding": layer.rounding, **chosen}


def forward(layer: Any, image: Any, kernel: Any, choice: dict[str, Any], is_last: bool) -> Any:
    """Return what a layer makes of an image."""
    kind = as_numbers(layer)["kind"]
    if kind != "convolution":
        return {"max": max_pool, "average": average_pool}[kind](image, **pooled(layer, image.ndim))
    operation = convolve if choice["flipped"] else correlate
    result = operation(image, kernel, **parameters_of(layer, image.ndim))
    return relu(result) if choice["rectified"] and not is_last else result


def backward(stack: Any, depth: int, gradient: Any, maps: Any, kernels: Any, choice: dict[str, Any]) -> Any:
    """Carry a gradient back through one layer."""
    layer, below = stack[depth], maps[depth]
    kind = as_numbers(layer)["kind"]
    if kind == "max":
        return max_pool_gradient(gradient, below, ties=choice["ties"], **pooled(layer, below.ndim))
    if kind == "average":
        return average_pool_gradient(gradient, below.shape, **pooled(layer, below.ndim))
    if choice["rectified"] and depth < len(stack) - 1:
        gradient = relu_gradient(gradient, maps[depth + 1])
    kernel = np.flip(kernels[depth]) if choice["flipped"] else kernels[depth]
    return correlate_input_gradient(gradient, kernel, below.shape, **parameters_of(layer, below.ndim))


def mistake_case(stack: Any) -> dict[str, Any]:
    """Return what each mistake answers, worked out by giving the right calculation wrong layers."""
    windows = [layer.windows(1)[0] for layer in stack]
    kernels, strides = [w.kernel_size for w in windows], [w.stride for w in windows]

    def size(taps: Any = kernels, steps: Any = strides, dilations: Any = None) -> int:
        dilations = [w.dilation for w in windows] if dilations is None else dilations
        return receptive_field([(k, s, 0, d) for k, s, d in zip(taps, steps, dilations, strict=True)]).size

    right, own = 1, 1
    for k, s, _, _, d in windows:
        own *= s  # the jump behind the layer, taken for the one before it
        right += d * (k - 1) * own
    return {
        "layers": [as_numbers(layer) for layer in stack],
        "size": size(),
        "mistakes": {
            "no minus one": 1
            + sum(w.dilation * w.kernel_size * int(np.prod(strides[:i])) for i, w in enumerate(windows)),
            "sum of kernels": sum(kernels),
            "product of kernels": int(np.prod(kernels)),
            "jump ignored": size(steps=[1] * len(windows)),
            "own jump": right,
            "dilation ignored": size(dilations=[1] * len(windows)),
            "last layer alone": receptive_field(stack[-1:]).size,
            "area": size() ** 2,
        },
    }


def share_case(rng: np.random.Generator, size: int, cut: int) -> dict[str, Any]:
    """Return the share of the middle half of a field of size x size, of which `cut` rows lie outside."""
    values = rng.random((size - cut, size)).round(6)
    middle = [abs(index - (size - 1) / 2) < size / 4 for index in range(size)]
    share = values[np.ix_(middle[cut:], middle)].sum() / values.sum()
    return {"size": size, "cut": cut, "values": values.ravel().tolist(), "share": round(float(share), 12)}


def cases() -> dict[str, Any]:
    """Return all cases as JSON values."""
    rng = np.random.default_rng(46)
    every = stacks(rng)
    cones = [
        cone_case(stack, size, layer, row_sizes(stack, size, "floor")[layer] * place // 3)
        for stack in every
        for size in (13, 45)
        if rows(stack, size, "floor")["sizes"][-1] and all(layer.rounding == "floor" for layer in stack)
        for layer in sorted({len(stack), len(stack) // 2})
        for place in (0, 1, 2)
    ]
    plain = {"rectified": False, "ties": "first", "flipped": False}
    wild: list[Any] = [(3, 1, 1), POOL, (3, 1, 2, 2), MEAN]
    ceil = [(3,), {**POOL, "rounding": "ceil"}, {**MEAN, "rounding": "ceil"}]
    gradients = [
        gradient_case(rng, stack, shape, {**plain, **choice})
        for stack, shape in [
            ([(3,)] * 3, (1, 12)),
            (wild, (1, 30)),
            (wild, (14, 17)),
            (ceil, (13, 12)),
            (ceil, (1, 14)),
        ]
        for choice in [{}, {"rectified": True}, {"rectified": True, "ties": "all"}, {"flipped": True}]
    ]
    return {
        "growth": [growth_case(stack) for stack in every],
        "cones": cones,
        "gradients": gradients,
        "mistakes": [mistake_case(stack) for stack in every],
        "shares": [share_case(rng, size, cut) for size, cut in [(1, 0), (4, 0), (7, 0), (7, 3), (10, 4)]],
    }
