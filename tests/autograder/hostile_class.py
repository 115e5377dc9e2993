"""The submissions of tests/hostile: what each file says of itself, and how it is graded."""

from __future__ import annotations

import ast
import copy
import re
import secrets
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat

from autograder.assignment import AssignmentNotebook
from autograder.limits import MEBIBYTE, Limits
from autograder.run import BUSY_PATIENCE, Run, run_notebook
from autograder.sample_class.answers import LOOPS
from autograder.sandbox.trusted.jail import Jail
from autograder.submission import repair
from tests.autograder.conftest import answered, cells_of

HOSTILE = Path(__file__).resolve().parents[1] / "hostile"
RUN_FOLDERS = ("graded_no_points", "timeout", "memory", "crashed", "full_points")  # code that is run
FILE_FOLDERS = ("invalid", "harmless_files", "uploads")  # files that are more than code
TASKS = tuple(LOOPS)
FULL = 11.0
SETTING = re.compile(r"^# (points|over|under|or|tries): (.*)$", re.MULTILINE)
TINY = Limits(
    question_seconds=6.0,
    cell_seconds=8.0,
    notebook_seconds=60.0,
    cpu_seconds=30.0,
    memory_bytes=256 * MEBIBYTE,
    processes=12,
    open_files=48,
    file_bytes=8 * MEBIBYTE,
    disk_bytes=16 * MEBIBYTE,
    output_bytes=MEBIBYTE // 4,
    answer_bytes=MEBIBYTE,
    implementation_calls=200,
)
# On a machine that is busy with others: an attempt that is excused, the patience for those after it, judging.
MOST_SECONDS = (2 + BUSY_PATIENCE) * TINY.notebook_seconds


@dataclass(frozen=True)
class Submission:
    """One file: its folder says the status that it must end in, `# or:` another; `points` is what it earns.

    `amount` is a line of code in front of it, where the same idea is tried over and under a limit.
    With points, honest answers stand in all other cells, and in front of the file in its own.
    What guesses blindly is right now and then: it has so many `tries` to end as it must.
    """

    path: Path
    statuses: tuple[str, ...]
    points: float
    amount: str = ""
    honest: bool = False
    is_under: bool = False  # the harmless twin, just under the limit
    tries: int = 1

    @property
    def name(self) -> str:
        """A name for test reports."""
        return f"{self.path.parent.name}/{self.path.stem}{'-under' if self.is_under else ''}"

    def answers(self) -> dict[str, str]:
        """The text of every answer cell, by task."""
        text = f"{self.amount}\n{self.path.read_text()}"
        if not self.honest:  # functions that the file does not define stay undefined
            return dict.fromkeys(TASKS, "None") | {TASKS[0]: text}
        return LOOPS | {TASKS[0]: f"import numpy as np\n{LOOPS[TASKS[0]]}\n{text}"}


def twins(path: Path) -> list[Submission]:
    """The submissions of one file: over its limit, and under it if it has one."""
    folder, settings = path.parent.name, dict(SETTING.findall(path.read_text()))
    if folder == "full_points":
        return [Submission(path, ("graded",), FULL)]
    status = folder if folder in ("timeout", "memory", "crashed") else "graded"
    statuses = (status, *settings.get("or", "").split())
    honest = "points" in settings
    points, tries = float(settings.get("points", 0)), int(settings.get("tries", 1))
    over = Submission(path, statuses, points, settings.get("over", ""), honest, tries=tries)
    if "under" not in settings:
        return [over]
    return [over, Submission(path, ("graded",), FULL, settings["under"], honest=True, is_under=True)]


def run_submissions() -> list[Submission]:
    """Every submission of code, by folder and name."""
    return [twin for folder in RUN_FOLDERS for path in files_of(folder) for twin in twins(path)]


def files_of(folder: str) -> list[Path]:
    """The files of one folder."""
    return sorted((HOSTILE / folder).glob("*.py"))


def docstring(path: Path) -> str:
    """What the file says that it tries; "" if it says nothing."""
    return ast.get_docstring(ast.parse(path.read_text())) or ""


@dataclass
class Graded:
    """How grading a submission went, and how an honest one fared in the same jail afterwards."""

    run: Run
    notebook: Any
    seed: int
    seconds: float
    honest_after: float
    leftovers: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        """Points of all tasks together."""
        return sum(report.score for report in self.run.reports.values())

    @cached_property
    def everything(self) -> str:
        """Every character that the graded notebook and the reports hold."""
        pages = [report.to_html() + report.headline for report in self.run.reports.values()]
        return "\n".join([nbformat.writes(self.notebook), self.run.message, *pages])


def grade_submission(submission: Submission, assignment: AssignmentNotebook, jail: Jail) -> Graded:
    """Grade it, then an honest answer to the first task in the same jail."""
    notebook = repair(cells_of(answered(assignment, submission.answers())), assignment).notebook
    seed, started = secrets.randbits(64), time.monotonic()
    run = run_notebook(notebook, assignment, jail, seed, "somebody")
    seconds = time.monotonic() - started
    leftovers = _leftovers(jail)
    return Graded(run, notebook, seed, seconds, _honest_after(assignment, jail), leftovers)


LOOK_AROUND = """
import os, sys
found = [f"{folder}/{name}" for folder in (os.getcwd(), "/dev/shm") for name in os.listdir(folder)]
found += [name for name in os.listdir("/tmp") if name not in ("matplotlib", "ipython", "cache")]
found += [name for name in ("ESCAPED", "kept", "seen", "held", "Odd") if name in globals()]
print(*found, sep="\\n", end="")
"""


def _leftovers(jail: Jail) -> list[str]:
    """What the next submission finds of the one before."""
    with jail.session() as session:
        outputs = session.run_cell(LOOK_AROUND).outputs
    return [line for out in outputs for line in str(out.get("text", out)).splitlines()]


def _honest_after(assignment: AssignmentNotebook, jail: Jail) -> float:
    """The points of an honest first answer, of 2."""
    small = copy.deepcopy(assignment.release)
    small.cells = [cell for cell in small.cells if cell.get("id", "").startswith(("imports", TASKS[0] + "-"))]
    check = f"{TASKS[0]}-check"
    one = AssignmentNotebook(assignment.stem, "one", small, small, {check: assignment.tasks[check]})
    notebook = repair(cells_of(answered(one, LOOPS)), one).notebook
    return run_notebook(notebook, one, jail, secrets.randbits(64), "honest").reports[check].score
