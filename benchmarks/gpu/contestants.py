"""Who computes the same: the course with each of its algorithms, array slices, and PyTorch with cuDNN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.correlate.cases import Case
from benchmarks.gpu import taps
from benchmarks.gpu.cases import Pooling, least_bytes
from benchmarks.gpu.place import Place
from coursekit.reference import (
    algorithm_for,
    correlate,
    correlate_input_gradient,
    correlate_kernel_gradient,
    max_pool,
    max_pool_gradient,
)

OURS, SLICES, PEER, PEER_TF32 = "coursekit", "slices", "torch", "torch TF32"
Numbers = NDArray[Any]


@dataclass(frozen=True)
class Comparison:
    """One computation by several contestants.

    what, case : in words
    operations : multiplications and additions of the definition; 0 where only numbers are moved
    least_bytes : of all inputs and outputs, each moved once
    contestants : each returns an array of its library, with the shape of `expected`
    expected : the result in float64, by NumPy
    algorithm : that the course takes by default, '' where there is one only
    """

    what: str
    case: str
    operations: int
    least_bytes: int
    contestants: Mapping[str, Callable[[], Any]]
    expected: Callable[[], Numbers]
    algorithm: str = ""


def convolutions(place: Place, case: Case, rng: np.random.Generator) -> list[Comparison]:
    """Return the forward pass of `case` and its two gradients, on new random numbers."""
    shapes = case.image, case.kernel, (case.image[0], case.kernel[0], *case.positions)
    image, kernel, sent = (rng.standard_normal(shape, dtype=np.float32) for shape in shapes)
    given = case.parameters
    ours = [place.xp.asarray(array) for array in (image, kernel, sent)]
    theirs = [place.tensor(array) for array in (image, kernel, sent)]
    exact = [array.astype(np.float64) for array in (image, kernel, sent)]
    common = (case.name, case.operations, least_bytes(*shapes))
    return [
        Comparison(
            "forward",
            *common,
            _forward(place, ours, theirs, given),
            lambda: taps.forward(np, exact[0], exact[1], **given),
            algorithm_for(ours[0], ours[1], **given).name,
        ),
        Comparison(
            "input gradient",
            *common,
            {
                OURS: lambda: correlate_input_gradient(ours[2], ours[1], case.spatial, **given),
                SLICES: lambda: taps.input_gradient(place.xp, ours[2], ours[1], case.spatial, **given),
                **_torch_gradient(place, theirs, given, of=0),
            },
            lambda: taps.input_gradient(np, exact[2], exact[1], case.spatial, **given),
        ),
        Comparison(
            "kernel gradient",
            *common,
            {
                OURS: lambda: correlate_kernel_gradient(ours[2], ours[0], case.taps, **given),
                SLICES: lambda: taps.kernel_gradient(place.xp, ours[2], ours[0], case.taps, **given),
                **_torch_gradient(place, theirs, given, of=1),
            },
            lambda: taps.kernel_gradient(np, exact[2], exact[0], case.taps, **given),
        ),
    ]


def _forward(place: Place, ours: list[Any], theirs: list[Any], given: Any) -> dict[str, Callable[[], Any]]:
    image, kernel, _ = ours
    convolution = place.torch.no_grad()(place.torch.nn.functional.conv2d)
    by_name = {
        name: partial(correlate, image, kernel, **given | {"algorithm": name}) for name in place.algorithms
    }
    peer = partial(convolution, theirs[0], theirs[1], **given)
    return {
        OURS: partial(correlate, image, kernel, **given),
        SLICES: lambda: taps.forward(place.xp, image, kernel, **given),
        **by_name,
        PEER: peer,
        PEER_TF32: peer,
    }


def _torch_gradient(place: Place, theirs: list[Any], given: Any, *, of: int) -> dict[str, Callable[[], Any]]:
    """Return the backward pass alone: the graph of the forward pass is made once and kept."""
    leaves = [tensor.detach().clone() for tensor in theirs[:2]]
    leaves[of].requires_grad_()
    out = place.torch.nn.functional.conv2d(*leaves, **given)

    def gradient() -> Any:
        return place.torch.autograd.grad(out, leaves[of], theirs[2], retain_graph=True)[0]

    return {PEER: gradient, PEER_TF32: gradient}


def poolings(place: Place, case: Pooling, rng: np.random.Generator) -> list[Comparison]:
    """Return max pooling and its gradient, on new numbers that are all different."""
    count = int(np.prod(case.image))
    image = rng.permutation(count).astype(np.float32).reshape(case.image)
    sent = rng.standard_normal((*case.image[:2], *case.positions), dtype=np.float32)
    ours = [place.xp.asarray(array) for array in (image, sent)]
    leaf = place.tensor(image).requires_grad_()
    pool = partial(place.torch.nn.functional.max_pool2d, kernel_size=case.size, **case.parameters)
    there, out = place.tensor(sent), pool(leaf)
    size, given = case.size, case.parameters
    moved = image.shape, sent.shape
    return [
        Comparison(
            "max pooling",
            case.name,
            0,
            least_bytes(*moved),
            {
                OURS: lambda: max_pool(ours[0], size, **given),
                SLICES: lambda: taps.max_pool(place.xp, ours[0], size, **given),
                PEER: place.torch.no_grad()(lambda: pool(leaf)),
            },
            lambda: taps.max_pool(np, image.astype(np.float64), size, **given),
        ),
        Comparison(
            "max pooling gradient",
            case.name,
            0,
            least_bytes(*moved, image.shape),
            {
                OURS: lambda: max_pool_gradient(ours[1], ours[0], size, **given),
                SLICES: lambda: taps.max_pool_gradient(place.xp, ours[1], ours[0], size, **given),
                PEER: lambda: place.torch.autograd.grad(out, leaf, there, retain_graph=True)[0],
            },
            lambda: taps.max_pool_gradient(
                np, sent.astype(np.float64), image.astype(np.float64), size, **given
            ),
        ),
    ]
