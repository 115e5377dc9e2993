"""correlate1d(signal, kernel): the valid cross-correlation of two rows of numbers."""

from __future__ import annotations

import numpy as np

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Task
from coursekit.checks.tasks.cross_correlation.explanations import output_size_steps, products_summed
from coursekit.checks.tasks.cross_correlation.wrong import EVERYWHERE
from coursekit.reference import correlate

WHOLE = Group("whole numbers", 1, "signal and kernel hold positive whole numbers")
DECIMALS = Group("decimals and negative numbers", 1, "signal or kernel hold decimals and negative numbers")

SMALL_SIZES = ((1, 1), (2, 1), (2, 2), (3, 2), (4, 2), (3, 3), (5, 3))


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one number upwards; the larger ones have sizes that nobody can guess."""
    larger = [(int(rng.integers(6, 13)), int(rng.integers(2, 6))) for _ in range(4)]
    cases = [
        Case((whole_numbers(rng, (n,), 4 if n < 4 else 9), whole_numbers(rng, (k,), 4)), WHOLE.name)
        for n, k in (*SMALL_SIZES, *larger)
    ]
    for n, k in ((2, 2), (3, 2), (5, 3), *larger[:2]):
        cases.append(Case((decimals(rng, (n,)), decimals(rng, (k,))), DECIMALS.name))
    cases.append(Case((whole_numbers(rng, (4,)), decimals(rng, (2,))), DECIMALS.name))
    cases.append(Case((decimals(rng, (6,)), whole_numbers(rng, (3,))), DECIMALS.name))
    return cases


CORRELATE1D = Task(
    name="correlate1d",
    stem="03_cross_correlation",
    signature="correlate1d(signal, kernel)",
    parameters=("signal", "kernel"),
    groups=(WHOLE, DECIMALS),
    reference=correlate,
    rule=SameArray(),
    generate=generate,
    misconceptions=EVERYWHERE,
    explain_shape=output_size_steps,
    explain_entry=products_summed,
    forbids=CONVOLUTIONS,
    hints=(
        "How many places has a kernel of 2 numbers on a signal of 4, if all of it must lie on the signal?",
        "Every place gives one number: the sum of the products of what lies on each other.",
        "At place i, which number of the signal lies under number k of the kernel?",
    ),
)
