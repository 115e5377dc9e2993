"""TRUSTED: what a graded notebook says at its top: what was put right, or why it could not be graded."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from autograder import nodes
from autograder.assignment import AssignmentNotebook
from autograder.submission import make_harmless


def add_notes(notebook: Any, notes: Sequence[str]) -> None:
    """Say at the top of `notebook` what was put right in the student's file, if anything was."""
    if notes:
        _put_on_top(notebook, "Put right before grading", notes)


def not_graded(assignment: AssignmentNotebook, why: str) -> Any:
    """The notebook as it was released, with no points, that tells the student why."""
    notebook = copy.deepcopy(assignment.release)
    _put_on_top(notebook, "This submission could not be graded", [why])
    give_nothing(notebook, assignment)
    return notebook


def give_nothing(notebook: Any, assignment: AssignmentNotebook) -> None:
    """Every task gets 0 points, in the form that nbgrader reads points from."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in assignment.tasks:
            cell.outputs = [nodes.shown_value({"text/plain": "0"})]


def _put_on_top(notebook: Any, title: str, lines: Sequence[str]) -> None:
    """The notice as the first cell. A line may hold what a student chose, such as the name of a file."""
    text = f"**{title}**\n\n" + "\n".join(f"- {line}" for line in lines)
    notice = nodes.markdown_cell(text, "grader-notice")
    make_harmless(type(notebook)(cells=[notice]), type(notebook)(cells=[]))
    notebook.cells.insert(0, notice)
