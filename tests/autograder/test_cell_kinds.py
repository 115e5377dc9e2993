"""All of nbgrader's kinds of cells in one assignment: ours are the rows that nbgrader itself writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import load_assignment
from autograder.course import Course
from autograder.grade import grade_class
from autograder.release import save_source_cells
from autograder.result import Result, Status
from tests.autograder.small_course import (
    GRADED_HERE,
    RIGHT,
    STEM,
    by_hand,
    comments,
    database,
    grades,
    hand_in,
    make_course,
    nbgraders_own_run,
    notebook,
    rows,
    special,
)

pytestmark = GRADED_HERE
WORDS = "Each kernel sums over all channels."
PLOT = "print('a curve')"
STUDENTS = {
    "01-everything": RIGHT | {"depth-words": WORDS, "plot": PLOT},
    "02-nothing": {},
    "03-only-code": {name: RIGHT[name] for name in ("one_number", "depthwise")},
    "04-only-words": {"depth-words": WORDS, "plot": "raise ValueError('not yet')"},
}
FULL = 1 + 1 + 2 + 3 + 0 + 4  # one_number, depth-words, plot, the task, conv1x1, depthwise


def every_kind() -> Any:
    """Judged tasks of three weights, two cells graded by hand, a task cell and a locked one, together."""
    source = notebook("one_number", "depth-words", "conv1x1", "depthwise", conv1x1=0, depthwise=4)
    source.cells += [
        special(
            "plot",
            "### BEGIN SOLUTION\nprint(1)\n### END SOLUTION",
            "code",
            grade=True,
            solution=True,
            points=2,
        ),
        special("essay", "Describe a layer of your own in a new cell.", task=True, locked=True, points=3),
        special("given", "SIDE = 5", "code", locked=True),
    ]
    return source


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, one_jail: None) -> tuple[Course, list[Result]]:
    course = make_course(tmp_path_factory.mktemp("kinds") / "course", {STEM: every_kind()})
    for student, answers in STUDENTS.items():
        hand_in(course, student, every_kind(), answers)
    return course, grade_class(course, STEM)


def test_each_submission_is_graded_and_its_full_marks_are_nbgraders(
    graded: tuple[Course, list[Result]],
) -> None:
    course, results = graded
    assert [(r.status, r.score) for r in results] == [
        (Status.GRADED, 5.0),
        (Status.GRADED, 0.0),
        (Status.GRADED, 5.0),
        (Status.GRADED, 0.0),
    ]
    assert {result.max_score for result in results} == {FULL}
    assert load_assignment(course, STEM)[STEM].max_score == FULL
    with database(course) as opened:
        parts = [
            opened.execute(f"select sum(max_score) from {table}").fetchone()[0]
            for table in ("grade_cells", "task_cells")
        ]
    assert parts == [FULL - 3, 3]


def test_what_a_person_must_look_at_is_what_was_answered_in_words(
    graded: tuple[Course, list[Result]],
) -> None:
    course, _ = graded
    by_person, nothing_there = (None, None, True), (0.0, None, False)
    assert grades(course, "01-everything") == {
        "one_number-check": (1.0, None, False),
        "conv1x1-check": (0.0, None, False),
        "depthwise-check": (4.0, None, False),
        "depth-words": by_person,
        "plot": by_person,
        "essay": by_person,
    }
    assert grades(course, "02-nothing") == {
        "one_number-check": nothing_there,
        "conv1x1-check": nothing_there,
        "depthwise-check": nothing_there,
        "depth-words": nothing_there,
        "plot": nothing_there,
        "essay": by_person,  # the answer would stand in other cells: only a person sees none
    }
    answers = ("one_number-answer", "conv1x1-answer", "depthwise-answer")
    none = ("No response.", None)
    assert comments(course, "02-nothing") == dict.fromkeys((*answers, "depth-words", "plot"), none) | {
        "essay": (None, None)
    }
    assert set(comments(course, "01-everything").values()) == {(None, None)}


def test_the_rows_are_those_of_nbgraders_own_run_also_after_grading_by_hand_and_again(
    graded: tuple[Course, list[Result]],
) -> None:
    course, _ = graded
    found = []
    for ours in (True, False):
        if not ours:
            (course.root / "gradebook.db").unlink()
            save_source_cells(course, STEM)
            nbgraders_own_run(course, STUDENTS, force=True)
        found.append([rows(course)])
        by_hand(course, "01-everything", "depth-words", manual_score=1.0)
        by_hand(course, "01-everything", "depthwise-check", extra_credit=1.5)
        by_hand(course, "03-only-code", "depthwise-check", manual_score=2.5)
        by_hand(course, "02-nothing", "plot", manual_score=0.5, extra_credit=0.25)
        by_hand(course, "02-nothing", "plot", manual_comment="You told me at the board.")
        again = ["01-everything", "02-nothing", "03-only-code"]
        if ours:
            grade_class(course, STEM, students=again, force=True)
        else:
            nbgraders_own_run(course, again, force=True)
        found[-1].append(rows(course))
    (first, second), (first_of_nbgrader, second_of_nbgrader) = found
    assert first == first_of_nbgrader
    assert second == second_of_nbgrader
    assert len(first) == len(STUDENTS) * 12


def test_a_task_cell_that_was_graded_by_hand_is_shown_again_after_a_regrade(tmp_path: Path) -> None:
    """nbgrader leaves it, also where the student handed in another answer; then nobody would see that one."""
    source = notebook("one_number")
    source.cells.append(special("essay", "Describe a layer.", task=True, locked=True, points=3))
    course = make_course(tmp_path / "course", {STEM: source})
    hand_in(course, "01-essay", source, RIGHT)
    grade_class(course, STEM)
    by_hand(course, "01-essay", "essay", manual_score=2.0)
    assert grades(course, "01-essay")["essay"] == (None, 2.0, False)
    hand_in(course, "01-essay", source, {"one_number": RIGHT["one_number"] + "\n# and a word more"})
    (result,) = grade_class(course, STEM)
    assert grades(course, "01-essay")["essay"] == (None, 2.0, True)
    assert result.total == 3.0


def test_points_that_an_author_changed_count_as_the_cell_says(tmp_path: Path) -> None:
    source = notebook("correlate_channels", "depthwise", correlate_channels=10, depthwise=1)
    only_whole_numbers = "def depthwise(image, kernels):\n" + "    image = np.asarray(image).astype(int)\n"
    answer = RIGHT["depthwise"].split("\n", 1)[1]
    course = make_course(tmp_path / "course", {STEM: source})
    hand_in(course, "01-half", source, {"depthwise": only_whole_numbers + answer})
    hand_in(course, "02-right", source, RIGHT)
    half, right = grade_class(course, STEM)
    assert [(task.score, task.max_score) for task in half.tasks] == [(0.0, 10.0), (0.5, 1.0)]
    assert (right.score, right.max_score) == (11.0, 11.0)
    assert grades(course, "01-half")["depthwise-check"] == (0.5, None, False)
