"""A student's test is told the same in the jail as at home, and errors of implementations tell nothing."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from autograder.judge import judge
from autograder.sandbox import wire
from autograder.sandbox.trusted.implementations import Implementations
from autograder.sandbox.trusted.jail import Jail
from coursekit.checks import examine, find_task, fresh_cases
from coursekit.checks.calling import call
from coursekit.checks.implementation import Implementation
from coursekit.checks.outcome import Returned

TASK = find_task("test_correlate2d")
LIKE_A_STUDENT = """
import threading
import numpy as np

IMAGE = np.array([[0.5, -2.5, 3, 1], [4, 1.5, 6.5, 2], [-7.5, 8, 9, -3]])
KERNEL = np.array([[2.5, -5, 1], [3.25, -1, 4]])
WHOLE = np.rint(7 * IMAGE).astype(int)


def right(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijuv,uv->ij", windows, kernel)


def test_correlate2d(correlate2d):
    PLACE
    for image, kernel in ((IMAGE, KERNEL), (WHOLE, KERNEL), (IMAGE.T, KERNEL.T), (WHOLE.T, KERNEL.T)):
        came, expected = np.asarray(correlate2d(image, kernel)), right(image, kernel)
        assert came.shape == expected.shape and np.allclose(came, expected)
"""
STYLES = {
    "NumPy's own True": "return np.isclose(correlate2d(IMAGE, KERNEL)[0, 0], right(IMAGE, KERNEL)[0, 0])",
    "an error that must be raised": """
    try:
        correlate2d(KERNEL, IMAGE)
    except ValueError:
        pass
    else:
        raise AssertionError("the kernel does not fit")""",
    "an error of type": """
    try:
        correlate2d(None, KERNEL)
    except TypeError:
        pass""",
    "a thread that goes on": """
    thread = threading.Thread(target=lambda: [correlate2d(IMAGE, KERNEL) for _ in range(50)])
    thread.start()""",
}


@pytest.mark.sandbox
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_judge_says_what_the_notebook_says(style: str, jail: Jail) -> None:
    code = LIKE_A_STUDENT.replace("PLACE", STYLES[style])
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    cases = fresh_cases(TASK, 7)
    at_home = examine(TASK, cases, [call(namespace[TASK.name], case) for case in cases])
    with jail.session() as session:
        assert session.run_cell(code).outputs == []
        judged, ended = judge(TASK, session, 7, "somebody")
    assert ended is None
    assert judged.headline == at_home.headline
    assert judged.score == at_home.score
    assert [group.passed for group in judged.groups] == [group.passed for group in at_home.groups]
    assert "returned something" not in judged.headline


STRANGE = (
    None,
    "text",
    [],
    [[]],
    3,
    np.ones(3),
    np.zeros((0, 3)),
    np.ones((2, 2, 2)),
    np.ones((2,) * 8),
    np.ones((5, 4)) * 1j,
    np.ones((3, 2), bool),
    np.ones((33, 1)),
    [[10**30]],
    np.full((2, 3), np.nan),
    np.ones((3, 2)),
    np.ones((5, 4)),
)


def seen(subject: Any, image: object, kernel: object) -> dict[str, Any]:
    """Return the answer to one call of `subject`, as it goes out over the wire."""
    tree, blob = wire.encode([[image, kernel], [], []])
    return Implementations([subject], 1).answer({"call": 0, "arguments": tree}, blob)[0]


def test_all_implementations_refuse_alike() -> None:
    subjects = [case.arguments[0] for seed in range(4) for case in fresh_cases(TASK, seed)]
    right = next(one for one in subjects if isinstance(one, Implementation) and one.is_right)
    refused = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for image in STRANGE:
            for kernel in STRANGE:
                expected = seen(right, image, kernel)
                refused += "raised" in expected
                for subject in subjects if "raised" in expected else ():
                    assert seen(subject, image, kernel) == expected, (image, kernel)
    assert refused > 200


@pytest.mark.sandbox
def test_an_endless_thread_does_not_mix_up_questions(jail: Jail) -> None:
    code = """
import threading, time

def busy(function, image, kernel):
    while True:
        function(image, kernel)
        time.sleep(0.0005)  # else a slow machine sees more calls than one question may make

def f(subject, image, kernel):
    threading.Thread(target=busy, args=(subject, image, kernel), daemon=True).start()
    time.sleep(0.05)
    return float(image.sum())
"""
    subject = Implementation(lambda image, kernel: image * kernel, ("image", "kernel"))
    with jail.session() as session:
        session.run_cell(code)
        for number in range(1, 6):
            outcome = session.ask("f", (subject, np.full((2, 2), float(number)), np.ones((2, 2))))
            assert isinstance(outcome, Returned) and outcome.value == 4.0 * number
