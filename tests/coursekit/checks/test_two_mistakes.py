"""Two mistakes made together are recognised as these two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from coursekit.checks import Misconception, Verdict, check, examine, find_task, fresh_cases, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.diagnosis import judged
from coursekit.checks.mistakes import pairs, wrong_answer
from coursekit.errors import ParameterError


def report_on(name: str, answer: Any, seed: int | None = None) -> Any:
    task = find_task(name)
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    return examine(task, cases, [call(answer, case) for case in cases])


def flipped_mean(image: Any, kernel: Any) -> Any:
    """What a student wrote, not what the course composes."""
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            out[i, j] = np.mean(window * kernel[::-1, ::-1])
    return out


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_a_students_two_mistakes_are_both_named(seed: int | None) -> None:
    report = report_on("correlate2d", flipped_mean, seed)
    assert {found.name for found in report.misconceptions} == {"kernel_flipped", "mean_instead_of_sum"}
    assert report.headline.startswith("Two mistakes together give exactly your answers. 1. This is")
    assert report.verdict is Verdict.WRONG
    text = report.to_text()
    assert "kernel as your code uses it" in text
    assert all(found.next_step in text for found in report.misconceptions)


@pytest.mark.parametrize("seed", [None, 1])
@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("correlate1d", "kernel_flipped", "last_window_missed"),
        ("correlate1d", "padded_by_half_a_kernel", "negative_results_lost"),
        ("correlate2d", "kernel_transposed", "windows_do_not_overlap"),
        ("correlate2d", "first_tap_skipped", "output_transposed"),
        ("correlate2d", "kernel_flipped", "kernel_width_from_height"),
    ],
)
def test_pairs_of_all_kinds_are_named(name: str, one: str, other: str, seed: int | None) -> None:
    task = find_task(name)
    both = [mistake for mistake in task.misconceptions if mistake.name in (one, other)]
    report = report_on(name, wrong_answer(task, both), seed)
    assert {found.name for found in report.misconceptions} == {one, other}


def test_the_case_that_is_shown_shows_both_mistakes() -> None:
    task = find_task("correlate2d")
    both = [
        mistake for mistake in task.misconceptions if mistake.name in ("kernel_flipped", "last_window_missed")
    ]
    report = check(wrong_answer(task, both), task="correlate2d")
    image, kernel = report.smallest_failure.case.arguments  # type: ignore[union-attr]  # it fails
    assert np.size(kernel) > 1, "a kernel of one number does not show the flip"
    assert np.shape(image) > np.shape(kernel), "with one window none would be left"


def test_one_mistake_is_never_called_two() -> None:
    task = find_task("correlate2d")
    for mistake in task.misconceptions:
        report = report_on("correlate2d", wrong_answer(task, (mistake,)))
        assert report.misconceptions == (mistake,)


def test_zeros_alone_are_blamed_on_nobody() -> None:
    def zeros(image: Any, kernel: Any) -> Any:
        return np.zeros_like(sliding_window_view(image, kernel.shape)[..., 0, 0])

    assert report_on("correlate2d", zeros).misconceptions == ()


def test_two_whole_answers_do_not_go_together() -> None:
    task = find_task("correlate2d")
    assert all(one.answer is None or other.answer is None for one, other in pairs(task))
    assert len(list(pairs(task))) > 100


def test_an_answer_of_two_mistakes_takes_the_first_then_the_second_into_account() -> None:
    task = find_task("correlate1d")
    by_name = {mistake.name: mistake for mistake in task.misconceptions}
    both = by_name["kernel_flipped"], by_name["mean_instead_of_sum"]
    case = visible_cases(task)[-1]
    signal, kernel = case.arguments
    outcome: Any = judged(task, wrong_answer(task, both), case)
    assert np.allclose(outcome.value, np.convolve(signal, kernel, "valid") / len(kernel))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "parts",
    [{}, {"answer": abs, "after": abs}, {"answer": abs, "before": abs}],
    ids=["nothing", "answer and after", "answer and before"],
)
def test_a_misconception_is_a_whole_answer_or_a_change(parts: dict[str, Any]) -> None:
    with pytest.raises(
        ParameterError, match="misconception odd must have an answer, or else before or after"
    ):
        Misconception("odd", "A sentence.", "A step.", "L1.1", **parts)
