"""What must hold after every kill, and what must hold when the class is complete."""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.course import Course
from autograder.result import Result, Status, from_record
from autograder.sample_class.build import STEM
from autograder.sandbox.trusted.left_behind import unfinished_jails

GONE_SECONDS = 60.0  # patience of the audit, on a busy machine: nothing depends on it
FOREMAN = b"multiprocessing.forkserver"
ROWS = """select sa.student_id, b.name, g.auto_score, g.needs_manual_grade
          from submitted_assignment sa
          left join submitted_notebook sn on sn.assignment_id = sa.id
          left join grade g on g.notebook_id = sn.id left join base_cell b on g.cell_id = b.id"""


def gradebook_rows(course: Course) -> dict[str, dict[str, float]]:
    """Scores by student and grade_id. AssertionError if the database is damaged or holds a row twice."""
    path = course.root / "gradebook.db"
    if not path.exists():
        return {}
    found: dict[str, dict[str, float]] = {}
    with closing(sqlite3.connect(path, timeout=60)) as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert database.execute("pragma foreign_key_check").fetchall() == []
        tables = {name for (name,) in database.execute("select name from sqlite_master")}
        if not {"submitted_assignment", "submitted_notebook", "grade", "base_cell"} <= tables:
            return {}
        for student, cell, score, by_hand in database.execute(ROWS):
            rows = found.setdefault(student, {})
            assert cell is not None, f"{student} has a submission without grades"
            assert cell not in rows, f"{student} has {cell} twice"
            assert not by_hand, f"{student}: {cell} waits for a hand that it does not need"
            rows[cell] = score
    return found


def records(course: Course) -> dict[str, Result]:
    """Results on record, by student. Raises if one is not whole."""
    paths = (course.reports(STEM) / "results").glob("*/*.json")
    return {path.parent.name: from_record(path.read_text()) for path in paths if path.name[0] != "."}


def scores_shown(course: Course, student: str) -> dict[str, float] | None:
    """Points in the graded notebook by grade_id; None if there is none. Raises if it is not whole."""
    path = course.folder("autograded", STEM, student) / f"{STEM}.ipynb"
    if not path.exists():
        return None
    notebook: Any = nbformat.read(path, 4)
    nbformat.validate(notebook)
    found = {}
    for cell in notebook.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("grade") and not settings.get("solution"):
            (points,) = [o.data["text/plain"] for o in cell.outputs if o.output_type == "execute_result"]
            found[settings["grade_id"]] = float(points)
    return found


class Auditor:
    """Compares a course, after each kill, with the reference: the same class graded without a fault."""

    def __init__(self, reference: Course) -> None:
        self.expected = records(reference)
        self.rows = gradebook_rows(reference)
        self.windows: Counter[str] = Counter()  # what kills left half way, each of which the next run mends
        self._on_record: dict[str, str] = {}

    def begin(self) -> None:
        """A new class: nothing is on record."""
        self._on_record = {}

    def after_a_kill(self, course: Course) -> None:
        """AssertionError, with what is wrong, unless everything that is there is whole."""
        self._count_windows(course)
        rows, done = gradebook_rows(course), records(course)
        for student, scores in rows.items():
            assert scores == self.rows[student], f"{student}: half a score in the gradebook: {scores}"
        for student, result in done.items():
            if result.status is Status.GRADER_ERROR:
                continue
            wanted = self.expected[student]
            assert (result.status, result.score) == (wanted.status, wanted.score), f"{student}: {result}"
            if result.status is Status.MISSING:
                continue
            tasks = {task.grade_id: task.score for task in result.tasks}
            assert rows.get(student) == tasks, f"{student}: on record, but the gradebook has another score"
            assert scores_shown(course, student) == tasks, f"{student}: the notebook shows another score"
        for folder in (course.root / "autograded").glob("*"):
            scores_shown(course, folder.name)  # whole, with a record or without
        self._nothing_was_graded_twice(course)

    def _nothing_was_graded_twice(self, course: Course) -> None:
        """A result on record stays as it was written: it holds the seconds that it took."""
        for path in (course.reports(STEM) / "results").glob("*/*.json"):
            if path.name[0] == ".":
                continue
            text = path.read_text()
            if json.loads(text)["status"] in (Status.MISSING, Status.GRADER_ERROR):
                continue
            before = self._on_record.setdefault(path.parent.name, text)
            assert before == text, f"{path.parent.name} was graded again"
        left = {path.parent.name for path in (course.reports(STEM) / "results").glob("*/*.json")}
        assert set(self._on_record) <= left, f"lost: {set(self._on_record) - left}"

    def _count_windows(self, course: Course) -> None:
        parts = {path.name for path in course.root.rglob(".*.part")}
        self.windows["half a file, under its other name"] += bool(parts)
        journal = course.root / "gradebook.db-journal"
        self.windows["half a transaction, rolled back"] += journal.exists() and journal.stat().st_size > 0
        self.windows["half a release"] += (course.reports(STEM) / ".releasing").exists()
        rows, on_record = gradebook_rows(course), set(records(course))
        notebooks = {
            path.name for path in (course.root / "autograded").glob("*") if list(path.rglob("*.ipynb"))
        }
        self.windows["notebook, no scores yet"] += bool(notebooks - set(rows) - on_record)
        self.windows["notebook and scores, no record yet"] += bool(set(rows) - on_record)

    def when_complete(self, course: Course) -> None:
        """AssertionError unless every student has the reference's scores, once, and nothing lies about."""
        self.after_a_kill(course)
        assert {s: (r.status, r.score) for s, r in records(course).items()} == {
            s: (r.status, r.score) for s, r in self.expected.items()
        }
        assert gradebook_rows(course) == self.rows
        assert [str(path) for path in course.root.rglob(".*.part")] == []
        assert not (course.reports(STEM) / ".releasing").exists()
        with closing(sqlite3.connect(course.root / "gradebook.db")) as database:
            assert len(database.execute("select version_num from alembic_version").fetchall()) == 1
        release = course.folder("release", STEM) / f"{STEM}.ipynb"
        nbformat.validate(nbformat.read(release, 4))


