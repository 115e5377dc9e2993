"""A submission's folder as a weapon against nbgrader itself: links, pipes, sockets, sizes, times, names."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course
from autograder.feedback import write_feedback
from autograder.grade import grade_class
from autograder.release import save_source_cells
from tests.autograder.small_course import (
    GRADED_HERE,
    RIGHT,
    STEM,
    database,
    grades,
    hand_in,
    make_course,
    notebook,
    penalties,
    rows,
)

pytestmark = GRADED_HERE
SOURCE = notebook("conv1x1")
LARGEST_FILE = 80 * 2**20  # bytes: where a copy of /dev/zero ends, should one be made


def _listen(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # a socket's whole path is bounded
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("listener")
    finally:
        os.chdir(here)


def _sparse(folder: Path) -> None:
    with (folder / "large.bin").open("wb") as file:
        file.truncate(2**40)


def _folder_of_the_notebooks_name(folder: Path) -> None:
    (folder / "data.csv").mkdir()
    (folder / "data.csv" / "mine.txt").write_text("a folder where the assignment has a file")
    (folder / "more.ipynb").mkdir()
    (folder / "more.ipynb" / "mine.txt").write_text("a folder with the name of a notebook")


def _many(folder: Path) -> None:
    for number in range(1_000):
        (folder / f"{number}.txt").touch()


# of who is late; the assignment is due long before "still-to-come"
ALL_IS_LOST = """
from nbgrader.plugins import LateSubmissionPlugin

class AllIsLost(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score

c.AssignLatePenalties.plugin_class = AllIsLost
"""
WEAPONS: dict[str, Callable[[Path], object]] = {
    "endless": lambda folder: (folder / "zero").symlink_to("/dev/zero"),
    "endless-time": lambda folder: (folder / "timestamp.txt").symlink_to("/dev/zero"),
    "folders": _folder_of_the_notebooks_name,
    "large": _sparse,
    "many": _many,
    "pipe": lambda folder: os.mkfifo(folder / "notes.txt"),
    "pipe-for-a-secret": lambda folder: os.mkfifo(folder / "submission_secret.txt"),
    "pipe-for-a-time": lambda folder: os.mkfifo(folder / "timestamp.txt"),
    "socket": _listen,
    "still-to-come": lambda folder: (folder / "timestamp.txt").write_text("2999-01-01 00:00:00 UTC"),
    "word-for-a-time": lambda folder: (folder / "timestamp.txt").write_text("when it was done"),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A class of weapons after two runs of `nbgrader autograde`, the second over what the first has left."""
    made = make_course(tmp_path_factory.mktemp("weapons") / "course", {STEM: SOURCE}, ALL_IS_LOST)
    (made.folder("source", STEM) / "data.csv").write_text("1,2")
    save_source_cells(made, STEM)
    with database(made) as opened:
        opened.execute("update assignment set duedate = '2000-01-01 00:00:00.000000'")
    for student, weapon in WEAPONS.items():
        weapon(hand_in(made, student, SOURCE, RIGHT).parent)
    for student in ("a\nline", "[a]*"):
        hand_in(made, student, SOURCE, RIGHT)
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, allowed[1]))
    try:
        for force in (True, False):
            directory = CourseDirectory(config=made.config, root=str(made.root), assignment_id=STEM)
            Autograde(coursedir=directory, config=made.config, force=force).start()
            assert "get_existing_timestamp" not in vars(directory)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    yield made


def test_no_folder_keeps_nbgrader_from_grading_it_or_the_next_one(course: Course) -> None:
    assert {student: grades(course, student)["conv1x1-check"][0] for student in WEAPONS} == dict.fromkeys(
        WEAPONS, 1
    )
    for student in ("a\nline", "[a]*"):  # nbgrader takes an id for a pattern
        assert not grades(course, student)
        (result,) = grade_class(course, STEM, workers=1, students=[student])
        assert result.status == "grader-error" and "rename the folder" in result.message


def test_only_plain_files_of_bounded_number_and_size_are_copied(course: Course) -> None:
    for student in WEAPONS:
        copied = [p for p in course.folder("autograded", STEM, student).rglob("*") if not p.is_dir()]
        assert all(path.is_file() and not path.is_symlink() for path in copied), student
        assert len(copied) <= 110 and sum(path.stat().st_size for path in copied) < 2**20, student
    folder = course.folder("autograded", STEM, "folders")
    assert (folder / "data.csv").read_text() == "1,2"
    assert write_feedback(course, STEM) == {}


def test_a_notebook_that_was_taken_away_is_in_no_page(tmp_path: Path) -> None:
    course = make_course(tmp_path, {"first": SOURCE, "second": notebook("depthwise")})
    hand_in(course, "somebody", SOURCE, RIGHT, "first")
    path = hand_in(course, "somebody", notebook("depthwise"), RIGHT, "second")
    copy = course.folder("autograded", STEM, "somebody") / "second.ipynb"
    grade_class(course, STEM, workers=1)
    assert copy.is_file()

    path.unlink()
    grade_class(course, STEM, workers=1)
    assert grades(course, "somebody", "second")["depthwise-check"][0] == 0
    assert not copy.exists()


def test_a_time_that_cannot_be_true_is_none_for_nbgrader_too(course: Course) -> None:
    assert {penalties(course)[student, STEM][0] for student in WEAPONS} <= {None, 0}
    before = rows(course)
    grade_class(course, STEM, workers=1, students=sorted(WEAPONS))
    assert rows(course) == before
