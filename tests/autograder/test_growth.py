"""What a result costs does not grow with the class: statements through keys, workers only for work."""

from __future__ import annotations

import pickle
import shutil
import tracemalloc
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from autograder import grade as grade_module
from autograder.assignment import load_assignment
from autograder.course import Course
from autograder.database import newest_version
from autograder.grade import grade_class
from autograder.gradebook import GradebookWriter
from autograder.late import HandedIn
from autograder.page_grades import read_page_grades
from autograder.release import save_source_cells
from autograder.report.class_report import Summary, write_class_report
from autograder.result import Result, Status, TaskResult, from_record
from autograder.store import Store, record_path
from tests.autograder.small_course import RIGHT, STEM, hand_in, make_course, notebook

SOURCES = {"code": notebook("one_number", "conv1x1"), "words": notebook("depthwise", "depth-words")}
BY_CLASS = {"student", "submitted_assignment", "submitted_notebook", "grade", "comment"}  # tables that grow


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = make_course(tmp_path_factory.mktemp("growth") / "course", SOURCES)
    save_source_cells(course, STEM)
    return course


@pytest.fixture
def course(released: Course, tmp_path: Path) -> Course:
    shutil.copytree(released.root, tmp_path / "course")
    return Course(tmp_path / "course")


def result(course: Course, student: str, notebook: str = "code", share: float = 1.0) -> Result:
    """A result as a worker sends it."""
    found = load_assignment(course, STEM)[notebook]
    tasks = tuple(
        TaskResult(task.name, cell, task.points * share, task.points, "correct", None, "All cases are right.")
        for cell, task in found.tasks.items()
    )
    score = sum(task.score for task in tasks)
    return Result(student, STEM, notebook, Status.GRADED, score, found.max_score, 0.1, tasks=tasks)