def processes(mark: str) -> list[int]:
    """Every process with this in its environment: a grader and its workers. Jails have none of their own."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdecimal() and mark.encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


@dataclass(frozen=True)
class Process:
    """A process and when it began, in the kernel's ticks: a number alone may be another's by now."""

    pid: int
    began: str

    def runs(self) -> bool:
        """False once it is gone, or waits only to be counted."""
        now = _status(self.pid)
        return now is not None and now[2] == self.began and now[0] != "Z"


def _status(pid: int) -> tuple[str, int, str] | None:
    """State, parent and beginning of a process."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return fields[0], int(fields[1]), fields[19]
    return None


def family(pid: int) -> dict[int, list[Process]]:
    """The descendants of a process by generation: of a grader its foreman, workers, their bubblewraps."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (status := _status(int(entry.name))):
            parents[Process(int(entry.name), status[2])] = status[1]
    found: dict[int, list[Process]] = {}
    generation, number = {pid}, 1
    while children := [process for process, parent in parents.items() if parent in generation]:
        found[number] = children
        generation, number = {process.pid for process in children}, number + 1
    return found


def kind_of(process: Process) -> str:
    """What it is to the grader, as `campaign.OTHERS` names it; "" for something else."""
    with suppress(OSError, TypeError):
        words = _words(process.pid)
        if b"spawn_main" in words:  # begun by a thread
            return "a worker"
        if FOREMAN in words:  # a worker is a fork of it
            parent = _status(process.pid)[1]  # type: ignore[index]  # gone: TypeError
            return "a worker" if FOREMAN in _words(parent) else "a foreman"
        if words.startswith(b"bwrap") or b"/bwrap\0" in words:
            return "a bubblewrap"
        if b"autograder.sandbox.jailed.server" in words:
            parent = _status(process.pid)[1]  # type: ignore[index]  # gone: TypeError
            return "a fork server" if b"bwrap\0" in _words(parent) else "a submission"
    return ""


def _words(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def wait_until_gone(killed: list[Process], mark: str) -> None:
    """AssertionError if a process of a killed grader, or of a jail of its, is still there.

    But for a jail that was killed half made: the next run ends it.
    """
    patience = time.monotonic() + GONE_SECONDS
    while True:
        left = {process.pid for process in killed if process.runs()} | set(processes(mark))
        left -= set(unfinished_jails() if left else [])
        if not left:
            return
        assert time.monotonic() < patience, f"processes of a killed grader are left: {sorted(left)}"
        time.sleep(0.05)


def left_outside(killed: list[Process]) -> list[Path]:
    """Control groups of workers that are gone: the next run removes them."""
    pids = {process.pid for process in killed}
    groups = Path("/sys/fs/cgroup").glob("**/autograder-*-*")
    return [path for path in groups if int(path.name.split("-")[1]) in pids]
