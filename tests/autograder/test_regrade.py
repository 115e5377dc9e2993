"""What is graded again, what is kept, and that nothing stale is left when an assignment was changed."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import assignment as assignment_module
from autograder.course import Course
from autograder.grade import grade_class
from autograder.limits import Limits
from autograder.release import release
from autograder.result import Result
from tests.autograder.small_course import (
    RIGHT,
    STEM,
    by_hand,
    comments,
    database,
    grades,
    hand_in,
    make_course,
    notebook,
    rows,
    special,
    write_source,
)

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("one_jail")]
SOURCE = notebook("one_number", "depth-words", "depthwise")
WORDS = {"depth-words": "As deep as the image."}
STUDENT = "01-right"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course = make_course(tmp_path / "course", {STEM: SOURCE})
    hand_in(course, STUDENT, SOURCE, RIGHT | WORDS)
    return course


class Runs:
    """Counts the notebooks that were really graded."""

    def __init__(self, course: Course) -> None:
        self.course = course

    def graded_again(self, **options: object) -> bool:
        """Grade the class; True if the student's record was written anew by a run of the notebook."""
        path = self.course.folder("autograded", STEM, STUDENT) / f"{STEM}.ipynb"
        before = path.stat().st_mtime_ns if path.exists() else 0
        self.results: list[Result] = grade_class(self.course, STEM, **options)  # type: ignore[arg-type]
        return path.stat().st_mtime_ns != before


def test_what_has_not_changed_is_kept_and_force_grades_it_again(course: Course) -> None:
    runs = Runs(course)
    assert runs.graded_again()
    first = runs.results
    assert not runs.graded_again()
    assert runs.results == first
    assert runs.graded_again(force=True)


