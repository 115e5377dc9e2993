"""Wrong answers that pass the checks of well-known courses and graders earn nothing, or not all, here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursekit.checks import examine, find_task, fresh_cases
from coursekit.checks.calling import call
from coursekit.reference import correlate


def kernel_axes_swapped(image: Any, kernel: Any) -> Any:
    return correlate(image, kernel.T)


def ceil_instead_of_floor(image: Any, kernel: Any) -> Any:
    """Take ceil(H - KH + 0.5) windows: one that hangs over the edge."""
    shape = [n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True)]
    return np.pad(correlate(image, kernel), [(0, int(np.ceil(size + 0.5)) - size) for size in shape])


def output_height_from_width(image: Any, kernel: Any) -> Any:
    size = image.shape[1] - kernel.shape[1] + 1
    return np.resize(correlate(image, kernel), (size, size))


def integer_output(image: Any, kernel: Any) -> Any:
    out = np.zeros_like(correlate(image, kernel), dtype=int)
    out[...] = correlate(image, kernel)
    return out


def input_modified(image: Any, kernel: Any) -> Any:
    out = correlate(image, kernel)
    image *= 0
    return out


def only_the_sum_is_right(image: Any, kernel: Any) -> Any:
    out = correlate(image, kernel)
    return np.roll(out, 1)


def nothing_done(image: Any, kernel: Any) -> Any:
    return image


def all_zero(image: Any, kernel: Any) -> Any:
    return np.zeros_like(correlate(image, kernel))


def first_tap_skipped(image: Any, kernel: Any) -> Any:
    kernel = kernel.copy()
    kernel[0, 0] = 0
    return correlate(image, kernel)


def the_famous_answer(image: Any, kernel: Any) -> Any:
    return np.array([[19, 25], [37, 43]])


def nan_everywhere(image: Any, kernel: Any) -> Any:
    return correlate(image, kernel) * np.nan


def minus_one(image: Any, kernel: Any) -> Any:
    return -1


def true(image: Any, kernel: Any) -> Any:
    return True


def printed_points(image: Any, kernel: Any) -> Any:
    print("4.0")
    return 4.0


LOSES_SOME = {
    ceil_instead_of_floor: 0,
    output_height_from_width: 3,
    integer_output: 3,
    kernel_axes_swapped: 0,
}
LOSES_ALL = (
    input_modified,
    only_the_sum_is_right,
    nothing_done,
    all_zero,
    first_tap_skipped,
    the_famous_answer,
    nan_everywhere,
    minus_one,
    true,
    printed_points,
)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("answer", "score"),
    [*LOSES_SOME.items(), *((answer, 0) for answer in LOSES_ALL)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_famous_wrong_answer_does_not_pass(answer: Callable[..., Any], score: float, seed: int) -> None:
    task = find_task("correlate2d")
    cases = fresh_cases(task, seed)
    assert examine(task, cases, [call(answer, case) for case in cases]).score == score
