"""An assignment of two notebooks: each is graded by itself, and what is missing costs its own points."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbgrader import api

from autograder.course import Course
from autograder.grade import grade_class
from autograder.release import save_source_cells
from autograder.report.class_report import write_class_report
from autograder.report.table import table
from autograder.result import Result, Status
from autograder.store import stored_results
from tests.autograder.small_course import (
    GRADED_HERE,
    RIGHT,
    STEM,
    by_hand,
    comments,
    grades,
    hand_in,
    make_course,
    nbgraders_own_run,
    notebook,
    rows,
)

pytestmark = GRADED_HERE
FIRST, SECOND = "code", "words"
SOURCES = {FIRST: notebook("one_number", "correlate_channels"), SECOND: notebook("depthwise", "depth-words")}
WORDS = {"depth-words": "As deep as the image."}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, one_jail: None) -> tuple[Course, list[Result]]:
    course = make_course(tmp_path_factory.mktemp("several") / "course", SOURCES)
    for student, names in {
        "01-both": (FIRST, SECOND),
        "02-first-alone": (FIRST,),
        "03-second-alone": (SECOND,),
        "04-one-is-no-notebook": (FIRST, SECOND),
    }.items():
        for name in names:
            hand_in(course, student, SOURCES[name], RIGHT | WORDS, name=name)
    course.folder("submitted", STEM, "04-one-is-no-notebook").joinpath(f"{FIRST}.ipynb").write_text(
        "see above"
    )
    course.folder("submitted", STEM, "05-neither").mkdir(parents=True)
    return course, grade_class(course, STEM)


def test_each_notebook_has_a_result_a_record_and_its_rows(graded: tuple[Course, list[Result]]) -> None:
    course, results = graded
    found = {(r.student, r.notebook): (r.status, r.score, r.max_score) for r in results}
    assert found == {
        ("01-both", FIRST): (Status.GRADED, 4.0, 4.0),
        ("01-both", SECOND): (Status.GRADED, 2.0, 3.0),
        ("02-first-alone", FIRST): (Status.GRADED, 4.0, 4.0),
        ("02-first-alone", SECOND): (Status.MISSING, 0.0, 3.0),
        ("03-second-alone", FIRST): (Status.MISSING, 0.0, 4.0),
        ("03-second-alone", SECOND): (Status.GRADED, 2.0, 3.0),
        ("04-one-is-no-notebook", FIRST): (Status.INVALID, 0.0, 4.0),
        ("04-one-is-no-notebook", SECOND): (Status.GRADED, 2.0, 3.0),
        ("05-neither", FIRST): (Status.MISSING, 0.0, 4.0),
        ("05-neither", SECOND): (Status.MISSING, 0.0, 3.0),
    }
    assert {(r.student, r.notebook): r for r in stored_results(course, STEM)} == {
        (r.student, r.notebook): r for r in results
    }


def test_a_missing_notebook_beside_another_is_zero_and_waits_for_nobody(
    graded: tuple[Course, list[Result]],
) -> None:
    course, _ = graded
    assert grades(course, "02-first-alone", SECOND) == {
        "depthwise-check": (0.0, None, False),
        "depth-words": (0.0, None, False),
    }
    assert set(comments(course, "02-first-alone", SECOND).values()) == {(None, None)}
    assert grades(course, "01-both", SECOND)["depth-words"] == (None, None, True)
    with api.Gradebook(course.gradebook_url, course.course_id) as gradebook:
        sums = {
            s.student_id: (s.score, s.max_score, s.needs_manual_grade)
            for s in gradebook.find_assignment(STEM).submissions
        }
    assert sums == {
        "01-both": (6.0, 7.0, True),
        "02-first-alone": (4.0, 7.0, False),
        "03-second-alone": (2.0, 7.0, True),
        "04-one-is-no-notebook": (2.0, 7.0, True),
    }, "who handed in nothing at all has no submission, as for nbgrader"


def test_table_and_report_name_the_notebook_and_tell_missing_from_nothing_at_all(
    graded: tuple[Course, list[Result]],
) -> None:
    course, results = graded
    lines = table(results).splitlines()
    assert lines[0].split()[:4] == ["student", "notebook", "status", "score"]
    shown = {tuple(line.split()[:2]): line.split()[2:6] for line in lines[2:]}
    assert shown["02-first-alone", SECOND] == ["missing", "0", "/", "3"]
    assert shown["01-both", FIRST][:4] == ["graded", "4", "/", "4"]
    assert shown["05-neither", FIRST][:2] == ["missing", "-"]
    page = write_class_report(course, STEM).read_text(encoding="utf-8")
    assert '<th scope="col">notebook</th>' in page
    assert page.count(f"<td>{SECOND}</td>") == 5
    assert "10 notebooks, 8 with a score" in page


def test_the_rows_of_a_missing_notebook_are_nbgraders(graded: tuple[Course, list[Result]]) -> None:
    course, _ = graded
    students = ["01-both", "02-first-alone", "03-second-alone"]
    ours = [row for row in rows(course) if row[1] in students]
    (course.root / "gradebook.db").unlink()
    save_source_cells(course, STEM)
    nbgraders_own_run(course, students, force=True)
    assert rows(course) == ours


def test_a_notebook_that_came_later_is_graded_and_one_that_went_away_is_zero(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", SOURCES)
    hand_in(course, "01", SOURCES[FIRST], RIGHT, name=FIRST)
    grade_class(course, STEM)
    second = hand_in(course, "01", SOURCES[SECOND], RIGHT | WORDS, name=SECOND)
    first, now_there = grade_class(course, STEM)
    assert (first.score, now_there.status, now_there.score) == (4.0, Status.GRADED, 2.0)
    assert grades(course, "01", SECOND)["depth-words"] == (None, None, True)
    by_hand(course, "01", "depth-words", manual_score=1.0)
    second.unlink()
    assert [r.total for r in grade_class(course, STEM)] == [4.0, 1.0], "what a person gave stays"
    assert grades(course, "01", SECOND)["depthwise-check"] == (0.0, None, False)


def test_all_gone_leaves_the_gradebook_as_it_was(tmp_path: Path) -> None:
    """A folder that was not mounted must not turn a class's grades into zeros; the table says "missing"."""
    course = make_course(tmp_path / "course", SOURCES)
    paths = [hand_in(course, "01", SOURCES[name], RIGHT | WORDS, name=name) for name in SOURCES]
    grade_class(course, STEM)
    before = rows(course)
    for path in paths:
        path.unlink()
    assert [result.status for result in grade_class(course, STEM)] == [Status.MISSING] * 2
    assert rows(course) == before