def test_another_file_other_limits_or_other_checks_are_graded_again(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs(course)
    runs.graded_again()
    hand_in(
        course, STUDENT, SOURCE, RIGHT | {"depthwise": "def depthwise(image, kernels):\n    return image"}
    )
    assert runs.graded_again()
    assert runs.results[0].score == 1.0
    other = replace(Limits(), question_seconds=4.0)
    assert runs.graded_again(limits=other)
    assert not runs.graded_again(limits=other)
    monkeypatch.setattr(assignment_module, "code_digest", lambda: b"after an update of the course")
    assert runs.graded_again(limits=other)


def test_the_digest_of_the_code_covers_the_checks_and_the_grader() -> None:
    root = Path(assignment_module.__file__).parents[1]
    for name in ("coursekit/checks/examine.py", "coursekit/reference/__init__.py", "autograder/judge.py"):
        assert (root / name).is_file()
    assert assignment_module.PACKAGES == ("autograder", "coursekit")
    assert len(assignment_module.code_digest()) == 32


def test_a_gradebook_or_a_graded_notebook_that_is_gone_comes_back(course: Course) -> None:
    runs = Runs(course)
    runs.graded_again()
    before = rows(course)
    (course.root / "gradebook.db").unlink()
    runs.graded_again()
    assert rows(course) == before
    (course.folder("autograded", STEM, STUDENT) / f"{STEM}.ipynb").unlink()
    assert runs.graded_again()


def test_manual_work_survives_and_who_hands_in_again_is_looked_at_again(course: Course) -> None:
    grade_class(course, STEM)
    by_hand(course, STUDENT, "depth-words", manual_score=0.5, extra_credit=0.25)
    by_hand(course, STUDENT, "depth-words", manual_comment="Say why.")
    by_hand(course, STUDENT, "one_number-check", manual_score=0.75)
    (kept,) = grade_class(course, STEM)
    assert grades(course, STUDENT)["depth-words"] == (None, 0.5, False), "nothing new to look at"
    assert kept.total == 0.75 + 0.75 + 2.0
    hand_in(
        course, STUDENT, SOURCE, RIGHT | {"depth-words": "As deep as the image, for each channel counts."}
    )
    (again,) = grade_class(course, STEM)
    assert grades(course, STUDENT) == {
        "one_number-check": (1.0, 0.75, True),
        "depth-words": (None, 0.5, True),
        "depthwise-check": (2.0, None, False),
    }
    assert comments(course, STUDENT)["depth-words"] == (None, "Say why.")
    assert (again.score, again.total) == (3.0, 3.5)


def test_other_points_are_in_the_gradebook_and_in_the_scores(course: Course) -> None:
    grade_class(course, STEM)
    by_hand(course, STUDENT, "depth-words", manual_score=1.0)
    write_source(
        course.root, STEM, notebook("one_number", "depth-words", "depthwise", one_number=5, depthwise=1)
    )
    (result,) = grade_class(course, STEM)
    assert (result.score, result.max_score, result.total) == (6.0, 7.0, 7.0)
    with database(course) as opened:
        assert dict(
            opened.execute("select b.name, g.max_score from grade_cells g join base_cell b using (id)")
        ) == {
            "one_number-check": 5.0,
            "depth-words": 1.0,
            "depthwise-check": 1.0,
        }
    assert grades(course, STUDENT)["one_number-check"] == (5.0, None, False)
    assert grades(course, STUDENT)["depth-words"] == (None, 1.0, True)


def changed() -> object:
    """The source with a task more, one fewer, a renamed hand-graded cell, and a new kind of cell."""
    source = copy.deepcopy(notebook("one_number", "depth-words", "conv1x1"))
    renamed = next(c for c in source.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "depth-words")
    renamed.metadata.nbgrader["grade_id"] = "depth-explained"
    source.cells.append(special("essay", "Describe a layer.", task=True, locked=True, points=3))
    return source


@pytest.mark.parametrize("release_first", [False, True], ids=["grade", "release-then-grade"])
def test_other_cells_leave_nothing_stale_and_lose_no_hand_grading(
    course: Course, release_first: bool
) -> None:
    hand_in(course, "02-away", SOURCE, {})
    grade_class(course, STEM)
    by_hand(course, STUDENT, "one_number-check", extra_credit=0.5)
    by_hand(course, STUDENT, "depth-words", manual_score=0.75)
    by_hand(course, STUDENT, "depth-words", manual_comment="Nearly.")
    (course.folder("submitted", STEM, "02-away") / f"{STEM}.ipynb").unlink()  # cannot be graded again
    write_source(course.root, STEM, changed())
    if release_first:
        release(course, STEM)
    result = grade_class(course, STEM)[0]
    assert (result.score, result.max_score, result.total) == (1.0, 6.0, 1.5)
    cells = {"one_number-check", "conv1x1-check", "depth-explained", "essay"}
    for student in (STUDENT, "02-away"):
        assert set(grades(course, student)) == cells
        assert set(comments(course, student)) == {
            "one_number-answer",
            "conv1x1-answer",
            "depth-explained",
            "essay",
        }
    with database(course) as opened:
        for table in ("grade", "comment"):
            left = opened.execute(
                f"select count(*) from {table} where cell_id not in (select id from base_cell)"
            )
            assert left.fetchone() == (0,)
        names = {name for (name,) in opened.execute("select name from source_cell")}
        assert "depthwise-check" not in names
    kept = course.reports(STEM) / "hand-graded-cells-that-are-gone.jsonl"
    assert [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()] == [
        {"student": STUDENT, "notebook": STEM, "cell": "depth-words", "manual_score": 0.75},
        {"student": STUDENT, "notebook": STEM, "cell": "depth-words", "manual_comment": "Nearly."},
    ]


def test_a_second_notebook_and_one_that_is_taken_away_again(course: Course) -> None:
    grade_class(course, STEM)
    by_hand(course, STUDENT, "depth-words", manual_score=1.0)
    extra = notebook("conv1x1")
    write_source(course.root, "extra", extra)
    first, second = grade_class(course, STEM)
    assert (first.total, second.status, second.total) == (4.0, "missing", 0.0)
    assert grades(course, STUDENT, "extra") == {"conv1x1-check": (0.0, None, False)}
    (course.root / "solutions" / STEM / "extra.ipynb").unlink()
    (only,) = grade_class(course, STEM)
    assert only.total == 4.0
    assert {row[3] for row in rows(course)} == {STEM}
    assert grades(course, STUDENT)["depth-words"][1] == 1.0
