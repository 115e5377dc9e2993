"""Write `submitted/` from the students' notebook and answers.py. A test holds the committed files to it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from autograder.sample_class.answers import STUDENTS

STEM = "03_cross_correlation"
HERE = Path(__file__).resolve().parent
RELEASE = HERE.parents[1] / "exercises" / STEM / f"{STEM}.ipynb"


def delete_check(notebook: Any) -> None:
    """The student removed the graded cell of correlate2d."""
    notebook.cells = [cell for cell in notebook.cells if _grade_id(cell) != "correlate2d-check"]


def duplicate_check(notebook: Any) -> None:
    """The student copied a graded cell, tags and all; stock nbgrader stops the class at this."""
    index = next(i for i, cell in enumerate(notebook.cells) if _grade_id(cell) == "correlate2d-check")
    twin = copy.deepcopy(notebook.cells[index])
    twin.id = "copied-by-hand"
    notebook.cells.insert(index + 1, twin)


ACCIDENTS: dict[str, Callable[[Any], None]] = {
    "17-deleted-check": delete_check,
    "18-duplicated-check": duplicate_check,
}
OTHER_FILES = {
    "19-no-notebook": (f"{STEM}.ipynb", "My answers are in the attached document.\n"),
    "22-nothing-handed-in": ("README.txt", "I will hand in tomorrow.\n"),
}


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def files() -> dict[str, str]:
    """Every file of the sample class: its path under `submitted/`, and its text."""
    release = nbformat.read(RELEASE, 4)
    found = {}
    for student, answers in STUDENTS.items():
        if student in OTHER_FILES:
            name, text = OTHER_FILES[student]
        else:
            name, text = f"{STEM}.ipynb", nbformat.writes(_submission(release, student, answers)) + "\n"
        found[f"{student}/{STEM}/{name}"] = text
    return found


def _submission(release: Any, student: str, answers: dict[str, str]) -> Any:
    notebook = copy.deepcopy(release)
    for cell in notebook.cells:
        task = _grade_id(cell).removesuffix("-answer")
        if _grade_id(cell).endswith("-answer") and task in answers:
            cell.source = answers[task].rstrip("\n")
    ACCIDENTS.get(student, lambda notebook: None)(notebook)
    return notebook


def main() -> None:
    """Write the files anew."""
    for name, text in files().items():
        path = HERE / "submitted" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
