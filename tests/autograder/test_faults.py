"""Disks, databases, clocks and other graders that misbehave: nothing is lost, nothing half written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from autograder import grade_one, workers
from autograder.assignment import load_assignment
from autograder.course import Course
from autograder.database import passes_by_itself, require_gradebook
from autograder.files import StorageError, write_whole
from autograder.grade import grade_class
from autograder.grade_one import Job
from autograder.gradebook import GradebookWriter
from autograder.lock import AlreadyGrading, only_grader
from autograder.release import save_source_cells
from autograder.result import Result, Status, from_record
from autograder.sample_class.build import STEM
from autograder.store import Store, kept_result, notebook_path, record_path, stored_results
from tests.autograder import postgresql
from tests.faults.audit import family, gradebook_rows, kind_of, records
from tests.faults.classroom import lay_out_class
from tests.faults.small_disk import Mounts

REPOSITORY = Path(__file__).resolve().parents[2]
STUDENTS = ("01-loops", "07-convolves", "19-no-notebook")
UNREADABLE = "19-no-notebook"  # graded without a jail: enough where only writing is looked at
pytestmark = pytest.mark.sandbox


def command(course: Course, *options: object) -> list[str]:
    return [sys.executable, "-m", "autograder", "grade", STEM, "--course-dir", str(course.root),
            *map(str, options)]  # fmt: skip


def autograder(course: Course, *options: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(course, *options), capture_output=True, text=True, timeout=300, check=False,
        cwd=REPOSITORY, env=os.environ | environment,
    )  # fmt: skip


def copy_of(course: Path, root: Path) -> Course:
    shutil.copytree(course, root)
    return Course(root)


def scores(course: Course) -> dict[str, float]:
    return {student: sum(cells.values()) for student, cells in gradebook_rows(course).items()}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A small class, not graded."""
    course = lay_out_class(tmp_path_factory.mktemp("released") / "course", 1, STUDENTS)
    save_source_cells(course, STEM)
    return course


