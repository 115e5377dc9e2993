"""A student's test calls implementations that stay outside the jail; library routines are told of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.judge import judge
from autograder.sandbox import wire
from autograder.sandbox.trusted.implementations import Implementations
from autograder.sandbox.trusted.jail import Jail
from autograder.sandbox.trusted.session import SubmissionEnded
from coursekit.checks import Verdict, find_task
from coursekit.checks.implementation import Implementation
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.outcome import Raised, Returned
from coursekit.reference import correlate

IMAGE, KERNEL = np.arange(12.0).reshape(3, 4), np.array([[1.0, -2.0]])
SUBJECT = Implementation(correlate, ("image", "kernel"))


def fails(image: Any, kernel: Any) -> Any:
    raise IndexError("index 4 is out of bounds")


def asked(jail: Jail, code: str, subject: Implementation = SUBJECT) -> Any:
    """Define `f(subject, image, kernel)` by `code` in the jail, and ask it."""
    with jail.session() as session:
        assert session.run_cell(f"import numpy as np\n{code}").outputs == []
        return session.ask("f", (subject, IMAGE, KERNEL))


@pytest.mark.sandbox
def test_only_the_result_of_a_call_comes_back(jail: Jail) -> None:
    outcome = asked(jail, "def f(subject, image, kernel):\n    return subject(image, kernel=kernel.tolist())")
    assert isinstance(outcome, Returned)
    assert np.array_equal(np.asarray(outcome.value), correlate(IMAGE, KERNEL))


@pytest.mark.sandbox
def test_an_error_of_the_implementation_is_raised_in_the_test(jail: Jail) -> None:
    code = """
def f(subject, image, kernel):
    try:
        subject(image, kernel)
    except IndexError as error:
        return str(error)
"""
    outcome = asked(jail, code, Implementation(fails, ("image", "kernel"), "It fails."))
    assert isinstance(outcome, Returned) and outcome.value == "index 4 is out of bounds"


@pytest.mark.sandbox
def test_nothing_of_the_implementation_is_in_the_jail(jail: Jail) -> None:
    code = """
def f(subject, image, kernel):
    import gc
    names = [getattr(thing, "__module__", "") for thing in gc.get_objects() if callable(thing)]
    seen = " ".join(repr(cell.cell_contents) for cell in subject.__closure__)
    return "reference" in str(names) or "correlate" in seen or "It fails" in seen
"""
    outcome = asked(jail, code, Implementation(fails, ("image", "kernel"), "It fails."))
    assert isinstance(outcome, Returned) and outcome.value is False


@pytest.mark.sandbox
def test_an_implementation_cannot_be_called_after_its_question(jail: Jail) -> None:
    code = "kept = []\ndef f(subject, image, kernel):\n    kept.append(subject)\ndef g():\n    kept[0](1, 2)"
    with jail.session() as session:
        session.run_cell(code)
        assert isinstance(session.ask("f", (SUBJECT, IMAGE, KERNEL)), Returned)
        outcome = session.ask("g", ())
        assert isinstance(outcome, Raised)
        assert "only while your test runs" in outcome.message
        (output,) = session.run_cell("kept[0](1, 2)").outputs
        assert output["ename"] == "RuntimeError"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def f(subject, image, kernel):\n    while True: subject(image, kernel)", "crashed"),
        ("def f(subject, image, kernel):\n    while True: pass", "timeout"),
    ],
)
def test_calls_without_end_are_ended(jail: Jail, code: str, reason: str) -> None:
    with pytest.raises(SubmissionEnded) as ended:
        asked(jail, code)
    assert ended.value.reason == reason


@pytest.mark.sandbox
def test_so_many_calls_as_the_limit_says_are_answered(jail: Jail) -> None:
    most = int(jail.limits.implementation_calls)
    code = "def f(subject, image, kernel):\n    for _ in range({}): subject(image, kernel)"
    assert isinstance(asked(jail, code.format(most)), Returned)
    with pytest.raises(SubmissionEnded, match="more calls of an implementation than are answered"):
        asked(jail, code.format(most + 1))


NUMBER = {"t": "int", "v": "1"}
LISTS = {"t": "list", "v": [{"t": "list", "v": []}] * 3}


@pytest.mark.parametrize(
    "message",
    [
        {"call": 1, "arguments": LISTS},
        {"call": -1, "arguments": LISTS},
        {"call": True, "arguments": LISTS},
        {"call": "0", "arguments": LISTS},
        {"call": 0},
        {"call": 0, "arguments": NUMBER},
        {"call": 0, "arguments": {"t": "list", "v": [NUMBER, NUMBER, NUMBER]}},
        {"call": 0, "arguments": {"t": "list", "v": [{"t": "function", "v": 0}] * 3}},
        {
            "call": 0,
            "arguments": {"t": "list", "v": [{"t": "list", "v": []}, {"t": "list", "v": [NUMBER]}] * 2},
        },
    ],
)
def test_a_forged_call_is_no_message(message: dict[str, Any]) -> None:
    with pytest.raises(wire.WireError):
        Implementations([SUBJECT], 5).answer(message, b"")


def test_a_call_with_named_arguments_in_the_wrong_form_is_refused() -> None:
    names = {"t": "list", "v": [NUMBER]}
    tree = {"t": "list", "v": [{"t": "list", "v": []}, names, names]}
    with pytest.raises(wire.WireError, match="must have a name"):
        Implementations([SUBJECT], 5).answer({"call": 0, "arguments": tree}, b"")


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("source", "routine"),
    [
        ("def correlate1d(s, k):\n    return np.correlate(s, k, 'valid')", "numpy.correlate"),
        (
            "from scipy.signal import correlate as slide\ndef correlate1d(s, k): return slide(s, k, 'valid')",
            "scipy.correlate",
        ),
        (
            "def correlate1d(s, k):\n    import sys\n    sys.setprofile(None)\n    return np.correlate(s, k)",
            "profiler",
        ),
    ],
)
def test_a_routine_that_does_the_task_is_named_and_earns_nothing(
    jail: Jail, source: str, routine: str
) -> None:
    task = find_task("correlate1d")
    assert task.forbids == CONVOLUTIONS
    with jail.session() as session:
        assert session.run_cell(f"import numpy as np\n{source}").outputs == []
        report, ended = judge(task, session, 1, "somebody")
    assert ended is None and report.score == 0 and report.verdict is Verdict.WRONG
    assert routine in report.headline


@pytest.mark.sandbox
def test_the_judge_shows_a_smaller_case_than_it_asked(jail: Jail) -> None:
    task = find_task("correlate2d")
    code = """
import numpy as np
def correlate2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijuv,uv->ij", windows, kernel) + (image.shape[1] > 4)
"""
    with jail.session() as session:
        assert session.run_cell(code).outputs == []
        report, _ = judge(task, session, 5, "somebody")
    assert report.smallest_failure is not None and report.smallest_failure is not report.first_failure
    assert np.shape(report.smallest_failure.case.arguments[0]) == (1, 5)


@pytest.mark.sandbox
def test_an_answer_that_ends_only_on_the_smaller_case_keeps_its_points(jail: Jail) -> None:
    task = find_task("correlate2d")
    code = """
import os, numpy as np
calls = 0
def correlate2d(image, kernel):
    global calls
    calls += 1
    if calls > 25:
        os._exit(3)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijuv,uv->ij", windows, kernel).astype(int)
"""
    with jail.session() as session:
        session.run_cell(code)
        report, ended = judge(task, session, 5, "somebody")
    assert ended is not None and ended.reason == "crashed"
    assert report.score == 3
