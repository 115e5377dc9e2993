"""my_numbers(question): a student's own answers about the network that belongs to their id."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.rules import Fulfils
from coursekit.checks.task import Case, Task
from coursekit.checks.tasks.parameter_counting.questions import GROUPS, number_of
from coursekit.checks.tasks.parameter_counting.slips import SLIPS
from coursekit.personal import my_network


def generate(rng: np.random.Generator, student: str) -> list[Case]:
    """Return one case for each question about the student's own network; `rng` has nothing to draw."""
    image_shape, layers = my_network(student)
    return [
        Case((question,), group.name, hidden=(image_shape, layers))
        for group, questions in GROUPS.items()
        for question in questions
    ]


def fault(expected: Any, came: NDArray[Any]) -> str | None:
    """Return what is wrong with a number, without giving the right one away: everybody has their own."""
    if came.ndim != 0:
        return "Your function must return one number for each question."
    if float(came) == float(expected):
        return None
    return f"Your number for this question, {float(came):.10g}, is not the one of your network."


MY_NUMBERS = Task(
    name="my_numbers",
    stem="08_parameter_counting",
    signature="my_numbers(question)",
    parameters=("question",),
    groups=tuple(GROUPS),
    reference=number_of,
    rule=Fulfils(fault),
    generate=generate,
    misconceptions=SLIPS,
    hints=(
        "Draw your network: a box for each layer, and between two boxes the shape (C, H, W) of the maps.",
        (
            "Begin with the sizes: floor((H + 2p − h) / s) + 1 for the rows, the same for the columns, "
            "once for each convolution and pooling. "
            "The inputs of the dense layer tell you whether you have arrived at the right shape."
        ),
        (
            "Ask your own `count_parameters` about one layer at a time: give it a list of one layer. "
            "For the connections of one layer, give `count_connections` the shape of the maps before it."
        ),
    ),
    personal=True,
    each_by_itself=True,
)