@pytest.fixture(scope="module")
def graded(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The same, graded."""
    course = copy_of(released.root, tmp_path_factory.mktemp("graded") / "course")
    results = grade_class(course, STEM, workers=2)
    assert [result.score for result in results] == [11, 5, 0]
    return course


@pytest.fixture
def copy(graded: Course, tmp_path: Path) -> Course:
    """The graded class, to break."""
    return copy_of(graded.root, tmp_path / "course")


@pytest.fixture
def results(graded: Course) -> list[Result]:
    """What the class's workers found, as it comes to be written."""
    return [
        replace(result, graded_notebook=notebook_path(graded, result).read_bytes())
        for result in records(graded).values()
    ]


@pytest.fixture
def fresh(released: Course, tmp_path: Path) -> Course:
    """The class that is not graded, to grade."""
    return copy_of(released.root, tmp_path / "course")


@pytest.fixture
def writer(fresh: Course) -> Iterator[GradebookWriter]:
    with GradebookWriter(fresh) as writer:
        yield writer


# --- a database that is away


def test_results_wait_for_a_locked_gradebook_while_others_come_in(
    fresh: Course, writer: GradebookWriter, results: list[Result]
) -> None:
    store = Store(fresh, load_assignment(fresh, STEM), writer)
    with closing(sqlite3.connect(fresh.root / "gradebook.db", isolation_level=None)) as other:
        other.execute("begin immediate")  # for longer than SQLite waits by itself
        assert [list(store.put(result)) for result in results] == [[], [], []]
        assert all(notebook_path(fresh, result).exists() for result in results)
        assert all(waiting.result.graded_notebook is None for waiting in store._waiting), (
            "kept on disk, not here"
        )
        assert records(fresh) == {}
        other.execute("rollback")
    written = list(store.finish())
    assert {result.student: result.status for result in written} == {r.student: r.status for r in results}
    assert scores(fresh) == {"01-loops": 11, "07-convolves": 5, UNREADABLE: 0}
    assert set(records(fresh)) == set(STUDENTS)


def test_a_gradebook_that_stays_locked_is_our_fault_and_the_next_run_completes_the_class(
    fresh: Course, writer: GradebookWriter, results: list[Result]
) -> None:
    store = Store(fresh, load_assignment(fresh, STEM), writer, patience=0.5)
    with closing(sqlite3.connect(fresh.root / "gradebook.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        failed = [done for result in results for done in store.put(result)] + list(store.finish())
        other.execute("rollback")
    assert [result.status for result in failed] == [Status.GRADER_ERROR] * 3
    assert all(
        "gradebook.db cannot be written: database is locked (tried for 0.5 s)" in r.message for r in failed
    )
    assert scores(fresh) == {}
    assert [result.score for result in grade_class(fresh, STEM, workers=2)] == [11, 5, 0]
    assert scores(fresh) == {"01-loops": 11, "07-convolves": 5, UNREADABLE: 0}


def test_a_postgresql_server_that_is_stopped_and_started_again_is_waited_for(
    fresh: Course, results: list[Result]
) -> None:
    with postgresql.server() as server:
        url = server.create("course")
        with (fresh.root / "nbgrader_config.py").open("a") as config:
            config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
        course = Course(fresh.root)
        save_source_cells(course, STEM)
        with GradebookWriter(course) as writer:
            store = Store(course, load_assignment(course, STEM), writer)
            assert [result.student for result in store.put(results[0])] == [results[0].student]
            server.process.send_signal(signal.SIGINT)  # its fast shutdown: connections end
            server.process.wait(60)
            assert [list(store.put(result)) for result in results[1:]] == [[], []]
            started_again = subprocess.Popen(
                server.process.args, user=server.folder.owner(), cwd=server.folder,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                assert {result.student for result in store.finish()} == {r.student for r in results[1:]}
                assert writer.students() == list(STUDENTS)
            finally:
                started_again.send_signal(signal.SIGQUIT)
                started_again.wait(60)
        assert set(records(course)) == set(STUDENTS)


def test_only_what_may_pass_by_itself_is_tried_again() -> None:
    def said(code: int, text: str) -> OperationalError:
        error = sqlite3.OperationalError(text)
        error.sqlite_errorcode = code
        return OperationalError("update", {}, error)

    assert passes_by_itself(said(sqlite3.SQLITE_BUSY, "database is locked"))
    assert passes_by_itself(said(sqlite3.SQLITE_BUSY_SNAPSHOT, "database is locked"))
    assert not passes_by_itself(said(sqlite3.SQLITE_FULL, "database or disk is full"))
    assert not passes_by_itself(said(sqlite3.SQLITE_READONLY, "attempt to write a readonly database"))
    assert not passes_by_itself(said(sqlite3.SQLITE_CORRUPT, "database disk image is malformed"))
    assert not passes_by_itself(ValueError("a bug"))


def test_a_gradebook_that_cannot_be_reached_refuses_before_anything_is_graded(fresh: Course) -> None:
    with (fresh.root / "nbgrader_config.py").open("a") as config:
        config.write("\nc.CourseDirectory.db_url = 'postgresql+psycopg://me:secret@127.0.0.1:1/none'\n")
    with pytest.raises(StorageError, match="cannot be written") as refused:
        require_gradebook(Course(fresh.root), patience=0.1)
    assert "secret" not in str(refused.value)


def test_a_gradebook_whose_maker_was_killed_can_still_be_upgraded_by_nbgrader(fresh: Course) -> None:
    with closing(sqlite3.connect(fresh.root / "gradebook.db")) as database:
        before = database.execute("select version_num from alembic_version").fetchall()
        database.execute("drop table alembic_version")
    for _ in range(2):
        require_gradebook(fresh)
        with closing(sqlite3.connect(fresh.root / "gradebook.db")) as database:
            assert database.execute("select version_num from alembic_version").fetchall() == before


# --- disks


def test_a_full_disk_is_named_nothing_is_half_written_and_with_space_the_next_run_completes(
    released: Course, graded: Course, tmp_path: Path
) -> None:
    place = tmp_path / "small"
    place.mkdir()
    with Mounts(f"mount -t tmpfs -o size=2m none {place}") as disk:
        inside, ballast = disk.see(place) / "course", disk.see(place) / "ballast"
        shutil.copytree(released.root, inside)
        with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(bytes(4096))
        os.truncate(ballast, ballast.stat().st_size - 64 * 1024)
        first = disk.grade(place / "course", STEM)
        assert first.returncode == 3, first.stderr
        assert f"the disk at {place} is full" in first.stderr
        assert f"{place}/course/" in first.stderr
        assert "Traceback" not in first.stderr
        assert list(inside.rglob(".*.part")) == []
        left = copy_of(inside, tmp_path / "left")
        assert all(
            cells == gradebook_rows(graded)[student] for student, cells in gradebook_rows(left).items()
        )
        ballast.unlink()
        second = disk.grade(place / "course", STEM)
        assert second.returncode == 0, second.stderr
        done = copy_of(inside, tmp_path / "done")
        assert gradebook_rows(done) == gradebook_rows(graded)
        assert set(records(done)) == set(STUDENTS)


@pytest.mark.parametrize(
    ("read_only", "named"),
    [("gradebook.db", "gradebook.db"), (".", ".grading"), ("autograded", "autograded")],
)
def test_what_cannot_be_written_is_refused_once_before_anything_is_graded(
    fresh: Course, read_only: str, named: str
) -> None:
    (fresh.root / "autograded").mkdir()
    path = fresh.root / read_only
    before = sorted(str(path) for path in fresh.root.rglob("*"))
    with Mounts(f"mount --bind {path} {path} && mount -o remount,bind,ro {path}") as disk:
        refused = disk.grade(fresh.root, STEM)
    assert refused.returncode == 3
    (sentence,) = refused.stderr.splitlines()
    assert named in sentence
    assert "cannot be written" in sentence
    assert scores(fresh) == {}
    assert [p for p in map(str, fresh.root.rglob("*")) if p not in before and "reports" not in p] == []


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "results" / "name.json"
    write_whole(target, "whole")
    write_whole(target, "no text: \ud800")
    assert target.read_text() == "no text: \\ud800", "what no file can hold is written out"
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(StorageError, match="taken cannot be written"):
        write_whole(taken, "a folder is in the way")
    assert [path.name for path in tmp_path.rglob(".*.part")] == []


# --- what is on record


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", '{"student": "19-no-notebook"}', "\x00" * 300, '{"tasks": 3, "status": "graded"}'],
)
def test_a_damaged_record_is_shown_as_our_fault_and_graded_again(copy: Course, damage: str) -> None:
    result = records(copy)[UNREADABLE]
    record_path(copy, result).write_text(damage)
    shown = {r.student: r for r in stored_results(copy, STEM)}
    assert shown[UNREADABLE].status is Status.GRADER_ERROR
    assert f"run: autograder grade {STEM}" in shown[UNREADABLE].message
    again = grade_class(copy, STEM, workers=1)
    assert [r.status for r in again] == ["graded", "graded", "invalid"]
    assert {r.student: r.seconds for r in again if r.student != UNREADABLE} == {
        r.student: r.seconds for r in records(copy).values() if r.student != UNREADABLE
    }


@pytest.mark.parametrize("damage", ["", '{"cells": [', "null", None])
def test_a_damaged_or_missing_graded_notebook_is_made_again(copy: Course, damage: str | None) -> None:
    result = records(copy)[UNREADABLE]
    path = notebook_path(copy, result)
    whole = path.read_text()
    path.unlink()
    if damage is not None:
        path.write_text(damage)
    grade_class(copy, STEM, students=[UNREADABLE], workers=1)
    assert path.read_text() == whole


def test_a_gradebook_that_was_lost_is_filled_from_the_records_without_grading_again(copy: Course) -> None:
    before = gradebook_rows(copy)
    (copy.root / "gradebook.db").unlink()
    again = grade_class(copy, STEM)
    assert gradebook_rows(copy) == before
    assert {r.student: r.seconds for r in again} == {s: r.seconds for s, r in records(copy).items()}


def test_a_record_of_an_earlier_or_later_version_is_read(graded: Course) -> None:
    text = record_path(graded, records(graded)["01-loops"]).read_text()
    record = json.loads(text)
    oldest = {"student", "assignment", "notebook", "status", "score", "max_score", "seconds", "tasks"}
    early = from_record(json.dumps({key: value for key, value in record.items() if key in oldest}))
    assert (early.status, early.score, early.notes) == ("graded", 11, ())
    later = record | {"colour": "blue", "tasks": [task | {"hints": 3} for task in record["tasks"]]}
    assert from_record(json.dumps(later)) == from_record(text)


def test_what_changes_while_it_is_graded_is_graded_again(
    copy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy.folder("submitted", STEM, UNREADABLE)
    path, read = folder / f"{STEM}.ipynb", grade_one.look_into

    def hand_in_again_and_read(place: Path) -> Any:
        path.write_text("handed in just now")
        return read(place)

    monkeypatch.setattr(grade_one, "look_into", hand_in_again_and_read)
    job = Job(copy.root, UNREADABLE, STEM, STEM, 0)
    result = grade_one.grade_one(job)
    monkeypatch.undo()
    record_path(copy, result).write_text(result.to_record())
    assert kept_result(copy, job) is None
    result = grade_one.grade_one(job)
    record_path(copy, result).write_text(result.to_record())
    assert kept_result(copy, job) == replace(result, graded_notebook=None)
    shutil.rmtree(folder)
    assert kept_result(copy, job) is None
    assert grade_one.grade_one(job).status is Status.MISSING


def test_half_a_release_is_made_again(copy: Course) -> None:
    release = copy.folder("release", STEM) / f"{STEM}.ipynb"
    whole = release.read_text()
    release.write_text(whole[:1000])
    (copy.reports(STEM) / ".releasing").touch()
    grade_class(copy, STEM)
    assert release.read_text() == whole


# --- two graders


def test_a_second_grader_is_refused_with_the_process_that_is_at_it_and_since_when(fresh: Course) -> None:
    with only_grader(fresh, STEM):
        refused = autograder(fresh)
        assert refused.returncode == 3
        (sentence,) = refused.stderr.splitlines()
        assert f"{STEM} is being graded by process {os.getpid()} on " in sentence
        assert " since 20" in sentence
        assert "--wait" in sentence
        with only_grader(fresh, "04_channels"):
            pass  # another assignment may be graded at the same time
    assert scores(fresh) == {}


def test_the_lock_of_a_killed_grader_is_free_and_one_can_wait_for_a_living_one(fresh: Course) -> None:
    code = f"""if True:
        import sys, time
        from pathlib import Path
        from autograder.course import Course
        from autograder.lock import only_grader
        with only_grader(Course(Path(sys.argv[1])), {STEM!r}):
            print("held", flush=True)
            time.sleep(600)"""
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(fresh.root)], stdout=subprocess.PIPE, cwd=REPOSITORY, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(AlreadyGrading, match=f"process {holder.pid} "), only_grader(fresh, STEM):
        pass
    said: list[str] = []

    def end_it(text: str) -> None:
        said.append(text)
        threading.Timer(0.3, holder.kill).start()

    with only_grader(fresh, STEM, wait=True, say=end_it):
        assert str(holder.pid) in said[0]
        with pytest.raises(AlreadyGrading), only_grader(fresh, STEM):
            pass
    holder.wait()
    holder.stdout.close()


def test_nbgraders_own_autograder_at_the_same_time_leaves_no_half_score(
    fresh: Course, graded: Course
) -> None:
    nbgrader = [sys.executable, "-m", "nbgrader", "autograde", STEM, "--force"]
    with subprocess.Popen(
        nbgrader, cwd=fresh.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    ) as theirs:  # fmt: skip
        ours = autograder(fresh, "--workers", 1)
        theirs.wait(300)
    assert ours.returncode in (0, 3), ours.stderr
    assert "Traceback" not in ours.stderr
    final = autograder(fresh)
    assert final.returncode == 0, final.stderr
    assert gradebook_rows(fresh) == gradebook_rows(graded)


# --- clocks


def test_a_wall_clock_that_jumps_stops_nothing_and_changes_no_score(fresh: Course, graded: Course) -> None:
    clock = str(REPOSITORY / "tests" / "faults" / "jumping_clock")
    trial = [sys.executable, "-c", "import time; print(abs(time.time() - time.time()) > 1e6)"]
    seen = subprocess.run(trial, capture_output=True, text=True, check=True, env={"PYTHONPATH": clock})
    assert seen.stdout == "True\n"
    done = autograder(fresh, "--workers", 1, PYTHONPATH=clock)
    assert done.returncode == 0, done.stderr
    assert gradebook_rows(fresh) == gradebook_rows(graded)
    found = records(fresh)
    assert all(0 <= result.seconds < 300 for result in found.values())
    again = grade_class(fresh, STEM)  # by a clock that is right
    assert {r.student: r.seconds for r in again} == {s: r.seconds for s, r in found.items()}, "graded again"


# --- workers


def test_no_more_results_are_held_than_the_workers_need() -> None:
    """A class of 500 while the gradebook is slow: what was not asked for is not graded, and not held."""
    alive: list[Any] = []
    most = 0

    def grade_in_a_thread(job: Job) -> Result:
        return Result(job.student, job.stem, job.notebook, Status.GRADED, 1.0, 1.0, 0.0)

    class Watched(ThreadPoolExecutor):
        def begin(self, job: Job) -> Future[Result]:
            nonlocal most
            future = self.submit(grade_in_a_thread, job)
            alive.append(future)
            most = max(most, len(alive))
            return future

        def threads(self) -> int:
            return 2

        def ahead(self) -> int:
            return 6

        def recall(self, futures: Collection[Future[Result]]) -> list[Future[Result]]:
            raise AssertionError("nobody wished to stop")

    todo = deque(Job(Path(), f"{n:03}", STEM, STEM, 0) for n in range(500))
    seen = []
    with Watched(2) as pool:
        for _, result in workers.grade_until_broken(todo, pool):
            seen.append(result.student)
            alive.pop()
    assert sorted(seen) == [f"{n:03}" for n in range(500)]
    assert most <= 6


@pytest.mark.parametrize("killed", ["a worker", "a foreman"])
def test_a_worker_or_the_foreman_that_is_killed_costs_nobody_a_grade(
    fresh: Course, graded: Course, killed: str
) -> None:
    grader = subprocess.Popen(
        command(fresh, "--workers", 2), cwd=REPOSITORY, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert grader.stderr is not None
    patience = time.monotonic() + 120
    found: dict[str, int] = {}
    while not {"a worker", "a fork server"} <= found.keys() and time.monotonic() < patience:
        found = {kind_of(kin): kin.pid for kin in chain(*family(grader.pid).values())}
        time.sleep(0.02)
    os.kill(found[killed], signal.SIGKILL)
    _, said = grader.communicate(timeout=300)
    assert grader.returncode == 0, said
    assert gradebook_rows(fresh) == gradebook_rows(graded)
