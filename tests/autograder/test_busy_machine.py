"""A machine that is busy with others costs no student a point: who had to wait is given more time, once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import AssignmentNotebook
from autograder.result import Status
from autograder.run import BUSY_PATIENCE, run_notebook
from autograder.sample_class.answers import LOOPS
from autograder.sandbox.trusted.jail import Jail
from autograder.submission import repair
from tests.autograder.conftest import SHORT, answered, cells_of

OTHERS = 3  # programs that want the same processor: a submission gets a quarter of it
LIMITS = replace(SHORT, question_seconds=2.0, notebook_seconds=60.0)
# needs 0.9 s of a processor once: 3.6 s here, over the limit of 2 s and under four times that
NEEDS_A_SECOND = """
import time

def correlate1d(signal, kernel, done=[]):
    begun = time.process_time()
    while not done and time.process_time() - begun < 0.9:
        pass
    done.append(True)
    return [sum(k * s for k, s in zip(kernel, signal[i:])) for i in range(len(signal) - len(kernel) + 1)]
"""
# 1.2 s of a processor in a cell: with the rest some 9 s here, over the limit of 4 s and under four times that
A_LONG_CELL = """
import time
begun = time.process_time()
while time.process_time() - begun < 1.2:
    pass
"""
SLEEPS = "def correlate1d(signal, kernel):\n    import time; time.sleep(60)"
pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this kernel does not tell"),
]


@pytest.fixture(scope="module")
def busy_jail() -> Iterator[Jail]:
    """A jail on one processor, which others come to want as well; this process has the others."""
    allowed = os.sched_getaffinity(0)
    one = {min(allowed)}
    others: list[subprocess.Popen[bytes]] = []
    with Jail(LIMITS) as jail:
        os.sched_setaffinity(0, one)
        try:
            jail.start()
            endless = [sys.executable, "-S", "-c", "while True: pass"]
            others += [subprocess.Popen(endless, start_new_session=True) for _ in range(OTHERS)]
        finally:
            os.sched_setaffinity(0, allowed)
        try:
            yield jail
        finally:
            for other in others:
                other.kill()
                other.wait()


def test_an_answer_that_was_late_because_the_machine_was_busy_keeps_its_points(
    assignment: AssignmentNotebook, busy_jail: Jail
) -> None:
    notebook = repair(cells_of(answered(assignment, LOOPS | {"correlate1d": NEEDS_A_SECOND})), assignment)
    run = run_notebook(notebook.notebook, assignment, busy_jail, 1, "somebody")
    assert run.status is Status.GRADED
    assert run.reports["correlate1d-check"].score == 2


def test_a_notebook_that_was_late_as_a_whole_because_the_machine_was_busy_keeps_its_points(
    assignment: AssignmentNotebook, busy_jail: Jail
) -> None:
    slow = LOOPS | {"correlate1d": LOOPS["correlate1d"] + A_LONG_CELL}
    notebook = repair(cells_of(answered(assignment, slow)), assignment)
    busy_jail.limits = replace(LIMITS, notebook_seconds=4.0)
    try:
        run = run_notebook(notebook.notebook, assignment, busy_jail, 1, "somebody")
    finally:
        busy_jail.limits = LIMITS
    assert run.status is Status.GRADED, run.message
    assert sum(report.score for report in run.reports.values()) == sum(
        task.points for task in assignment.tasks.values()
    )


def test_a_busy_machine_excuses_nobody_who_sleeps_or_never_answers(
    assignment: AssignmentNotebook, busy_jail: Jail
) -> None:
    notebook = repair(cells_of(answered(assignment, {"correlate1d": SLEEPS})), assignment)
    run = run_notebook(notebook.notebook, assignment, busy_jail, 1, "somebody")
    assert run.message == "correlate1d: no answer within 2 s", "not asked again"
    endless = {"correlate1d": "def correlate1d(signal, kernel):\n    while True: pass"}
    notebook = repair(cells_of(answered(assignment, endless)), assignment)
    run = run_notebook(notebook.notebook, assignment, busy_jail, 1, "somebody")
    assert run.message == f"correlate1d: no answer within {2 * BUSY_PATIENCE:g} s", "asked again, once"
    assert run.status is Status.TIMEOUT
