"""One fork server for all sandbox tests, and the assignment that they grade."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import execute, grade_one
from autograder import grade as grade_module
from autograder.assignment import AssignmentNotebook, make_notebook
from autograder.limits import Limits
from autograder.result import Result
from autograder.run import Run, run_notebook
from autograder.sandbox.trusted.jail import Jail
from autograder.submission import StudentCell, repair

REPOSITORY = Path(__file__).resolve().parents[2]
STEM = "03_cross_correlation"
SHORT = Limits(question_seconds=5.0, cell_seconds=10.0, notebook_seconds=60.0, memory_bytes=512 * 1024 * 1024)


@pytest.fixture(scope="session")
def assignment() -> AssignmentNotebook:
    source = nbformat.read(REPOSITORY / "solutions" / STEM / f"{STEM}.ipynb", 4)
    return make_notebook(STEM, STEM, source)


@pytest.fixture(scope="session")
def jail() -> Iterator[Jail]:
    with Jail(SHORT, hidden=[REPOSITORY]) as jail:
        yield jail


@pytest.fixture(scope="module")
def one_jail(jail: Jail) -> Iterator[None]:
    """Grade in this process and this jail: for tests of what is kept and written, not of the workers."""

    def graded_here(jobs: Iterable[grade_one.Job], workers: int, *watching: object) -> Generator[Result]:
        yield from map(grade_one.grade_one, jobs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grade_module, "graded", graded_here)
        patch.setattr(grade_one, "lent_jail", lambda *which: nullcontext(jail))
        patch.setattr(execute, "lent_jail", lambda *which: nullcontext(jail))
        yield


def answered(assignment: AssignmentNotebook, answers: dict[str, str]) -> Any:
    """The released notebook with these answers, by task; an answer left out stays a stub."""
    notebook = copy.deepcopy(assignment.release)
    for cell in notebook.cells:
        task = cell.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix("-answer")
        if task in answers:
            cell.source = answers[task]
    return notebook


def cells_of(notebook: Any) -> list[StudentCell]:
    """What `read_submission` would give for this notebook."""
    return [
        StudentCell(cell.cell_type, cell.source, cell.metadata.get("nbgrader", {}).get("grade_id"))
        for cell in notebook.cells
    ]


@pytest.fixture
def grade(assignment: AssignmentNotebook, jail: Jail) -> Callable[[dict[str, str]], tuple[float, Run, Any]]:
    """Grade answers by task in the real sandbox: (score, run, graded notebook)."""

    def grade_answers(answers: dict[str, str]) -> tuple[float, Run, Any]:
        notebook = repair(cells_of(answered(assignment, answers)), assignment).notebook
        run = run_notebook(notebook, assignment, jail, secrets.randbits(64), "somebody")
        return sum(report.score for report in run.reports.values()), run, notebook

    return grade_answers
