"""The tasks of 02_convolution: two mistakes at once, what a report writes out, and what earns nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.checks import Case, Foreign, Report, Returned, examine, find_task, fresh_cases, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.tasks.convolution.counterexample import OrderMatters, Tried, agree, counterexample
from coursekit.checks.tasks.convolution.flip_difference import flip_difference
from coursekit.checks.tasks.convolution.sums import products_at, row, valid
from coursekit.reference import convolve, correlate

whole = st.integers(-9, 9)
rows = st.lists(whole, min_size=1, max_size=9).map(np.array)


def report_of(name: str, answer: Callable[..., Any], seed: int | None = None) -> Report:
    task = find_task(name)
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    return examine(task, cases, [call(answer, case, task.forbids) for case in cases])


def names(report: Report) -> list[str]:
    return [mistake.name for mistake in report.misconceptions]


def full_by_loops(signal: Any, kernel: Any, read: Callable[[Any, int, int], Any]) -> Any:
    size = len(signal) + len(kernel) - 1
    taps = list(enumerate(kernel))
    return np.array([sum(read(signal, t, a) * tap for a, tap in taps) for t in range(size)])


def correlated(signal: Any, kernel: Any) -> Any:
    return full_by_loops(
        signal, kernel[::-1], lambda s, t, a: s[t - a] if 0 <= t - a < len(s) else 0
    )  # the kernel is not flipped


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["convolve1d", "convolve2d"])
def test_the_fast_reference_of_a_task_is_the_reference_of_the_course(name: str, seed: int) -> None:
    for case in fresh_cases(find_task(name), seed):
        image, kernel, *mode = case.arguments
        wanted = convolve(image, kernel, mode=mode[0] if mode else "valid")
        np.testing.assert_array_equal(find_task(name).reference(*case.arguments), wanted)


def test_no_flip_and_one_mode_for_all_are_told_together() -> None:
    report = report_of("convolve1d", lambda signal, kernel, mode: correlated(signal, kernel))
    assert names(report) == ["kernel_not_flipped", "always_full"]
    assert report.headline.startswith("Two mistakes together")


def test_negative_indices_and_one_mode_for_all_are_told_together() -> None:
    def answer(signal: Any, kernel: Any, mode: str) -> Any:
        return full_by_loops(signal, kernel, lambda s, t, a: s[t - a] if t - a < len(s) else 0)

    assert names(report_of("convolve1d", answer)) == ["always_full", "negative_index_wraps"]


def test_no_flip_and_a_missing_last_window_are_told_together() -> None:
    report = report_of("convolve2d", lambda image, kernel: valid(image, np.flip(kernel))[:-1, :-1])
    assert names(report) == ["kernel_not_flipped", "last_window_missed"]


def test_no_flip_and_padding_are_told_together() -> None:
    def answer(image: Any, kernel: Any) -> Any:
        padded = np.pad(image, [(k // 2, (k - 1) // 2) for k in kernel.shape])
        return valid(padded, np.flip(kernel))

    assert names(report_of("convolve2d", answer)) == ["kernel_not_flipped", "same_mode"]


def test_a_mean_in_the_order_of_the_wrong_flip_is_told_as_both() -> None:
    report = report_of(
        "convolve_at", lambda s, k, t: row(s[::-1], k)[t] / len(k) if 0 <= t < len(s) + len(k) - 1 else 0
    )
    assert names(report) == ["signal_flipped_too", "mean_instead_of_sum"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("name", "answer", "score"),
    [
        ("convolve1d", lambda s, k, mode: correlated(s, k)[: len(s)], 0),
        ("convolve1d", lambda s, k, mode: row_with(s, k, mode, same=len(k) // 2), 2),
        ("convolve1d", lambda s, k, mode: row_with(s, k, mode, same=0), 2),
        ("convolve1d", lambda s, k, mode: row_with(s, k, mode).astype(int), 0),
        ("convolve1d", lambda s, k, mode: list(row_with(s, k, "full")), 1),
        ("convolve1d", lambda s, k, mode: np.zeros(len(row_with(s, k, mode))), 0),
        ("convolve2d", lambda i, k: correlate(np.array(i), np.array(k)), 0),
        ("convolve2d", lambda i, k: valid(i, k).astype(int), 1),
        ("convolve2d", lambda i, k: valid(i, k.T), 0),
        ("convolve_at", lambda s, k, t: 0, 0),
        ("convolve_at", lambda s, k, t: [row(s, k)[t]] if 0 <= t < len(row(s, k)) else 0, 0),
        ("flip_difference", lambda kernel: True, 0),
        ("flip_difference", lambda kernel: False, 0),
        ("flip_difference", lambda kernel: kernel != kernel[::-1, ::-1], 0),
        ("flip_difference", lambda kernel: int(flip_difference(kernel)), 0),
    ],
)
def test_a_famous_wrong_answer_loses_points(
    name: str, answer: Callable[..., Any], score: float, seed: int
) -> None:
    assert report_of(name, answer, seed).score == score


def row_with(signal: Any, kernel: Any, mode: str, same: int | None = None) -> Any:
    """Return a convolution that calls no library routine; 'same' begins at `same`."""
    full = full_by_loops(signal, kernel, lambda s, t, a: s[t - a] if 0 <= t - a < len(s) else 0)
    n, k = len(signal), len(kernel)
    start = {"full": 0, "same": (k - 1) // 2 if same is None else same, "valid": k - 1}[mode]
    return full[start:][: {"full": n + k - 1, "same": n, "valid": n - k + 1}[mode]]


def test_numpy_s_own_convolution_earns_nothing_but_may_look_for_a_counterexample() -> None:
    report = report_of("convolve1d", lambda signal, kernel, mode: np.convolve(signal, kernel, mode))
    assert report.score == 0
    assert "`numpy.convolve`, which does this task itself" in report.headline

    def found(signal: Any) -> Any:
        rows = np.correlate(signal, [1, 0], "full"), np.correlate([1, 0], signal, "full")
        return [0, 1] if np.array_equal(*rows) else [1, 0]

    assert report_of("counterexample", found).score == 1


def value_of(written: str) -> float:
    """Compute a sum as a report writes it, without Python's arithmetic on names."""
    assert re.fullmatch(r"[\d.()·+ −]+", written)
    return float(eval(written.replace("·", "*").replace("−", "-")))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", ["convolve_at", "convolve1d", "convolve2d"])
