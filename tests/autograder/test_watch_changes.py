"""A real watch while its assignment changes, its worker dies, its disk is full: late perhaps, never wrong."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.course import Course
from tests.autograder.small_course import RIGHT, STEM, answered, make_course, notebook, rows, write_source
from tests.autograder.watching import Watcher, until
from tests.faults.audit import family, kind_of
from tests.faults.small_disk import Mounts

pytestmark = pytest.mark.sandbox
TASK = "one_number"


def worth(points: float) -> Any:
    return notebook(TASK, **{TASK: points})


def hand_in(watcher: Watcher, student: str) -> None:
    """Put the right answer into the drop folder, whole at once."""
    home = watcher.drop / student
    home.mkdir()
    (home / ".part").write_text(nbformat.writes(answered(worth(1), RIGHT)))
    (home / ".part").rename(home / f"{STEM}.ipynb")


def graded(watcher: Watcher, student: str) -> dict[str, Any]:
    """Wait until this student's work is graded; how."""
    (told,) = until(
        f"the points of {student}",
        lambda: [told for told in watcher.results(student) if told["status"] == "graded"],
    )
    return dict(told)


def in_gradebook(course: Course, student: str) -> list[float]:
    """The scores of a student."""
    return [row[5] for row in rows(course) if row[:2] == ("grade", student)]


@pytest.fixture(scope="module")
def watcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watcher]:
    course = make_course(tmp_path_factory.mktemp("watch") / "course", {STEM: worth(1)})
    watcher = Watcher(course.root, "--poll", "0.1")
    yield watcher
    watcher.end(signal.SIGKILL)


def test_an_assignment_that_changes_is_read_anew_for_the_next_arrival(watcher: Watcher) -> None:
    hand_in(watcher, "before")
    assert graded(watcher, "before")["max_score"] == 1.0
    write_source(watcher.root, STEM, worth(2))
    hand_in(watcher, "after")
    told = graded(watcher, "after")
    assert (told["score"], told["max_score"]) == (2.0, 2.0)
    assert "2 of 2" in watcher.page("after", STEM)
    assert in_gradebook(Course(watcher.root), "after") == [2.0]
    assert [line["fault"] for line in watcher.results("after")] == [""]


def workers_of(watcher: Watcher) -> list[int]:
    """Its worker processes."""
    kin = chain(*family(watcher.process.pid).values())
    return [process.pid for process in kin if kind_of(process) == "a worker"]


def test_a_worker_with_another_version_grades_nothing_until_both_have_the_same(watcher: Watcher) -> None:
    """The worker after one that was killed reads what has changed without a sign for the watch."""
    until("its readiness", lambda: "everything is loaded" in watcher.said())
    path = watcher.root / "solutions" / STEM / f"{STEM}.ipynb"
    write_source(watcher.root, STEM, worth(3))
    hand_in(watcher, "in-between")
    assert graded(watcher, "in-between")["max_score"] == 3.0
    times, size = path.stat(), path.stat().st_size
    write_source(watcher.root, STEM, worth(4))
    assert path.stat().st_size == size
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    (worker,) = workers_of(watcher)
    os.kill(worker, signal.SIGKILL)
    hand_in(watcher, "other-version")
    told = watcher.result("other-version")
    assert told["status"] == "grader-error"
    assert f"another version of {STEM}" in told["fault"]
    course = Course(watcher.root)
    assert in_gradebook(course, "other-version") == []
    assert not course.folder("autograded", STEM, "other-version").exists()
    assert not (watcher.drop / "other-version" / "feedback").exists()
    os.utime(path)
    assert graded(watcher, "other-version")["score"] == 4.0
    assert in_gradebook(course, "other-version") == [4.0]


def test_on_a_full_disk_what_arrives_waits_and_says_so_and_with_space_nothing_is_lost(tmp_path: Path) -> None:
    made = make_course(tmp_path / "made", {STEM: worth(1)})
    root = tmp_path / "course"
    root.mkdir()
    with Mounts(f"mount -t tmpfs -o size=2m none {root}") as disk:
        shutil.copytree(made.root, disk.see(root), dirs_exist_ok=True)
        watcher = Watcher(root, through=disk.enter())
        try:
            hand_in(watcher, "before")
            graded(watcher, "before")
            cases = (("not-noted", 0, "free); what arrives waits"), ("noted", 48 * 1024, "full"))
            for student, left, word in cases:
                ballast = fill(disk.see(root), left)
                already = len(watcher.said())
                hand_in(watcher, student)
                until("a word", lambda word=word, already=already: word in watcher.said()[already:])
                assert not [told for told in watcher.results(student) if told["status"] == "graded"]
                ballast.unlink()
                assert graded(watcher, student)["score"] == 1.0
                assert "1 of 1" in watcher.page(student, STEM)
            assert "Traceback" not in watcher.said()
        finally:
            watcher.end(signal.SIGKILL)
        course = Course(shutil.copytree(disk.see(root), tmp_path / "left"))
    assert [in_gradebook(course, student) for student in ("before", "not-noted", "noted")] == [[1.0]] * 3
    assert list(course.root.rglob(".*.part")) == []


def fill(folder: Path, left: int) -> Path:
    """A file that leaves so many bytes of a disk: none for what arrives, or too few for what comes of it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(bytes(4096))
    os.truncate(ballast, ballast.stat().st_size - left)
    return ballast
