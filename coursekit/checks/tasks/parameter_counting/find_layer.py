"""find_layer(image_shape, output_shape, most_parameters): which convolution makes this out of that?"""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.checks.draw import CaseSearchError
from coursekit.checks.rules import Fulfils
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.parameter_counting.layer_faults import Question, fault, parameters_needed
from coursekit.checks.tasks.parameter_counting.layer_search import (
    NoLayerError,
    Search,
    Triple,
    find_layer,
    search,
)
from coursekit.checks.tasks.parameter_counting.notation import Shape, floor_positions

ALL = Group("layers", 1, "the shapes before and behind a layer and its budget of parameters are given")
DRAWS = 200
# A stride as long as the image; kernels of one number, of two, and one that must move by one pixel at a time.
# One pixel out of one padded pixel needs an even longer stride: that is not asked.
SMALL: tuple[Question, ...] = (
    ((1, 1, 5), (1, 1, 1), 2),
    ((1, 7, 3), (2, 1, 1), 5),
    ((1, 3, 5), (2, 2, 3), 4),
    ((1, 3, 2), (1, 2, 1), 5),
    ((2, 5, 6), (3, 4, 5), 30),
)
TWICE = 4  # so many mistakes have two cases of their own


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
