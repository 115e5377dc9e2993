"""Several graders on one gradebook, in PostgreSQL and in SQLite: nothing is lost, doubled or half written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader import api
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy import create_engine, text

from autograder.assignment import AssignmentNotebook, load_assignment
from autograder.course import Course
from autograder.database import require_gradebook
from autograder.files import StorageError
from autograder.gradebook import GradebookWriter
from autograder.release import save_source_cells
from autograder.result import Result, Status, TaskResult
from autograder.sample_class.build import STEM
from autograder.store import Store
from tests.autograder import postgresql

REPOSITORY = Path(__file__).resolve().parents[2]
SUBMITTED = REPOSITORY / "autograder" / "sample_class" / "submitted"
OTHER = "03_again"  # a second assignment, with the same tasks
SCORES = {"01-loops": 11.0, "12-unfinished": 2.0}
IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")
pytestmark = [
    pytest.mark.sandbox,
    # nbgrader's own code adds rows in an order that SQLAlchemy warns of
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.Server]:
    if postgresql.programs() is None:
        told = "needs a PostgreSQL server (Debian: apt-get install postgresql)"
        pytest.fail(told) if IN_CI else pytest.skip(told)
    with postgresql.server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/shared.db"
    running: postgresql.Server = request.getfixturevalue("server")
    return running.create(tmp_path.name)


def make_course(root: Path, url: str) -> Course:
    """A course whose gradebook is the database at `url`, with two assignments and two students."""
    for stem in (STEM, OTHER):
        source = root / "solutions" / stem / f"{stem}.ipynb"
        source.parent.mkdir(parents=True)
        shutil.copy(REPOSITORY / "solutions" / STEM / f"{STEM}.ipynb", source)
        for student in SCORES:
            folder = root / "submitted" / student / stem
            folder.mkdir(parents=True)
            shutil.copy(SUBMITTED / student / STEM / f"{STEM}.ipynb", folder / f"{stem}.ipynb")
            (folder / "timestamp.txt").write_text("2026-02-03 15:00:00 UTC")
    settings = (REPOSITORY / "autograder" / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(f"{settings}\nc.CourseDirectory.db_url = {url!r}\n")
    return Course(root)


def start(course: Course, stem: str, *options: str) -> subprocess.Popen[str]:
    line = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        stem,
        "--workers",
        "1",
        "--quiet",
        "--json",
        "-",
        *options,
    ]
    return subprocess.Popen(
        [*line, "--course-dir", str(course.root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=REPOSITORY,
    )  # fmt: skip


def scores_said(grader: subprocess.Popen[str]) -> dict[str, float]:
    out, errors = grader.communicate(timeout=550)
    assert grader.returncode == 0, errors + out
    lines = [json.loads(line) for line in out.splitlines()]
    assert {line["status"] for line in lines} == {"graded"}, out
    return {line["student"]: line["score"] for line in lines}


def counts(url: str) -> dict[str, int]:
    """How many rows each table has that a lost or doubled write would change."""
    tables = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return {t: connection.execute(text(f"select count(*) from {t}")).scalar_one() for t in tables}
    finally:
        engine.dispose()


def test_two_graders_at_once_on_two_assignments_and_formgrader_reads_all_of_it(
    tmp_path: Path, url: str
) -> None:
    """On an empty database: both make its tables, both know the same students for the first time."""
    course = make_course(tmp_path / "course", url)
    graders = [start(course, stem) for stem in (STEM, OTHER)]
    assert [scores_said(grader) for grader in graders] == [SCORES, SCORES]
    assert counts(url) == {
        "student": 2, "submitted_assignment": 4, "submitted_notebook": 4, "grade": 20, "comment": 20,
    }  # fmt: skip
    formgrader = NbGraderAPI(course.directory)
    for stem in (STEM, OTHER):
        seen = {s["student"]: s for s in formgrader.get_submissions(stem)}
        assert {student: s["score"] for student, s in seen.items()} == SCORES
        assert {s["autograded"] for s in seen.values()} == {True}
        assert {s["timestamp"] for s in seen.values()} == {"2026-02-03T15:00:00"}, (
            "UTC, whatever the server's zone"
        )
    assert {s["id"]: s["score"] for s in formgrader.get_students()} == {s: 2 * x for s, x in SCORES.items()}
    (notebook,) = formgrader.get_notebooks(STEM)
    assert notebook["average_score"] == 6.5


def test_two_copies_of_a_course_on_one_database_while_someone_grades_by_hand(
    tmp_path: Path, url: str
) -> None:
    """The lock of one course folder does not reach the other: the database alone keeps them apart."""
    copies = [make_course(tmp_path / name, url) for name in ("here", "there")]
    save_source_cells(copies[0], STEM)
    first = start(copies[0], STEM)
    assert scores_said(first) == SCORES
    whole = counts(url)
    graders = [start(course, STEM, "--force") for course in copies]
    written = _grade_by_hand_until(graders, url, copies[0].course_id)
    assert [scores_said(grader) for grader in graders] == [SCORES, SCORES]
    assert written > 10, "the hand and the graders wrote at the same time"
    assert counts(url) == whole
    with api.Gradebook(url, copies[0].course_id) as gradebook:
        for student, score in SCORES.items():
            submission = gradebook.find_submission(STEM, student)
            (notebook,) = submission.notebooks
            by_hand = next(g for g in notebook.grades if g.cell.name == "correlate1d-check")
            assert (by_hand.manual_score, by_hand.extra_credit) == (0.5, written / 1000)
            assert {c.manual_comment for c in notebook.comments} == {f"comment {written}"}
            rest = score - by_hand.auto_score
            assert submission.score == pytest.approx(rest + 0.5 + written / 1000)


def _grade_by_hand_until(graders: list[subprocess.Popen[str]], url: str, course_id: str) -> int:
    """What formgrader does when someone types, again and again while the graders run; how often."""
    times = 0
    while any(grader.poll() is None for grader in graders):
        times += 1
        with api.Gradebook(url, course_id) as gradebook:
            for student in SCORES:
                grade = gradebook.find_grade("correlate1d-check", STEM, STEM, student)
                grade.manual_score, grade.extra_credit = 0.5, times / 1000
                gradebook.db.commit()
                (notebook,) = gradebook.find_submission(STEM, student).notebooks
                for comment in notebook.comments:
                    comment.manual_comment = f"comment {times}"
                gradebook.db.commit()
    return times


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course whose first assignment is in the gradebook; each test brings students of its own."""
    folder = tmp_path_factory.mktemp(f"one-{request.param}")
    url = f"sqlite:///{folder}/shared.db"
    if request.param == "postgresql":
        running: postgresql.Server = request.getfixturevalue("server")
        url = running.create(folder.name)
    course = make_course(folder / "course", url)
    require_gradebook(course)
    save_source_cells(course, STEM)
    return course


