"""`check(...)` as a student calls it."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import coursekit
from coursekit.checks import Verdict, check
from coursekit.checks.calling import plain
from coursekit.checks.outcome import Foreign
from coursekit.errors import ParameterError


def right(image: Any, kernel: Any) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.tensordot(windows, kernel, axes=kernel.ndim)


def checked_in(names: dict[str, Any], source: str) -> Any:
    """Run `source` as a notebook cell whose names are `names`, and return the report it ends with."""
    names.update(check=check, functools=functools, right=right)
    exec(source, names)
    return names["report"]


@pytest.mark.parametrize(
    "definition",
    [
        "def correlate1d(signal, kernel): return right(signal, kernel)",
        "correlate1d = lambda signal, kernel: right(signal, kernel)",
        "correlate1d = functools.partial(right)",
        "correlate1d = functools.wraps(right)(lambda *arrays: right(*arrays))",
        "class C:\n    def __call__(self, signal, kernel): return right(signal, kernel)\ncorrelate1d = C()",
        "def correlate2d(a, b): return right(a, b)\ncorrelate1d = correlate2d; del correlate2d",
    ],
)
def test_the_task_is_found_by_the_name_in_the_notebook(definition: str) -> None:
    report = checked_in({}, f"{definition}\nreport = check(correlate1d)")
    assert (report.task.name, report.verdict) == ("correlate1d", Verdict.CORRECT)


def test_the_task_is_found_by_the_name_of_the_function_elsewhere() -> None:
    def correlate2d(image: Any, kernel: Any) -> Any:
        return right(image, kernel)

    other_name = correlate2d
    del correlate2d
    assert check(other_name).task.name == "correlate2d"


def test_the_task_can_be_named() -> None:
    assert check(right, task="correlate2d").verdict is Verdict.CORRECT
    assert check(right, task="correlate2d", fresh=True).verdict is Verdict.CORRECT


def test_fresh_cases_differ_from_call_to_call() -> None:
    seen = [check(right, task="correlate1d", fresh=True).results[-1].case.arguments for _ in range(2)]
    assert not all(np.array_equal(a, b) for a, b in zip(*seen, strict=True))


@pytest.mark.parametrize("function", [right, lambda x: x, 3, None])
def test_what_has_no_task_is_refused_with_the_tasks_there_are(function: object) -> None:
    with pytest.raises(ParameterError, match="check found no task called"):
        check(function)
    with pytest.raises(ParameterError, match="task must be the name of a task; got 'nothing'"):
        check(function, task="nothing")


def test_a_name_in_quotes_is_no_function() -> None:
    with pytest.raises(
        ParameterError, match=r"takes the function itself, without quotes: check\(correlate1d\)"
    ):
        check("correlate1d")


def test_one_function_under_two_names_is_told_apart_on_request() -> None:
    source = "correlate1d = correlate2d = lambda a, b: right(a, b)\nreport = check(correlate1d)"
    with pytest.raises(ParameterError, match="stands for correlate1d and correlate2d; say which"):
        checked_in({}, source)


def test_a_name_that_is_no_function_is_not_defined() -> None:
    report = checked_in({}, "correlate1d = [1, 2]\nreport = check(correlate1d)")
    assert report.verdict is Verdict.NOT_DEFINED
    assert "`correlate1d` is of class list here" in report.headline


def test_a_student_s_comparison_is_never_asked() -> None:
    class Agrees:
        def __eq__(self, other: object) -> bool:
            raise AssertionError("asked")

        __hash__ = None  # type: ignore[assignment]
        __array__ = __float__ = __len__ = __iter__ = __eq__

        def __array_function__(self, *args: Any) -> bool:
            raise AssertionError("asked")

    class Array(np.ndarray):
        def __eq__(self, other: object) -> Any:
            return np.ones(self.shape, dtype=bool)

        __hash__ = None  # type: ignore[assignment]

    assert "class Agrees" in check(lambda a, b: Agrees(), task="correlate1d").headline
    assert "class Agrees" in check(lambda a, b: [Agrees()], task="correlate1d").headline
    assert check(lambda a, b: np.full(1, 5.5).view(Array), task="correlate1d").score == 0
    assert check(lambda a, b: np.asarray(right(a, b)).view(Array), task="correlate1d").score == 2


def test_values_become_plain_data() -> None:
    assert plain({"a": 1}) == Foreign("dict")
    assert plain((1, [2.0, {3}])) == (1, [2.0, Foreign("set")])
    assert type(plain(np.ma.masked_array([1.0], mask=[True]))) is np.ndarray
    loop: list[object] = []
    loop.append(loop)
    assert "Foreign" in repr(plain(loop))


def test_an_error_points_at_the_student_s_line() -> None:
    report = checked_in({}, "def correlate1d(s, k):\n    return [][3]\nreport = check(correlate1d)")
    assert report.verdict is Verdict.RAISED
    assert "IndexError: list index out of range" in report.headline
    assert "line 2, in correlate1d" in report.to_text()
    assert "calling.py" not in report.to_text() and "/" not in report.results[0].outcome.trace


def test_an_exception_that_cannot_be_printed_is_still_reported() -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise ValueError

    def answer(signal: Any, kernel: Any) -> Any:
        raise Silent

    assert check(answer, task="correlate1d").headline == "Your function raised Silent"


def test_an_interrupt_ends_the_check() -> None:
    def answer(signal: Any, kernel: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(answer, task="correlate1d")


def test_leaving_the_program_is_an_error_of_the_answer_not_the_end_of_the_notebook() -> None:
    assert check(lambda a, b: sys.exit(), task="correlate1d").verdict is Verdict.RAISED


@pytest.mark.parametrize("execution", ["autograde", "validate"])
@pytest.mark.parametrize(("answer", "number"), [(right, 4.0), (lambda a, b: right(a, b[::-1, ::-1]), 0.0)])
def test_under_nbgrader_the_plain_text_is_the_score_alone(
    monkeypatch: pytest.MonkeyPatch, execution: str, answer: Any, number: float
) -> None:
    report = check(answer, task="correlate2d")
    with pytest.raises(ValueError, match="could not convert"):
        float(repr(report))
    monkeypatch.setenv("NBGRADER_EXECUTION", execution)
    assert float(repr(report)) == number
    assert "correlate2d" in report._repr_html_()


def test_check_is_public_and_imports_no_grader() -> None:
    assert coursekit.check is check
    source = (
        "import sys; from coursekit.checks import check; "
        "print([m for m in ('nbgrader', 'IPython', 'matplotlib', 'autograder', 'scipy') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"\[\]\s*", run.stdout)