def test_the_sum_that_a_report_writes_out_gives_the_right_number(name: str, seed: int) -> None:
    task = find_task(name)
    assert task.explain_entry is not None
    for case in fresh_cases(task, seed):
        right = np.asarray(task.reference(*case.arguments))
        for index in np.ndindex(right.shape):
            assert value_of(task.explain_entry(*case.arguments, index)) == right[index]


def test_the_sum_shows_the_zeros_outside() -> None:
    assert products_at(np.array([3, 1, 2]), np.array([4, 5]), 0) == "3·4 + 0·5"
    assert products_at(np.array([3, -1.5, 2]), np.array([4, 5]), 2) == "2·4 + (−1.5)·5"


@pytest.mark.parametrize("name", ["convolve1d", "convolve2d"])
def test_the_steps_to_the_size_end_at_the_right_size(name: str) -> None:
    task = find_task(name)
    assert task.explain_shape is not None
    for case in visible_cases(task):
        steps = task.explain_shape(*case.arguments)
        assert tuple(derivation[-1].value for _, derivation in steps) == task.reference(*case.arguments).shape


def test_a_smaller_case_keeps_to_what_the_notebook_promises() -> None:
    task = find_task("convolve1d")
    assert task.fair is not None
    assert task.fair(np.ones(2), np.ones(3), "full") and not task.fair(np.ones(2), np.ones(3), "same")
    assert not task.fair(np.ones(2), np.ones(3), "valid") and task.fair(np.ones(2), np.ones(2), "valid")


@given(
    kernel=st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
        lambda shape: st.lists(
            st.integers(-2, 2), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]
        ).map(lambda numbers: np.array(numbers).reshape(shape))
    )
)
def test_the_flip_matters_exactly_where_an_image_with_a_single_one_shows_it(kernel: Any) -> None:
    height, width = kernel.shape
    image = np.zeros((2 * height - 1, 2 * width - 1), dtype=int)
    image[height - 1, width - 1] = 1
    differ = not np.array_equal(convolve(image, kernel), correlate(image, kernel))
    assert flip_difference(kernel) is differ


