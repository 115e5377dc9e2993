"""Reads the files of the honest class, and makes the notebooks that the students would have handed in."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
STEMS = tuple(path.name for path in sorted(HERE.glob("[01]*")))
HEADING = re.compile(r"^# %% (.*)\n", re.MULTILINE)
SETTING = re.compile(r"# (points|stock|others|deletes|student): (.*)")
STOCK = re.compile(r"(?P<task>\w+) (?P<points>[\d.]+|none): (?P<why>.+)")
WORDS = ("new above ", "new below ", "note below ", "new at the end", "text of ")


@dataclass
class Submission:
    """One file: what a student wrote, and the points that a fair instructor gives for each task.

    `stock` holds, for tasks that stock nbgrader judges otherwise, its points (None: no number) and why.
    `sections` holds what is in the notebook, by heading; `student` is the id that the notebook names.
    """

    stem: str
    name: str
    style: str
    points: dict[str, float]
    sections: dict[str, str]
    stock: dict[str, tuple[float | None, str]] = field(default_factory=dict)
    deletes: tuple[str, ...] = ()
    student: str = ""

    @property
    def expected_of_stock(self) -> dict[str, float | None]:
        """What stock nbgrader gives, by task."""
        return self.points | {task: points for task, (points, _) in self.stock.items()}


@cache
def read(stem: str, name: str) -> Submission:
    """Read one file; what it has no section for, another file may give (`others`)."""
    text = (HERE / stem / f"{name}.py").read_text(encoding="utf-8")
    head, *parts = HEADING.split(text)
    sections = {
        title.strip(): source.strip("\n") for title, source in zip(parts[::2], parts[1::2], strict=True)
    }
    style, *lines = head.strip().splitlines()
    found = Submission(stem, name, style.removeprefix("# "), {}, sections)
    for line in lines:
        setting = SETTING.fullmatch(line)
        assert setting, f"{stem}/{name}: not a setting: {line}"
        _set(found, *setting.groups())
    return found


def _set(submission: Submission, key: str, value: str) -> None:
    if key == "points":
        pairs = (entry.split() for entry in value.split(", "))
        submission.points = {task: float(points) for task, points in pairs}
    elif key == "stock":
        told = STOCK.fullmatch(value)
        assert told, f"{submission.name}: say what stock nbgrader gives, and why; got {value!r}"
        points = None if told["points"] == "none" else float(told["points"])
        submission.stock[told["task"]] = (points, told["why"])
    elif key == "others":
        submission.sections = read(submission.stem, value).sections | submission.sections
    elif key == "deletes":
        submission.deletes = tuple(value.split(", "))
    else:
        submission.student = value


def submissions(stem: str) -> list[Submission]:
    """Every submission of one exercise."""
    return [read(stem, path.stem) for path in sorted((HERE / stem).glob("*.py"))]


@cache
def _release(stem: str) -> Any:
    return nbformat.read(REPOSITORY / "exercises" / stem / f"{stem}.ipynb", 4)


def notebook_of(submission: Submission) -> Any:
    """The released notebook as this student handed it in."""
    notebook = copy.deepcopy(_release(submission.stem))
    for heading, source in submission.sections.items():
        _write(notebook, heading, source, submission.name)
    for cell in notebook.cells:
        if cell.id == "my-numbers-student" and submission.student != "left as it was":
            cell.source = f"STUDENT = {submission.student or submission.name!r}"
    notebook.cells = [cell for cell in notebook.cells if _grade_id(cell) not in submission.deletes]
    return notebook


def _write(notebook: Any, heading: str, source: str, name: str) -> None:
    word = next((word for word in WORDS if heading.startswith(word)), "")
    task = heading.removeprefix(word)
    if word == "new at the end":
        notebook.cells.append(new_code_cell(source, id="new-at-the-end"))
    elif word == "text of ":
        _cell(notebook, task, name).source = source
    elif word:
        place = notebook.cells.index(_cell(notebook, f"{task}-answer", name)) + ("below" in word)
        make = new_markdown_cell if word.startswith("note") else new_code_cell
        notebook.cells.insert(place, make(source, id=heading.replace(" ", "-")))
    else:
        _cell(notebook, f"{task}-answer", name).source = source


def _cell(notebook: Any, grade_id: str, name: str) -> Any:
    cells = [cell for cell in notebook.cells if _grade_id(cell) == grade_id]
    assert len(cells) == 1, f"{name}: there is no cell {grade_id}"
    return cells[0]


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