def result(course: Course, student: str = "somebody", score: float = 1.0) -> Result:
    """A result as the workers send it, made up."""
    notebook = load_assignment(course, STEM)[STEM]
    tasks = tuple(
        TaskResult(task.name, grade_id, score, task.points, "correct", None, "")
        for grade_id, task in notebook.tasks.items()
    )
    text = nbformat.writes(notebook.release).encode()
    total, most = score * len(tasks), notebook.max_score
    return Result(student, STEM, STEM, Status.GRADED, total, most, 0.1, tasks=tasks, graded_notebook=text)


def stored(course: Course, *results: Result) -> list[Result]:
    """Write results as a grader does."""
    assignment: dict[str, AssignmentNotebook] = load_assignment(course, STEM)
    with GradebookWriter(course) as writer:
        store = Store(course, assignment, writer, patience=30.0)
        return [written for each in results for written in store.put(each)] + list(store.finish())


def scores_in(course: Course, start: str) -> dict[str, list[float]]:
    """Scores of every submission of the students whose id starts so; one each, if none is doubled."""
    found: dict[str, list[float]] = {}
    with api.Gradebook(course.gradebook_url, course.course_id) as gradebook:
        for submission in gradebook.assignment_submissions(STEM):
            if submission.student.id.startswith(start):
                found.setdefault(submission.student.id, []).append(submission.score)
                assert [len(n.grades) for n in submission.notebooks] == [5]
                assert [len(n.comments) for n in submission.notebooks] == [5]
    return found


