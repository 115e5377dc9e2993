"""The same convolution by the course, by PyTorch and, for one channel, by SciPy as a lecturer would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.signal
import torch

from benchmarks.correlate.cases import Case
from coursekit.reference.correlate import correlate
from coursekit.reference.gradients import correlate_input_gradient, correlate_kernel_gradient

Contestants = dict[str, Callable[[], Any]]
# How far apart two results may be, in units of our largest number. PyTorch's gradients of kernels, sums
# of up to 800,000 products in float32, are up to 1.1e-5 from the sums in float64; ours are below 1e-6.
TOLERANCE = 5e-5


class DifferentResultsError(Exception):
    """Two contestants do not compute the same: their times say nothing."""


def forward(case: Case) -> Contestants:
    """Return the contestants for the output."""
    image, kernel, _ = case.arrays
    tensors = torch.from_numpy(image), torch.from_numpy(kernel)
    convolution = _torch_convolution(case)
    contestants: Contestants = {
        "coursekit": lambda: correlate(image, kernel, **case.parameters),
        "torch": torch.no_grad()(lambda: convolution(*tensors, **case.parameters)),
    }
    return contestants | (_scipy(case) if case.is_plain else {})


def _torch_convolution(case: Case) -> Callable[..., Any]:
    functional = torch.nn.functional
    return (functional.conv1d, functional.conv2d, functional.conv3d)[len(case.taps) - 1]


def _scipy(case: Case) -> Contestants:
    """Return SciPy's functions for a plain image; `oaconvolve` flips the kernel, so it is given flipped."""
    image, kernel = (array[0, 0] for array in case.arrays[:2])
    flipped = kernel[(slice(None, None, -1),) * kernel.ndim]
    contestants: Contestants = {
        "scipy correlate": lambda: scipy.signal.correlate(image, kernel, mode="valid"),
        "scipy oaconvolve": lambda: scipy.signal.oaconvolve(image, flipped, mode="valid"),
    }
    if image.ndim == 2:
        contestants["scipy correlate2d"] = lambda: scipy.signal.correlate2d(image, kernel, mode="valid")
    return contestants


def input_gradient(case: Case) -> Contestants:
    """Return the contestants for the gradient with respect to the image."""
    _, kernel, sent = case.arrays
    return {
        "coursekit": lambda: correlate_input_gradient(sent, kernel, case.spatial, **case.parameters),
        "torch": _torch_gradient(case, of=0),
    }


def kernel_gradient(case: Case) -> Contestants:
    """Return the contestants for the gradient with respect to the kernel."""
    image, _, sent = case.arrays
    return {
        "coursekit": lambda: correlate_kernel_gradient(sent, image, case.taps, **case.parameters),
        "torch": _torch_gradient(case, of=1),
    }


def _torch_gradient(case: Case, *, of: int) -> Callable[[], Any]:
    """Return the backward pass alone: the graph of the forward pass is made once and kept."""
    image, kernel, sent = map(torch.from_numpy, case.arrays)
    leaf = (image, kernel)[of].requires_grad_()
    out = _torch_convolution(case)(image, kernel, **case.parameters)
    return lambda: torch.autograd.grad(out, leaf, sent, retain_graph=True)[0]


def require_equal_results(name: str, contestants: Contestants) -> None:
    """Raise DifferentResultsError unless all agree within TOLERANCE of the largest number."""
    results = {who: np.asarray(call()) for who, call in contestants.items()}
    first = results["coursekit"]
    largest = float(np.abs(first).max())
    for who, result in results.items():
        apart = float(np.abs(result.reshape(first.shape) - first).max()) / largest
        if not apart <= TOLERANCE:
            raise DifferentResultsError(
                f"{name}: {who} and coursekit differ by {apart:.1e} of the largest number; "
                f"at most {TOLERANCE:g} is allowed"
            )
