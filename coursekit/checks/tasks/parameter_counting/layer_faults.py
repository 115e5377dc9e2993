"""What is wrong with a layer that was found, told with the numbers that it leads to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.tasks.parameter_counting.notation import Shape
from coursekit.errors import CourseError
from coursekit.shapes import output_size

Triple = tuple[int, int, int]
Question = tuple[Shape, Shape, int]


class Found(tuple[int, ...]):
    """A right answer that remembers its question: `image_shape`, `output_shape`, `most_parameters`."""

    question: Question


def parameters_needed(channels: int, kernels: int, kernel: int) -> int:
    """Return the parameters of a convolution with square kernels and biases."""
    return kernels * (channels * kernel * kernel + 1)


def fault(expected: Any, came: NDArray[Any]) -> str | None:
    """Return what is wrong with (kernel, stride, padding), with the numbers that they lead to, or None."""
    if came.shape != (3,) or not np.all(np.isfinite(came)) or not np.all(np.mod(came, 1) == 0):
        return "Return three whole numbers: (kernel, stride, padding)."
    kernel, stride, padding = (int(number) for number in came)
    if not (1 <= kernel < 10**6 and 1 <= stride < 10**6 and 0 <= padding < kernel):
        return (
            f"Your layer has kernel {kernel}, stride {stride}, padding {padding}. "
            "The kernel and the stride are at least 1, and the padding is from 0 to kernel − 1."
        )
    image_shape, output_shape, most = expected.question
    return _kernel_fault(image_shape[0], output_shape[0], most, kernel) or _size_fault(
        image_shape, output_shape, (kernel, stride, padding)
    )


def _kernel_fault(channels: int, kernels: int, most: int, kernel: int) -> str | None:
    """Say that a kernel is larger than the budget allows, or not the largest one."""
    needed, larger = (parameters_needed(channels, kernels, k) for k in (kernel, kernel + 1))
    if needed > most:
        return (
            f"A kernel of {kernel} needs {kernels} · ({channels} · {kernel} · {kernel} + 1) = {needed} "
            f"parameters; at most {most} are allowed."
        )
    if larger <= most:
        return (
            f"Your kernel of {kernel} is not the largest: one of {kernel + 1} needs "
            f"{kernels} · ({channels} · {kernel + 1} · {kernel + 1} + 1) = {larger} parameters, "
            f"and {most} are allowed."
        )
    return None


def _size_fault(image_shape: Shape, output_shape: Shape, layer: Triple) -> str | None:
    """Say what the layer makes of rows or columns, with the derivation, where that is not what is wanted."""
    kernel, stride, padding = layer
    for axis, name in ((1, "rows"), (2, "columns")):
        wanted = output_shape[axis]
        try:
            size = output_size(image_shape[axis], kernel, stride=stride, padding=padding)
        except CourseError:
            room = f"{image_shape[axis]} + 2 · {padding} = {image_shape[axis] + 2 * padding}"
            return f"A kernel of {kernel} does not fit into {room} {name}."
        if size != wanted:
            steps = (
                f"floor(({image_shape[axis]} + 2 · {padding} − {kernel}) / {stride}) + 1 = "
                f"floor({image_shape[axis] + 2 * padding - kernel} / {stride}) + 1 = {size}"
            )
            return (
                f"With kernel {kernel}, stride {stride} and padding {padding}, {image_shape[axis]} {name} "
                f"become {steps}; they should become {wanted}."
            )
    return None
