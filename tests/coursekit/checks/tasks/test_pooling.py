"""What is special about the tasks of 07_pooling: two parts in an answer, None as a part, and infinities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coursekit import reference
from coursekit.checks import Report, check, examine, find_task, fresh_cases, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.gate import gate_failures
from coursekit.checks.mistakes import wrong_answer
from coursekit.checks.rules import SameArray
from coursekit.checks.tasks.pooling import TASKS
from coursekit.checks.tasks.pooling.explanations import largest_of, mean_of, window_combined
from coursekit.checks.tasks.pooling.rules import SamePositions
from coursekit.checks.tasks.pooling.windows import is_fair, pool2d

each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)

POSITIONS_NONE = "Your positions should be None here: an average chooses no pixel."
POSITIONS_MISSING = "Your positions are None; for 'max' say where each maximum stands."


def report_of(name: str, answer: Callable[..., Any], seed: int | None = None) -> Report:
    task = find_task(name)
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    return examine(task, cases, [call(answer, case) for case in cases])


def mistaken(name: str, *mistakes: str) -> Callable[..., Any]:
    task = find_task(name)
    return wrong_answer(task, [mine for mine in task.misconceptions if mine.name in mistakes])


# The answers of the tasks against the course's reference.


@st.composite
def questions(draw: Any) -> tuple[Any, ...]:
    size = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    stride = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    padding = tuple(draw(st.integers(0, taps // 2)) for taps in size)
    shape = [draw(st.integers(max(1, k - 2 * p), 7)) for k, p in zip(size, padding, strict=True)]
    numbers = draw(st.lists(st.integers(-4, 4), min_size=49, max_size=49))
    return np.array(numbers)[: shape[0] * shape[1]].reshape(shape), size, stride, padding


@given(questions())
def test_pool2d_is_the_pooling_of_the_reference(question: tuple[Any, ...]) -> None:
    image, size, stride, padding = question
    assert is_fair(*question, "max")
    maxima, positions = reference.max_pool_with_positions(image, size, stride=stride, padding=padding)
    output, mine = pool2d(*question, "max")
    assert_array_equal(output, maxima)
    assert_array_equal(mine, positions)
    output, mine = pool2d(*question, "average")
    assert_allclose(output, reference.average_pool(image, size, stride=stride, padding=padding))
    assert mine is None


@pytest.mark.parametrize("seed", range(3))
def test_the_other_answers_are_those_of_the_reference(seed: int) -> None:
    whole: dict[str, Callable[..., Any]] = {
        "relu": reference.relu,
        "maxout": reference.maxout,
        "global_pool": lambda maps, mode: (
            reference.global_max_pool(maps) if mode == "max" else reference.global_average_pool(maps)
        ),
        "average_pool_as_correlation": lambda image, size: (
            np.full(size, 1 / np.prod(size)),
            reference.average_pool(image, size, stride=1),
        ),
    }
    for name, answer in whole.items():
        assert report_of(name, answer, seed).score == find_task(name).points


def test_the_contract_of_pool2d_is_what_may_be_asked() -> None:
    image = np.ones((3, 4))
    assert is_fair(image, (2, 3), (1, 2), (1, 1), "max")
    assert not is_fair(image, (2, 3), (1, 2), (2, 1), "max")  # a window that sees no pixel
    assert not is_fair(image, (4, 3), (1, 2), (0, 0), "max")  # does not fit
    assert not is_fair(image, (2, 3), (0, 2), (0, 0), "max")
    assert not is_fair(image, (2, 3), (1, 2), (0, 0), "min")
    with pytest.raises(ValueError, match="mode must be 'max' or 'average'; got 'min'"):
        pool2d(image, (2, 2), (1, 1), (0, 0), "min")


@each_task
def test_every_question_is_fair(task: Any) -> None:
    for seed in range(5):
        cases = fresh_cases(task, seed)
        assert task.fair is None or all(task.fair(*case.arguments) for case in cases)


@each_task
def test_nearly_every_draw_passes_the_gate_at_once(task: Any) -> None:
    draws = [tuple(task.generate(np.random.default_rng([seed, 0]))) for seed in range(8)]
    assert sum(not gate_failures(task, cases) for cases in draws) >= 7


# What a report says.


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("pool2d", "stride_is_the_size", "sum_instead_of_mean"),
        ("pool2d", "stride_axes_swapped", "positions_in_the_window"),
        ("pool2d", "padding_ignored", "positions_with_the_height"),
        ("pool2d", "zeros_win_the_maximum", "positions_in_the_padded_image"),
        ("pool2d", "infinity_in_the_mean", "positions_down_the_columns"),
        ("pool2d", "padding_not_counted", "last_maximum_at_ties"),
        ("pool2d", "size_axes_swapped", "minimum_instead_of_maximum"),
        ("global_pool", "minimum_instead_of_maximum", "maps_of_one_pixel"),
        ("average_pool_as_correlation", "size_axes_swapped", "kernel_of_ones"),
        ("average_pool_as_correlation", "divided_by_the_height", "last_window_missed"),
        ("maxout", "groups_in_turns", "minimum_instead_of_maximum"),
    ],
)
@pytest.mark.parametrize("seed", [None, 0, 1])
def test_two_mistakes_together_are_named_as_two(name: str, one: str, other: str, seed: int | None) -> None:
    report = report_of(name, mistaken(name, one, other), seed)
    assert {mistake.name for mistake in report.misconceptions} == {one, other}
    assert report.headline.startswith("Two mistakes together give exactly your answers.")


MAX, PADDED, AVERAGE = (group.name for group in find_task("pool2d").groups)


@pytest.mark.parametrize(
    ("mistake", "lost"),
    [
        ("zeros_win_the_maximum", {PADDED}),
        ("infinity_in_the_mean", {AVERAGE}),
        ("padding_not_counted", {AVERAGE}),
        ("sum_instead_of_mean", {AVERAGE}),
        ("always_max", {AVERAGE}),
        ("always_average", {MAX, PADDED}),
        ("padding_ignored", {PADDED, AVERAGE}),
        ("padding_axes_swapped", {PADDED, AVERAGE}),
        ("positions_in_the_padded_image", {PADDED}),
        ("positions_with_the_height", {MAX, PADDED}),
        ("last_maximum_at_ties", {MAX, PADDED}),
        ("minimum_instead_of_maximum", {MAX, PADDED}),
        ("stride_is_the_size", {MAX, PADDED, AVERAGE}),
        ("size_axes_swapped", {MAX, PADDED, AVERAGE}),
        ("ceil_instead_of_floor", {MAX, PADDED, AVERAGE}),
    ],
)
@pytest.mark.parametrize("seed", [None, 5, 6])
def test_a_mistake_in_pool2d_costs_the_points_of_its_own_part(
    mistake: str, lost: set[str], seed: int | None
) -> None:
    report = report_of("pool2d", mistaken("pool2d", mistake), seed)
    assert {group.group.name for group in report.groups if not group.earned} == lost
    assert [found.name for found in report.misconceptions] == [mistake]


def test_positions_of_an_average_are_none_and_the_report_says_so() -> None:
    def answer(image: Any, size: Any, stride: Any, padding: Any, mode: str) -> Any:
        output, positions = pool2d(image, size, stride, padding, mode)
        return output, np.zeros(output.shape) if positions is None else positions

    report = report_of("pool2d", answer)
    assert report.score == 2
    assert report.headline == POSITIONS_NONE
    assert POSITIONS_NONE in report.to_text() and "NaN" not in report.to_html()


def test_missing_positions_of_a_maximum_are_named() -> None:
    report = report_of("pool2d", lambda *arguments: (pool2d(*arguments)[0], None))
    assert (report.score, report.headline) == (1, POSITIONS_MISSING)


def test_an_answer_without_positions_is_told_what_to_return() -> None:
    report = report_of("pool2d", lambda *arguments: pool2d(*arguments)[0])
    assert report.score == 0
    assert report.headline == "Your function must return 2 things, (output, positions)."


@pytest.mark.parametrize("mistake", [mine.name for mine in find_task("pool2d").misconceptions])
def test_the_report_of_every_mistake_reads_well(mistake: str) -> None:
    report = check(mistaken("pool2d", mistake), task="pool2d")
    text = report.to_text()
    assert report.headline in text and "nan" not in text
    assert "Next step: " in text and report.to_html()


# The rules.


def test_equal_infinities_are_the_same_wrong_answer_and_still_wrong() -> None:
    rule = SameArray(of="output")
    one = [[-np.inf, 2.0]]
    assert rule.same(one, [[-np.inf, 2.0 + 1e-9]])
    assert not rule.same(one, [[np.inf, 2.0]])
    assert not rule.same(one, [[-np.inf, 2.1]])
    assert not rule.same(one, [[5.0, 2.0]])
    assert rule.same([[np.nan, 1]], [[np.nan, 1]]) and not rule.same([[np.nan, 1]], [[1, np.nan]])
    assert not rule.same(one, [-np.inf, 2.0])
    problem = rule.problem([[1.0, 2.0]], one)
    assert problem is not None and problem.kind == "not-finite"


STRANGE = [None, "text", True, {}, [[1, 2], [3]], np.nan, [np.inf], 1j, (), [[]], 10**400, np.zeros((2, 0))]


@pytest.mark.parametrize("value", STRANGE, ids=str)
@pytest.mark.parametrize("expected", [None, np.array([[1, 2]])], ids=["none", "array"])
def test_no_value_makes_a_rule_raise(value: object, expected: object) -> None:
    rule = SamePositions()
    problem = rule.problem(expected, value)
    assert (problem is None) == (expected is None and value is None)
    assert rule.same(expected, value) == (expected is None and value is None)
    if expected is not None:
        output = SameArray(of="output")
        assert output.problem(expected, value) is not None and not output.same(expected, value)


# How a number is explained.


def test_a_number_of_the_output_is_written_out() -> None:
    image = np.array([[1, -2, 3], [4, 5, 6]])
    assert window_combined(image, (2, 2), (1, 1), (0, 0), "max", (0, 1)) == "max(−2, 3, 5, 6)"
    assert window_combined(image, (2, 2), (1, 1), (0, 0), "average", (0, 1)) == "((−2) + 3 + 5 + 6) / 4"
    assert window_combined(image, (2, 2), (2, 1), (1, 1), "max", (0, 0)) == "max(1)"
    assert window_combined(image, (2, 2), (2, 1), (1, 1), "average", (0, 0)) == "(1) / 4"
    assert largest_of(np.arange(20)) == "max(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …, 19)"
    assert mean_of(np.array([0.5, 2])) == "(0.5 + 2) / 2"


# Wrong answers that pass elsewhere.


def blocks_only(image: Any, size: Any, stride: Any, padding: Any, mode: str) -> Any:
    """Cut the image into blocks by a reshape, as most tutorials do: no overlap, no rest, no padding."""
    rows, columns = (n // k for n, k in zip(image.shape, size, strict=True))
    blocks = image[: rows * size[0], : columns * size[1]].reshape(rows, size[0], columns, size[1])
    return (blocks.max(axis=(1, 3)), None) if mode == "max" else (blocks.mean(axis=(1, 3)), None)


def np_max_of_an_axis(maps: Any) -> Any:
    return np.max(maps, 0)


def relu_in_place(maps: Any) -> Any:
    maps[maps < 0] = 0
    return maps


def library_max_pool(image: Any, size: Any, stride: Any, padding: Any, mode: str) -> Any:
    if mode == "average":
        return reference.average_pool(image, size, stride=stride, padding=padding), None
    return reference.max_pool_with_positions(image, size, stride=stride, padding=padding)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("name", "answer"),
    [("pool2d", blocks_only), ("relu", np_max_of_an_axis), ("relu", relu_in_place)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_famous_wrong_answer_earns_nothing(name: str, answer: Callable[..., Any], seed: int) -> None:
    assert report_of(name, answer, seed).score == 0


def test_a_relu_in_place_is_told_that_it_changed_its_input() -> None:
    assert report_of("relu", relu_in_place).headline.startswith("Your function changed its input `maps`.")


def test_a_library_routine_earns_nothing_and_is_named() -> None:
    report = check(library_max_pool, task="pool2d")
    assert report.score == 0
    assert "`coursekit.max_pool_with_positions`" in report.headline
