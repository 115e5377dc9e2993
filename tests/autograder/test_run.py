"""Running a notebook: one bad cell costs itself, an answer counts wherever it stands, outputs are bounded."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from autograder.assignment import AssignmentNotebook
from autograder.report.table import table
from autograder.result import Result, Status, TaskResult, clamp, from_record
from autograder.run import run_notebook
from autograder.sample_class.answers import LOOPS
from autograder.sandbox.trusted.jail import Jail
from autograder.submission import repair
from coursekit.checks import cases
from coursekit.checks.report import Verdict
from tests.autograder.conftest import answered, cells_of
from tests.faults.audit import family, kind_of

pytestmark = pytest.mark.sandbox


def errors(notebook: Any) -> list[str]:
    return [
        out.evalue for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == "error"
    ]


def test_many_cells_that_take_the_process_down_cost_only_themselves(grade: Any) -> None:
    score, run, notebook = grade(LOOPS | {"correlate1d": "import os; os._exit(1)"})
    assert score == 9
    assert run.status is Status.CRASHED
    assert any("stopped (crashed)" in text for text in errors(notebook))


def test_a_right_answer_after_the_check_counts(grade: Any) -> None:
    late = LOOPS["match_template"] + "\n" + LOOPS["correlate2d"]
    score, _, _ = grade({"correlate1d": LOOPS["correlate1d"], "correlate2d": "pass", "match_template": late})
    assert score == 8


def test_a_stub_that_is_replaced_further_down_counts_as_replaced(grade: Any) -> None:
    late = LOOPS["match_template"] + "\n" + LOOPS["correlate1d"]
    score, _, _ = grade({"correlate2d": LOOPS["correlate2d"], "match_template": late})
    assert score == 8


def test_an_answer_that_ends_the_process_halfway_keeps_the_other_tasks(grade: Any) -> None:
    score, run, _ = grade(
        LOOPS | {"correlate1d": "def correlate1d(signal, kernel):\n    import os; os._exit(0)"}
    )
    assert score == 9
    assert run.reports["correlate1d-check"].verdict is Verdict.CRASHED
    assert run.status is Status.CRASHED


def test_a_stub_that_then_ends_the_process_does_not_cost_the_cell_after_it(grade: Any) -> None:
    sly = """
import os
calls = []
def correlate1d(signal, kernel):
    calls.append(1)
    if len(calls) > 3:
        os._exit(0)
    raise NotImplementedError
