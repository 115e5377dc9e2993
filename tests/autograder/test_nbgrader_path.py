"""`nbgrader autograde` with our configuration grades a careless class as our command does."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course
from autograder.feedback import write_feedback
from autograder.grade import grade_class
from autograder.jails import close_jails
from autograder.release import save_source_cells
from tests.autograder.small_course import RIGHT, STEM, grades, hand_in, make_course, notebook, rows

pytestmark = [
    pytest.mark.sandbox,
    # nbgrader's own code adds rows in an order that SQLAlchemy warns of
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]
SOURCE = notebook("conv1x1", "depth-words")
ANSWERS = {"conv1x1": RIGHT["conv1x1"], "depth-words": "As many as the image has."}


def change(alter: Callable[[dict], None]) -> Callable[[Path], None]:
    """Alter the notebook as JSON, past nbformat, which would refuse or mend it."""

    def apply(path: Path) -> None:
        content = json.loads(path.read_text())
        alter(content)
        path.write_text(json.dumps(content))

    return apply


def settings(content: dict, grade_id: str) -> dict:
    """The nbgrader metadata of a cell."""
    found = (cell["metadata"].get("nbgrader", {}) for cell in content["cells"])
    return next(found_one for found_one in found if found_one.get("grade_id") == grade_id)


def is_check(cell: dict) -> bool:
    """Whether a cell is the graded one."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id") == "conv1x1-check"


def with_twin(content: dict) -> None:
    """A graded cell twice, tags and all."""
    cells = content["cells"]
    cells.append(copy.deepcopy(next(cell for cell in cells if is_check(cell))) | {"id": "twin"})


def without_check(content: dict) -> None:
    """No graded cell any more."""
    content["cells"] = [cell for cell in content["cells"] if not is_check(cell)]


def to_folder(path: Path) -> None:
    """A folder of the notebook's name."""
    path.unlink()
    path.mkdir()


def to_link(path: Path) -> None:
    """A link to what a student may not have."""
    path.unlink()
    path.symlink_to(path.parents[3] / "solutions" / STEM / path.name)


# student: what has happened to the file
ACCIDENTS: dict[str, Callable[[Path], None]] = {
    "byte-order-mark": lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes()) and None,
    "duplicated": change(with_twin),
    "deleted": change(without_check),
    "empty": lambda path: path.write_bytes(b"") and None,
    "folder": to_folder,
    "format-3": change(lambda c: c.update(nbformat=3, worksheets=[{"cells": c.pop("cells")}])),
    "future-tags": change(lambda c: settings(c, "conv1x1-check").update(schema_version=99)),
    "link": to_link,
    "more-points": change(lambda c: settings(c, "conv1x1-check").update(points=100)),
    "no-kernel": change(lambda c: c["metadata"].clear()),
    "old-tags": change(lambda c: settings(c, "conv1x1-check").pop("schema_version")),
    "renamed": lambda path: path.rename(path.with_name(f"{STEM} (1).ipynb")) and None,
    "retagged": change(lambda c: settings(c, "conv1x1-answer").update(grade_id="conv1x1-check")),
    "right": lambda path: None,
    "text": lambda path: path.write_text("My answers are in the attached document.") and None,
    "truncated": lambda path: os.truncate(path, 700),
    "wrong-encoding": lambda path: path.write_bytes(path.read_text().encode("utf-16")) and None,
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = make_course(tmp_path_factory.mktemp("careless") / "course", {STEM: SOURCE})
    save_source_cells(made, STEM)
    for student, befalls in ACCIDENTS.items():
        befalls(hand_in(made, student, SOURCE, ANSWERS))
    return made


def autograde_all(course: Course) -> None:
    """`nbgrader autograde STEM`: all students in one go, in this process."""
    directory = CourseDirectory(config=course.config, root=str(course.root), assignment_id=STEM)
    Autograde(coursedir=directory, config=course.config, force=True).start()
    close_jails()


@pytest.fixture(scope="module")
def by_nbgrader(course: Course) -> list[tuple]:
    """The gradebook's rows after nbgrader's own run over the class, which no file may end."""
    autograde_all(course)
    return rows(course)


def test_every_careless_student_is_graded_by_nbgrader_itself(by_nbgrader, course: Course) -> None:
    scores = {student: grades(course, student)["conv1x1-check"][0] for student in ACCIDENTS}
    lost = {"empty", "folder", "link", "text", "truncated"}
    assert {student for student, score in scores.items() if score != 1} == lost
    assert {scores[student] for student in lost} == {0}
    waiting = {student for student in ACCIDENTS if grades(course, student)["depth-words"][2]}
    unreadable = lost - {"truncated"}
    assert waiting == set(ACCIDENTS) - unreadable, "what could not be read needs nobody's hand"


def test_both_ways_write_the_same_rows(by_nbgrader, course: Course) -> None:
    (course.root / "gradebook.db").unlink()
    save_source_cells(course, STEM)
    grade_class(course, STEM, workers=1)

    # Where a folder stands for the notebook, nothing was handed in: nbgrader gives 0, our command no row.
    assert rows(course) == [row for row in by_nbgrader if row[1] != "folder"]


def test_a_student_is_told_what_was_wrong_with_the_file(by_nbgrader, course: Course) -> None:
    def first_cell(student: str) -> str:
        path = course.folder("autograded", STEM, student) / f"{STEM}.ipynb"
        return str(nbformat.read(path, 4).cells[0].source)

    assert "could not be graded" in first_cell("text")
    assert "twice" in first_cell("duplicated")
    assert "under that name" in first_cell("renamed")
    assert "Put right" not in first_cell("right")


def test_what_lies_behind_a_link_is_in_no_page_for_students(course: Course) -> None:
    path = hand_in(course, "curious", SOURCE, ANSWERS)
    (path.parent / "gradebook.db").symlink_to(course.root / "gradebook.db")
    (path.parent / "notes.txt").write_text("my own")
    (path.parent / "more").symlink_to(course.root / "solutions")
    autograde_all(course)
    assert write_feedback(course, STEM) == {}
    for step in ("autograded", "feedback"):
        files = course.folder(step, STEM, "curious").rglob("*")
        found = {path.name for path in files if path.suffix not in (".ipynb", ".html")}
        assert found - {"submission_secret.txt", "timestamp.txt"} == {"notes.txt"}
