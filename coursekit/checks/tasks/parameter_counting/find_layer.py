"""find_layer(image_shape, output_shape, most_parameters): which convolution makes this out of that?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import CaseSearchError
from coursekit.checks.rules import Fulfils
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.parameter_counting.notation import Shape, floor_positions
from coursekit.errors import CourseError
from coursekit.shapes import output_size

Triple = tuple[int, int, int]
Question = tuple[Shape, Shape, int]
Size = Callable[[int, int, int, int], int]  # size, kernel, stride, padding -> positions
Needed = Callable[[int, int, int], int]  # channels, kernels, kernel -> parameters

ALL = Group("layers", 1, "the shapes before and behind a layer and its budget of parameters are given")
NAMES = ("kernel", "stride", "padding")
DRAWS = 200
# A kernel of one number, one of two, and one that must move by one pixel at a time.
SMALL: tuple[Question, ...] = (
    ((1, 3, 5), (2, 2, 3), 4),
    ((1, 3, 2), (1, 2, 1), 5),
    ((2, 5, 6), (3, 4, 5), 30),
)
TWICE = 4  # so many mistakes have two cases of their own


class NoLayerError(CourseError, ValueError):
    """No kernel, stride and padding do what is asked."""


class Found(tuple[int, ...]):
    """A right answer that remembers its question: `image_shape`, `output_shape`, `most_parameters`."""

    question: Question


def parameters_needed(channels: int, kernels: int, kernel: int) -> int:
    """Return the parameters of a convolution with square kernels and biases."""
    return kernels * (channels * kernel * kernel + 1)


@dataclass(frozen=True)
class Search:
    """Look for a layer: the largest kernel in the budget, then a stride and a padding that fit on both axes.

    Each field is one step of the work, so that a mistake can stand in for it.
    """

    size: Size = floor_positions
    needed: Needed = parameters_needed
    axes: tuple[int, ...] = (1, 2)
    reaches_budget: bool = True

    def __call__(self, image_shape: Shape, output_shape: Shape, most_parameters: int) -> Triple:
        """Return (kernel, stride, padding) with the smallest stride and then the smallest padding.

        Raises NoLayerError if there is none.
        """
        kernel = self.largest_kernel(image_shape[0], output_shape[0], most_parameters)
        for stride, padding in candidates(image_shape, kernel):
            if all(
                self.size(image_shape[axis], kernel, stride, padding) == output_shape[axis]
                for axis in self.axes
            ):
                return kernel, stride, padding
        raise NoLayerError(f"no stride and padding make {output_shape} out of {image_shape}")

    def largest_kernel(self, channels: int, kernels: int, most_parameters: int) -> int:
        """Return the largest kernel within the budget."""
        most = most_parameters if self.reaches_budget else most_parameters - 1
        return next(k for k in count(0) if self.needed(channels, kernels, k + 1) > most)


def candidates(image_shape: Shape, kernel: int) -> Iterator[tuple[int, int]]:
    """Yield strides and paddings, the smallest stride first, then the smallest padding."""
    return product(range(1, max(image_shape[1:]) + 1), range(kernel))


search = Search()


def find_layer(image_shape: Shape, output_shape: Shape, most_parameters: int) -> Found:
    """Return one right answer; raises NoLayerError if there is none."""
    found = Found(search(image_shape, output_shape, most_parameters))
    found.question = (image_shape, output_shape, most_parameters)
    return found


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


def is_fair(image_shape: Shape, output_shape: Shape, most_parameters: int) -> bool:
    """Return whether there are shapes and an answer."""
    if min(*image_shape, *output_shape) < 1:
        return False
    try:
        search(image_shape, output_shape, most_parameters)
    except NoLayerError:
        return False
    return True


def generate(rng: np.random.Generator) -> list[Case]:
    """Return layers to find, from small images upwards; each mistake fails in one of them at least."""
    questions: list[Question] = [*SMALL]
    for number, mistake in enumerate((*MISCONCEPTIONS, *MISCONCEPTIONS[:TWICE])):
        questions.append(caught(rng, 4 + number // 2, mistake))
    return [Case(question, ALL.name) for question in questions]


def caught(rng: np.random.Generator, least: int, mistake: Misconception) -> Question:
    """Return a question about an image of `least` rows or more that `mistake` answers wrongly."""
    for _ in range(DRAWS):
        question = drawn(rng, least)
        if question is None:
            continue
        right = find_layer(*question)
        try:
            wrong = swapped(right) if mistake.answer is None else mistake.answer(*question)
        except NoLayerError:
            continue
        if fault(right, np.asarray(wrong)) is not None:
            return question
    raise CaseSearchError(f"no layer that {mistake.name} gets wrong in {DRAWS} draws")


def drawn(rng: np.random.Generator, least: int) -> Question | None:
    """Return a question, or None if the draw is square or gives no output."""
    kernel, stride = int(rng.integers(2, 5)), int(rng.integers(1, 4))
    padding = int(rng.integers(0, kernel))
    channels, kernels = (int(number) for number in rng.choice(np.arange(2, 6), size=2, replace=False))
    rows, columns = (int(size) for size in rng.integers(least, least + 6, size=2))
    shape = (
        floor_positions(rows, kernel, stride, padding),
        floor_positions(columns, kernel, stride, padding),
    )
    if rows == columns or min(shape) < 1:
        return None
    needed, more = (parameters_needed(channels, kernels, k) for k in (kernel, kernel + 1))
    # what the budget leaves over: nothing, something, nearly what the next larger kernel needs
    spare = (0, int(rng.integers(1, more - needed)), more - needed - int(rng.integers(1, kernels + 1)))
    return (channels, rows, columns), (kernels, *shape), needed + spare[int(rng.integers(3))]


def swapped(right: Any, *question: object) -> Triple:
    """Return padding before stride."""
    kernel, stride, padding = right
    return kernel, padding, stride


def smallest_kernel(image_shape: Shape, output_shape: Shape, most_parameters: int) -> Triple:
    """Return the smallest kernel that does the job, within the budget."""
    for kernel in range(1, search.largest_kernel(image_shape[0], output_shape[0], most_parameters) + 1):
        budget = parameters_needed(image_shape[0], output_shape[0], kernel)
        try:
            return search(image_shape, output_shape, budget)
        except NoLayerError:
            continue
    raise NoLayerError("no kernel within the budget does it")


MISCONCEPTIONS = (
    Misconception(
        "bias_forgotten",
        "This is what you get when the budget is spent on weights and the biases are forgotten.",
        "A layer with kernels of k · k needs F · (C · k · k + 1) parameters: the 1 is the bias.",
        "L4.24",
        Search(needed=lambda channels, kernels, k: kernels * channels * k * k),
    ),
    Misconception(
        "bias_per_channel_and_kernel",
        "This is what you get with a bias for each channel of each kernel: then the kernel comes out small.",
        "Each kernel has one bias, whatever its channels: F · (C · k · k + 1).",
        "L3.10",
        Search(needed=lambda channels, kernels, k: kernels * channels * (k * k + 1)),
    ),
    Misconception(
        "channels_forgotten",
        "This is what you get when a kernel is taken to have one channel: then the kernel comes out large.",
        "A kernel is as deep as its input: it has C · k · k weights.",
        "L4.15",
        Search(needed=lambda channels, kernels, k: kernels * (k * k + 1)),
    ),
    Misconception(
        "kernels_forgotten",
        "This is what you get when the whole budget is spent on one kernel.",
        "The layer has as many kernels as the output has channels, and each needs its parameters.",
        "L4.24",
        Search(needed=lambda channels, kernels, k: channels * k * k + 1),
    ),
    Misconception(
        "budget_not_reached",
        "This is what you get when the layer must stay below the budget, and may not use all of it.",
        "At most N parameters means that N is allowed: compare with `<=`.",
        "L4.44",
        Search(reaches_budget=False),
    ),
    Misconception(
        "smallest_kernel",
        "This is the smallest kernel that does the job, not the largest one in the budget.",
        "Find the largest kernel first, from the parameters alone. Then look for stride and padding.",
        "L4.44",
        smallest_kernel,
    ),
    Misconception(
        "ceil_instead_of_floor",
        "This is what you get when sizes are rounded up.",
        "A window that hangs over the edge is not taken: the division is floor, `//`.",
        "L4.43",
        Search(size=lambda size, kernel, stride, padding: -((kernel - size - 2 * padding) // stride) + 1),
    ),
    Misconception(
        "rounded_instead_of_floor",
        "This is what you get when sizes are rounded to the nearest whole number.",
        "A window that hangs over the edge is not taken: the division is floor, `//`, not `round`.",
        "L4.43",
        Search(size=lambda size, kernel, stride, padding: round((size + 2 * padding - kernel) / stride) + 1),
    ),
    Misconception(
        "padding_counted_at_one_end",
        "This is what you get when padding is added at one end only: H + p, not H + 2p.",
        "Padding stands at both ends of an axis.",
        "L4.43",
        Search(size=lambda size, kernel, stride, padding: (size + padding - kernel) // stride + 1),
    ),
    Misconception(
        "plus_one_forgotten",
        "This is what you get when the + 1 is missing in the formula of the size.",
        "The first window counts as well: floor((H + 2p − k) / s) + 1.",
        "L4.43",
        Search(size=lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride),
    ),
    Misconception(
        "plus_one_inside_the_division",
        "This is what you get when the + 1 is divided by the stride as well.",
        "Divide first, round down, then add 1: floor((H + 2p − k) / s) + 1.",
        "L4.43",
        Search(size=lambda size, kernel, stride, padding: (size + 2 * padding - kernel + 1) // stride),
    ),
    Misconception(
        "columns_not_looked_at",
        "This is what you get when only the rows have to come out right.",
        "The same kernel, stride and padding must give the wanted columns too.",
        "L4.43",
        Search(axes=(1,)),
    ),
    Misconception(
        "rows_not_looked_at",
        "This is what you get when only the columns have to come out right.",
        "The same kernel, stride and padding must give the wanted rows too.",
        "L4.43",
        Search(axes=(2,)),
    ),
    Misconception(
        "padding_before_stride",
        "This is a right layer with its padding before its stride.",
        "Return (kernel, stride, padding), in this order.",
        "L4.43",
        after=swapped,
    ),
)

FIND_LAYER = Task(
    name="find_layer",
    stem="08_parameter_counting",
    signature="find_layer(image_shape, output_shape, most_parameters)",
    parameters=("image_shape", "output_shape", "most_parameters"),
    groups=(ALL,),
    reference=find_layer,
    rule=Fulfils(fault),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    hints=(
        (
            "The number of parameters says nothing about stride and padding. "
            "So find the kernel first: try 1, 2, 3 and so on, until the next one is too expensive."
        ),
        "Now there are few strides and paddings left to try: one loop inside another, over all of both.",
        (
            "For each pair, work out floor((H + 2p − k) / s) + 1 for the rows and the same for the columns. "
            "When both are what is wanted, you are done."
        ),
    ),
    forbids=("coursekit.shapes", "coursekit.reference"),
    fair=is_fair,
)