def test_about_half_of_the_kernels_are_kept_by_half_a_turn() -> None:
    for seed in range(20):
        answers = [
            flip_difference(*case.arguments) for case in fresh_cases(find_task("flip_difference"), seed)
        ]
        assert 8 <= sum(answers) <= len(answers) - 8


@given(signal=rows.filter(lambda signal: bool(signal.any())))
def test_every_signal_but_zeros_has_a_counterexample(signal: Any) -> None:
    kernel = counterexample(signal)
    one, other = np.correlate(signal, kernel, "full"), np.correlate(kernel, signal, "full")
    assert not np.array_equal(one, other)
    assert OrderMatters().problem(None, Tried(signal, kernel)) is None


@given(signal=rows, kernel=rows)
def test_two_orders_agree_exactly_where_the_rows_are_equal(signal: Any, kernel: Any) -> None:
    equal = np.array_equal(np.correlate(signal, kernel, "full"), np.correlate(kernel, signal, "full"))
    assert agree(signal, kernel) is equal
    assert agree(signal, kernel / 10) is equal


def counterexample_report(signal: list[float], kernel: object) -> Report:
    task = find_task("counterexample")
    case = Case((np.array(signal),), "every signal")
    return examine(task, [case], [Returned(kernel, case.arguments)])


@pytest.mark.parametrize(
    ("signal", "kernel", "words"),
    [
        ([1, 2], [2, 4], "both orders give (4, 10, 4): a signal with a multiple of itself"),
        ([1, 2, 1], [3, 3], "signal and kernel both read the same backwards"),
        ([1, 2], [0, 0], "every product is 0"),
        ([1, 0, -1], [1, -1], "both orders give (−1, 1, 1, −1). So this is no counterexample"),
        ([1, 2], [[1, 2]], "one row of numbers; it has 2 axes"),
        ([1, 2], 3, "one row of numbers; it has 0 axes"),
        ([1, 2], [], "must have 1 to 100 numbers; it has 0"),
        ([1, 2], np.ones(101), "must have 1 to 100 numbers; it has 101"),
        ([1, 2], [1, 2e6], "from −1,000,000 to 1,000,000"),
        ([1, 2], [1, float("nan")], "from −1,000,000 to 1,000,000"),
        ([1, 2], [1, 10**400], "too large for 64 bits"),
        ([1, 2], None, "does it end with `return`?"),
        ([1, 2], "1 2", "text"),
        ([1, 2], ([1, 2], [3]), "rows differ in length"),
        ([1, 2], Foreign("Tensor"), "class Tensor"),
        ([1, 2], np.array([1j, 2]), "complex"),
        ([1, 2], [True, False], "True and False"),
    ],
)
def test_a_kernel_that_refutes_nothing_is_told_why(signal: list[float], kernel: object, words: str) -> None:
    report = counterexample_report(signal, kernel)
    assert report.score == 0
    assert report.results[0].problem is not None
    assert words in report.results[0].problem.sentence
    assert report.to_text() and report.to_html()


def test_a_kernel_that_differs_by_rounding_only_is_no_counterexample() -> None:
    assert counterexample_report([1, 2], [1, 2 + 1e-12]).score == 0
    assert counterexample_report([1, 2], [1, 2.001]).score == 1
    assert counterexample_report([1, 2], np.array([1, 3], dtype=np.float32)).score == 1


def test_a_kernel_for_a_changed_signal_is_judged_with_the_signal_that_was_asked() -> None:
    task = find_task("counterexample")
    case = Case((np.array([1, 1]),), "every signal")
    report = examine(task, [case], [Returned([1, 1], (np.array([1, 2]),))])
    assert report.score == 0 and "changed its input `signal`" in report.headline


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(Foreign("X")),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)


@given(value=values, other=values)
def test_no_value_makes_the_rule_of_the_counterexample_raise(value: object, other: object) -> None:
    rule, signal = OrderMatters(), np.array([1, 2, 3])
    for one in (value, Tried(signal, value)):
        problem = rule.problem(None, one)
        assert problem is None or problem.sentence.endswith((".", "?"))
        assert rule.same(one, Tried(signal, other)) in (True, False)