def test_a_student_whom_another_adds_at_the_same_moment_is_there_once(course: Course) -> None:
    """PostgreSQL lets us wait and then refuses the second one; SQLite says that it is locked."""
    with api.Gradebook(course.gradebook_url, course.course_id) as other:
        other.db.add(api.Student(id="somebody", last_name="Typed"))
        other.db.flush()  # holds its lock until it commits
        timer = threading.Timer(1.5, other.db.connection().commit)
        timer.start()
        written = stored(course, result(course))
        timer.join()
    assert [r.status for r in written] == [Status.GRADED], written[0].message
    assert scores_in(course, "somebody") == {"somebody": [float(len(written[0].tasks))]}


def test_graders_that_write_the_same_students_in_opposite_order_do_not_lock_each_other_out(
    course: Course,
) -> None:
    students = [f"student-{number}" for number in range(6)]
    found: list[Result] = []

    def write(order: list[str], score: float) -> None:
        found.extend(stored(course, *(result(course, student, score) for student in order)))

    threads = [threading.Thread(target=write, args=args) for args in ((students, 1.0), (students[::-1], 0.5))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [r.message for r in found if r.status is not Status.GRADED] == []
    tasks = len(found[0].tasks)
    scores = scores_in(course, "student-")
    assert set(scores) == set(students)
    assert all(score in ([1.0 * tasks], [0.5 * tasks]) for score in scores.values()), "a whole score of one"


def connections(server: postgresql.Server, url: str) -> list[tuple[Any, ...]]:
    import psycopg

    name = url.split("@/")[1].split("?")[0]
    with psycopg.connect(host=str(server.folder), user=server.user, dbname="postgres") as connection:
        query = "select pid, state from pg_stat_activity where datname = %s"
        return connection.execute(query, (name,)).fetchall()


only_postgresql = pytest.mark.parametrize("course", ["postgresql"], indirect=True)


@only_postgresql
def test_a_grader_that_waits_for_its_workers_keeps_no_transaction_open(
    server: postgresql.Server, course: Course
) -> None:
    """An open one holds back `nbgrader db upgrade`, and a server may end it after a while."""
    assignment = load_assignment(course, STEM)
    with GradebookWriter(course) as writer:
        assert writer.knows(STEM, assignment)
        assert "nobody" not in writer.students()
        assert {state for _, state in connections(server, course.gradebook_url)} == {"idle"}
        list(Store(course, assignment, writer).put(result(course, "waits")))
        assert {state for _, state in connections(server, course.gradebook_url)} == {"idle"}


@only_postgresql
def test_a_connection_that_the_server_ended_is_made_anew(server: postgresql.Server, course: Course) -> None:
    assignment = load_assignment(course, STEM)
    with GradebookWriter(course) as writer:
        store = Store(course, assignment, writer, patience=30.0)
        list(store.put(result(course, "before")))
        for pid, _ in connections(server, course.gradebook_url):
            server.execute(f"select pg_terminate_backend({pid})")
        written = [*store.put(result(course, "after")), *store.finish()]
    assert [r.status for r in written] == [Status.GRADED], written[0].message
    assert set(scores_in(course, "before")) | set(scores_in(course, "after")) == {"before", "after"}


@only_postgresql
def test_nbgraders_upgrade_finds_a_database_of_its_own_version(course: Course) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "db", "upgrade"], cwd=course.root, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Running upgrade" not in done.stderr
    assert not (course.root / "gradebook.db").exists(), "nothing beside the server"


def test_a_server_that_cannot_be_reached_is_named_and_nobody_gets_a_zero(tmp_path: Path) -> None:
    address = f"postgresql+psycopg://grader:hidden-word@/none?host={tmp_path}&connect_timeout=1"
    course = make_course(tmp_path / "course", address)
    with pytest.raises(StorageError) as error:
        require_gradebook(course, patience=0.5)
    assert str(tmp_path) in str(error.value)
    assert "hidden-word" not in str(error.value)