@contextmanager
def statements(writer: GradebookWriter) -> Iterator[list[tuple[str, Any]]]:
    """Every statement with its parameters, while the block runs; COMMIT among them."""
    found: list[tuple[str, Any]] = []

    def heard(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        found.append((statement, parameters))

    def committed(connection: Any) -> None:
        found.append(("COMMIT", ()))

    event.listen(writer._engine, "before_cursor_execute", heard)
    event.listen(writer._engine, "commit", committed)
    try:
        yield found
    finally:
        event.remove(writer._engine, "before_cursor_execute", heard)
        event.remove(writer._engine, "commit", committed)


def test_a_submission_is_few_statements_and_one_transaction_and_no_table_of_the_class_is_read_through(
    course: Course,
) -> None:
    assignment = load_assignment(course, STEM)["code"]
    with GradebookWriter(course) as writer, statements(writer) as said:
        counted = []
        for number, share in ((0, 1.0), (0, 0.5), (0, 0.5), (1, 1.0)):  # new, other points, the same, new
            begin = len(said)
            writer.write(result(course, f"s{number}", share=share), assignment, HandedIn())
            words = [statement.split()[0] for statement, _ in said[begin:]]
            assert words.count("COMMIT") == 1
            counted.append(len(words) - 1)
        assert counted[0] == counted[3] == 7, "two to read, one for each table"
        assert counted[1] == 4 + 2, "two more to read, and each score that is another"
        assert counted[2] == 4, "nothing is written where nothing changes"
        with writer._engine.connect() as connection:
            read_page_grades(connection, STEM, "code", "s0")
            for statement, parameters in [each for each in said if each[0].startswith(("SELECT", "UPDATE"))]:
                plan = connection.exec_driver_sql(f"explain query plan {statement}", _one(parameters))
                for *_, step in plan.all():
                    read_through = step.startswith("SCAN") and step.split()[1] in BY_CLASS
                    assert not read_through, (step, statement)


def _one(parameters: Any) -> Any:
    return parameters[0] if isinstance(parameters, list) else parameters


def test_looking_whether_the_gradebook_fits_is_the_same_statements_for_any_class(course: Course) -> None:
    assignment = load_assignment(course, STEM)
    counted = []
    with GradebookWriter(course) as writer:
        for number in range(3):
            writer.write(result(course, f"s{number}"), assignment["code"], HandedIn())
            with statements(writer) as said:
                assert writer.knows(STEM, assignment)
            counted.append(len(said))
    assert len(set(counted)) == 1


@pytest.mark.parametrize("table", ["grade", "comment", "submitted_notebook"])
def test_a_row_that_one_submission_lacks_is_noticed_and_completed(course: Course, table: str) -> None:
    assignment = load_assignment(course, STEM)
    with GradebookWriter(course) as writer:
        for number in range(3):
            writer.write(result(course, f"s{number}"), assignment["code"], HandedIn())
        of_words = "(select id from submitted_notebook where notebook_id ="
        of_words += " (select id from notebook where name = 'words') limit 1)"
        column = "id" if table == "submitted_notebook" else "notebook_id"
        with writer._engine.begin() as connection:
            counts = f"select count(*) from {table}"
            before = connection.exec_driver_sql(counts).scalar_one()
            if table == "submitted_notebook":
                for other in ("grade", "comment"):
                    connection.exec_driver_sql(f"delete from {other} where notebook_id = {of_words}")
            connection.exec_driver_sql(f"delete from {table} where {column} = {of_words}")
        assert not writer.knows(STEM, assignment)
        writer.complete(STEM)
        assert writer.knows(STEM, assignment)
        with writer._engine.connect() as connection:
            assert connection.exec_driver_sql(counts).scalar_one() == before


def test_who_handed_nothing_in_costs_no_worker_no_jail_and_from_the_second_run_on_no_file(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        course.folder("submitted", STEM, f"s{number}").mkdir(parents=True)
    with GradebookWriter(course) as writer, writer._engine.begin() as connection:
        connection.exec_driver_sql("insert into student (id) values ('only-in-the-gradebook')")
    asked: list[Any] = []
    monkeypatch.setattr(grade_module, "require_sandbox", asked.append)
    monkeypatch.setattr(BaseProcess, "start", asked.append)
    first = grade_class(course, STEM)
    assert [r.status for r in first] == [Status.MISSING] * 8
    assert asked == []
    records = [record_path(course, r) for r in first]
    times = [path.stat().st_mtime_ns for path in records]
    assert grade_class(course, STEM) == first
    assert [path.stat().st_mtime_ns for path in records] == times
    hand_in(course, "s1", SOURCES["code"], RIGHT, name="code")
    monkeypatch.undo()

    def no_worker(jobs: list[Any], *rest: object) -> Generator[Result]:
        asked.extend(jobs)
        yield from ()

    monkeypatch.setattr(grade_module, "graded", no_worker)
    monkeypatch.setattr(grade_module, "require_sandbox", lambda hidden: None)
    grade_class(course, STEM)
    assert [(job.student, job.notebook) for job in asked] == [("s1", "code")], "the rest is told by names"


def test_a_class_of_ten_thousand_results_fits_in_memory(course: Course) -> None:
    """What the grader holds of each result until the table is printed, whether a worker or a file gave it."""
    more: dict[str, Any] = {"basis": "b" * 64, "submitted_digest": "d" * 64, "graded_notebook": b"x"}
    one: Result = replace(result(course, "s0"), **more)
    sent = pickle.dumps(one)
    tracemalloc.start()
    held = [pickle.loads(sent).slim() for _ in range(300)]
    held += [from_record(one.to_record()) for _ in range(300)]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size / len(held) < 2500
    assert {each.graded_notebook for each in held} == {None}
    assert {each.tasks for each in held} == {one.tasks}


def test_the_report_counts_a_class_without_holding_it_and_names_only_some_of_many(course: Course) -> None:
    first = result(course, "s0000")
    wrong = replace(first.tasks[0], score=0.0, verdict="wrong", misconception="kernel_not_flipped")
    summary = Summary()
    for number in range(50):
        each = replace(first, student=f"s{number:04}", score=1.0, tasks=(wrong,), in_gradebook=True)
        summary.add(each)
        path = record_path(course, each)
        path.parent.mkdir(parents=True)
        path.write_text(each.to_record(), encoding="utf-8")
    (mistake,) = summary.mistakes.values()
    assert (mistake.count, len(mistake.students)) == (50, 20)
    assert (summary.notebooks, summary.median, summary.scores) == (50, 1.0, {1.0: 50})
    page = write_class_report(course, STEM).read_text(encoding="utf-8")
    assert page.count('<tr><td class="status">') == 50
    assert "s0019 and 30 more" in page
    assert list(course.reports(STEM).glob(".*.part")) == []


def test_the_version_of_the_gradebook_is_the_one_that_nbgrader_asks_alembic_for() -> None:
    from nbgrader import dbutil

    script = pytest.importorskip("alembic.script")
    assert script.ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head() == newest_version()


def test_results_that_are_stored_are_slim(course: Course) -> None:
    with GradebookWriter(course) as writer:
        store = Store(course, load_assignment(course, STEM), writer)
        sent = replace(result(course, "s0"), graded_notebook=b'{"cells": []}')
        (written,) = store.put(pickle.loads(pickle.dumps(sent)))
    assert written.graded_notebook is None
    assert written.in_gradebook
    assert (course.folder("autograded", STEM, "s0") / "code.ipynb").read_bytes() == b'{"cells": []}'
