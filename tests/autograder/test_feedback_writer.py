"""Feedback pages: those of nbgrader's own generator, made again only where they show another thing."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades
from sqlalchemy import create_engine

from autograder.course import Course
from autograder.feedback import write_feedback
from autograder.feedback_page import FeedbackExporter
from autograder.grade import grade_class
from autograder.page_grades import read_page_grades
from tests.autograder.small_course import RIGHT, STEM, by_hand, hand_in, make_course, notebook, special

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("one_jail")]
SOURCE = notebook("one_number", "depth-words", "depthwise")
SOURCE.cells.append(special("essay", "Describe a layer.", task=True, locked=True, points=3))
WORDS = {"depth-words": "As deep as the image: $c_{in}$, and [a link](https://example.org)."}
FIGURE = "\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('1 < 2')"
STUDENTS = {
    "01-right": RIGHT | WORDS | {"one_number": RIGHT["one_number"] + FIGURE},
    "02-nothing": {},
    "03-broken": {"one_number": "def one_number(:", "depth-words": "<b>bold</b> & <script>alert(1)</script>"},
}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course = make_course(tmp_path / "course", {STEM: SOURCE})
    for student, answers in STUDENTS.items():
        hand_in(course, student, SOURCE, answers, when="2026-02-03 15:00:00 UTC")
    grade_class(course, STEM)
    by_hand(course, "01-right", "depth-words", manual_score=0.5, extra_credit=0.25)
    by_hand(course, "01-right", "depth-words", manual_comment="Nearly.")
    by_hand(course, "01-right", "depthwise-check", manual_score=1.5)
    return course


def pages(course: Course) -> dict[str, Path]:
    return {s: course.folder("feedback", STEM, s) / f"{STEM}.html" for s in STUDENTS}


def test_each_page_is_the_one_that_nbgraders_generator_and_nbconverts_exporter_make(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert write_feedback(course, STEM) == {}
    ours = {student: page.read_text(encoding="utf-8") for student, page in pages(course).items()}
    assert re.search(r'<img alt="No description[^>]*data:image/png', ours["01-right"])
    with monkeypatch.context() as patch:
        patch.setattr(FeedbackExporter, "from_notebook_node", HTMLExporter.from_notebook_node)
        for student in STUDENTS:
            directory = CourseDirectory(
                config=course.config, root=str(course.root), assignment_id=STEM, student_id=student
            )
            GenerateFeedback(coursedir=directory, config=course.config, force=True).start()
    assert issubclass(FeedbackExporter, TemplateExporter)
    for student, page in pages(course).items():
        text, _, last = ours[student].rpartition("\n<!-- made from ")
        assert last.endswith(" -->\n")
        # nbconvert's last step writes the page anew from its parts: an entity may be written otherwise
        assert str(BeautifulSoup(text, "html.parser")).strip() == page.read_text(encoding="utf-8").strip()


def test_the_grades_on_a_page_are_those_that_nbgraders_own_preprocessor_reads(course: Course) -> None:
    engine = create_engine(course.gradebook_url)
    for student in STUDENTS:
        path = course.folder("autograded", STEM, student) / f"{STEM}.ipynb"
        names = {"student": student, "assignment": STEM, "notebook": STEM, "db_url": course.gradebook_url}
        theirs, resources = GetGrades().preprocess(_read(path), {"nbgrader": names})
        with engine.connect() as connection:
            found = read_page_grades(connection, STEM, STEM, student)
        assert (found.score, found.max_score) == (
            resources["nbgrader"]["score"], resources["nbgrader"]["max_score"]
        )  # fmt: skip
        for settings in (cell.metadata.get("nbgrader", {}) for cell in theirs.cells):
            if settings.get("grade") or settings.get("task"):
                grade, most = found.grade(settings["grade_id"])
                assert (grade.points, most) == (settings["score"], settings["points"])
            if settings.get("solution") or settings.get("task"):
                assert found.comment(settings["grade_id"]) == settings["comment"]
    engine.dispose()


def _read(path: Path) -> object:
    import nbformat

    return nbformat.read(path, 4)


def written_again(course: Course, **options: bool) -> set[str]:
    """Whose page is another file after `write_feedback`."""
    before = {student: page.stat().st_ino for student, page in pages(course).items() if page.exists()}
    times = {student: page.stat().st_mtime_ns for student, page in pages(course).items() if page.exists()}
    assert write_feedback(course, STEM, **options) == {}
    return {
        student
        for student, page in pages(course).items()
        if (page.stat().st_ino, page.stat().st_mtime_ns) != (before.get(student), times.get(student))
    }


def test_a_page_is_made_again_when_a_grade_a_comment_a_notebook_or_a_receipt_has_changed(
    course: Course,
) -> None:
    assert written_again(course) == set(STUDENTS)
    assert written_again(course) == set()
    assert written_again(course, force=True) == set(STUDENTS)
    by_hand(course, "02-nothing", "essay", manual_score=1.0)
    assert written_again(course) == {"02-nothing"}
    by_hand(course, "03-broken", "depth-words", manual_comment="Say why.")
    assert written_again(course) == {"03-broken"}
    assert "Say why." in pages(course)["03-broken"].read_text(encoding="utf-8")
    with sqlite3.connect(course.root / "gradebook.db") as opened:
        opened.execute("update submitted_notebook set late_submission_penalty = 0.5")
    assert written_again(course) == set(STUDENTS)
    hand_in(course, "01-right", SOURCE, RIGHT, when="2026-02-03 16:00:00 UTC")
    grade_class(course, STEM, students=["01-right"])
    assert written_again(course) == {"01-right"}


def test_half_a_page_one_too_many_and_one_that_is_gone_are_put_right(course: Course) -> None:
    write_feedback(course, STEM)
    half, gone, more = (pages(course)[student] for student in STUDENTS)
    half.write_text(half.read_text(encoding="utf-8")[:5000], encoding="utf-8")
    gone.unlink()
    (more.parent / "of-another-time.html").write_text("old")
    assert written_again(course) == set(STUDENTS)
    assert not (more.parent / "of-another-time.html").exists()


def test_who_is_not_in_the_gradebook_gets_no_page_and_stops_nobody(course: Course) -> None:
    with sqlite3.connect(course.root / "gradebook.db") as opened:
        opened.execute("update submitted_assignment set student_id = 'other' where student_id = '02-nothing'")
    failed = write_feedback(course, STEM)
    assert set(failed) == {"02-nothing"}
    assert not pages(course)["02-nothing"].exists()
    assert pages(course)["03-broken"].exists()