"""
    score, run, _ = grade(LOOPS | {"correlate1d": sly})
    assert score == 9
    assert run.message.startswith("correlate1d")


def test_no_questions_are_drawn_a_second_time_for_who_has_no_answer(
    assignment: AssignmentNotebook, jail: Jail
) -> None:
    def drawn(seed: int, answers: dict[str, str]) -> int:
        notebook = repair(cells_of(answered(assignment, answers)), assignment).notebook
        before = cases._search.cache_info().misses
        run_notebook(notebook, assignment, jail, seed, "somebody")
        return cases._search.cache_info().misses - before

    seed = secrets.randbits(64)
    assert drawn(seed, LOOPS) >= len(assignment.tasks)
    assert drawn(seed, {"correlate2d": "del correlate2d"}) == 0
    assert drawn(seed, {"match_template": LOOPS["match_template"] + "\n" + LOOPS["correlate1d"]}) == 1


def test_an_answer_that_comes_late_and_ends_the_process_costs_itself_alone(grade: Any) -> None:
    late = LOOPS["match_template"] + "\ndef correlate1d(signal, kernel):\n    import os; os._exit(0)"
    score, run, _ = grade({"correlate2d": LOOPS["correlate2d"], "match_template": late})
    assert run.reports["correlate1d-check"].verdict is Verdict.CRASHED
    assert run.message.startswith("correlate1d") and score == 6


def test_the_time_of_a_notebook_is_bounded_as_a_whole(assignment: AssignmentNotebook, jail: Jail) -> None:
    slow = LOOPS | {"correlate2d": "import time\ntime.sleep(60)"}
    notebook = repair(cells_of(answered(assignment, slow)), assignment).notebook
    with Jail(replace(jail.limits, notebook_seconds=3.0)) as own:
        run = run_notebook(notebook, assignment, own, 1, "somebody")
    assert run.status is Status.TIMEOUT
    assert run.message.endswith("the notebook as a whole took too long")
    assert "No cell after it was run." in str(notebook.cells)
    assert run.reports["correlate1d-check"].score == 2
    assert run.reports["match_template-check"].verdict is Verdict.TIMEOUT


def test_the_outputs_of_a_notebook_are_bounded_as_a_whole(grade: Any) -> None:
    loud = "\n".join(["get_ipython().run_cell('print(\"x\" * 10)')", "print('x' * 1_900_000)"])
    _, _, notebook = grade(LOOPS | {"correlate1d": LOOPS["correlate1d"] + loud})
    assert len(str(notebook)) < 40 * 1024 * 1024


def test_a_forged_row_stays_within_its_own_row() -> None:
    forged = "\x1b[2K\r\n99-nobody  graded  8 / 8\u2028\u202e"
    task = TaskResult("correlate1d", "correlate1d-check", 0.0, 2.0, "raised", None, forged)
    result = Result("a\nb", "s", "n", Status.GRADED, 0.0, 8.0, 0.1, (task,), message=forged)
    text = table([result])
    assert len(text.splitlines()) == 3
    assert not set(text) & set("\x1b\r\u2028\u202e")


@contextlib.contextmanager
def killed_from_outside(after: float) -> Iterator[None]:
    """Kill the first submission that has used so many seconds of processor time.

    As the kernel does where memory runs out: nothing in a jail can kill the first process of it.
    """
    killed: list[int] = []

    def kill_once() -> None:
        patience = time.monotonic() + 60
        while not killed and time.monotonic() < patience:
            kin = [process for generation in family(os.getpid()).values() for process in generation]
            found = [process.pid for process in kin if kind_of(process) == "a submission"]
            with contextlib.suppress(psutil.NoSuchProcess):
                # two: the one that waits outside its namespaces, and the one inside
                if len(found) >= 2 and sum(psutil.Process(max(found)).cpu_times()[:2]) >= after:
                    os.kill(max(found), signal.SIGKILL)
                    killed.append(max(found))
            time.sleep(0.01)

    killer = threading.Thread(target=kill_once)
    killer.start()
    yield
    killer.join()
    assert killed


def busy_for(seconds: float) -> str:
    """Code that takes so many seconds of processor time."""
    return f"import time\nbegun = time.process_time()\nwhile time.process_time() < begun + {seconds}: pass\n"


def test_who_is_killed_from_outside_is_run_again_and_keeps_every_point(grade: Any) -> None:
    with killed_from_outside(after=0.5):
        score, run, _ = grade(LOOPS | {"correlate1d": busy_for(1.0) + LOOPS["correlate1d"]})
    assert (score, run.status, run.message) == (11, Status.GRADED, "")


def test_the_processor_time_of_who_was_killed_from_outside_does_not_count(
    assignment: AssignmentNotebook, jail: Jail
) -> None:
    slow = LOOPS | {"correlate1d": busy_for(3.0) + LOOPS["correlate1d"]}
    notebook = repair(cells_of(answered(assignment, slow)), assignment).notebook
    with Jail(replace(jail.limits, cpu_seconds=5.0)) as own, killed_from_outside(after=2.5):
        run = run_notebook(notebook, assignment, own, 1, "somebody")
    assert (run.status, run.message) == (Status.GRADED, "")


@pytest.mark.parametrize(
    ("score", "kept"), [(float("nan"), 0), (float("inf"), 0), (-1, 0), (9, 8), (3.5, 3.5)]
)
def test_scores_are_finite_and_within_their_bounds(score: float, kept: float) -> None:
    assert clamp(score, 8) == kept


def test_a_result_on_record_is_read_back_as_it_was() -> None:
    task = TaskResult("correlate1d", "correlate1d-check", 1.0, 2.0, "wrong", "kernel_flipped", "Flipped.")
    result = Result(
        "s", "a", "n", Status.TIMEOUT, 1.0, 8.0, 0.5, (task,), "why", ("note",), ("x-answer",), "00"
    )
    assert from_record(result.to_record()) == result
