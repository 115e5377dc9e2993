"""The class: what its students hand in, from the solutions, the honest class and the sample class.

For each exercise, a block of students:

3  right in the words of the solution
10 the honest class (tests/honest): right and partly right, in varied styles
2  a solution with misconceptions put in (mistakes.py)
1  who stopped halfway: the first half of the answers
4  of 03 alone: wrong answers of the sample class (autograder/sample_class)

Everybody's answers end with their own name in a comment, so that no two files are the same. A class of
N blocks is N times this block: whoever grades another number of blocks grades the same work on average.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from autograder.sample_class.answers import STUDENTS as SAMPLE_ANSWERS
from benchmarks.grading.mistakes import SLIPS, Slip, with_slip
from tests.honest.submissions import Submission, notebook_of, submissions

REPOSITORY = Path(__file__).resolve().parents[2]
STEMS = tuple(SLIPS)
RIGHT = 3
SAMPLES = ("07-convolves", "09-swaps-axes", "12-unfinished", "04-lists")
OF_THE_SAMPLE_CLASS = "03_cross_correlation"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Student:
    """One who hands in: `kind` says where the answers come from.

    `stock` holds, by graded cell, the points of stock nbgrader where it is known to be wrong (None: none).
    """

    name: str
    kind: str
    notebook: Callable[[], Any]
    stock: dict[str, float | None] = field(default_factory=dict)


@cache
def _released(stem: str) -> Any:
    return nbformat.read(REPOSITORY / "exercises" / stem / f"{stem}.ipynb", 4)


@cache
def solution_answers(stem: str) -> dict[str, str]:
    """The answers of the solution, by the grade_id of their cell, as a student would hand them in."""
    source = nbformat.read(REPOSITORY / "solutions" / stem / f"{stem}.ipynb", 4)
    return {
        cell.metadata.nbgrader.grade_id: _without_marks(cell.source)
        for cell in source.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def _without_marks(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip() not in (BEGIN, END))


def answered(stem: str, answers: dict[str, str]) -> Any:
    """The released notebook with these answers, by grade_id; one that is left out stays as released."""
    notebook = copy.deepcopy(_released(stem))
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell.source = answers[grade_id]
    return notebook


def _with_slips(stem: str, slips: tuple[Slip, ...]) -> Any:
    answers = dict(solution_answers(stem))
    for slip in slips:
        answers[f"{slip.task}-answer"] = with_slip(answers[f"{slip.task}-answer"], slip)
    return answered(stem, answers)


def _halfway(stem: str) -> Any:
    answers = solution_answers(stem)
    return answered(stem, dict(list(answers.items())[: len(answers) // 2]))


def _of_the_sample(stem: str, name: str) -> Any:
    return answered(stem, {f"{task}-answer": text for task, text in SAMPLE_ANSWERS[name].items()})


def _honest(submission: Submission) -> Student:
    wrong = {f"{task}-check": points for task, (points, _) in submission.stock.items()}
    return Student(submission.name, "honest class", lambda: notebook_of(submission), wrong)


def block(stem: str) -> list[Student]:
    """The students of one exercise, each once."""
    right = [
        Student(f"right-{number}", "solution", lambda: answered(stem, solution_answers(stem)))
        for number in range(RIGHT)
    ]
    slips = [
        Student(f"slip-{number}", "misconceptions put in", lambda made=made: _with_slips(stem, made))  # type: ignore[misc]
        for number, made in enumerate(SLIPS[stem])
    ]
    samples = [
        Student(f"sample-{name}", "sample class", lambda name=name: _of_the_sample(stem, name))  # type: ignore[misc]
        for name in (SAMPLES if stem == OF_THE_SAMPLE_CLASS else ())
    ]
    halfway = Student("halfway", "stopped halfway", lambda: _halfway(stem))
    # turn and turn about, so that the first few are a mix too
    honest = [_honest(submission) for submission in submissions(stem)]
    rest = [*right, *slips, halfway, *samples]
    mixed = [one for pair in zip(rest, honest, strict=False) for one in pair]
    shorter = min(len(rest), len(honest))
    return [*mixed, *rest[shorter:], *honest[shorter:]]


def students(stem: str, blocks: int, most: int | None = None) -> dict[str, tuple[Student, str]]:
    """The class's work on `stem`: by the name of each copy, the student and the text of the notebook."""
    chosen = block(stem)[:most]
    return {
        f"{student.name}-{number}": (student, _text(stem, student, f"{student.name}-{number}"))
        for number in range(blocks)
        for student in chosen
    }


def _text(stem: str, student: Student, name: str) -> str:
    notebook = student.notebook()
    stubs = {cell.source for cell in _released(stem).cells}
    for cell in notebook.cells:
        answered_here = cell.metadata.get("nbgrader", {}).get("solution") and cell.source not in stubs
        if answered_here and cell.cell_type == "code":
            cell.source = f"{cell.source}\n# {name}"
        own = student.kind != "honest class" or cell.source == f"STUDENT = {student.name!r}"
        if cell.id == "my-numbers-student" and own:
            cell.source = f"STUDENT = {name!r}"
    return str(nbformat.writes(notebook))
