"""TRUSTED: an assignment as the instructor wrote it, and as the students received it."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

from autograder.course import Course, UsageError
from coursekit.checks import find_task
from coursekit.checks.task import Task
from coursekit.errors import ParameterError

CHECK_SUFFIX = "-check"


@dataclass(frozen=True)
class AssignmentNotebook:
    """One notebook of an assignment: `source` with answers, `release` as students received it."""

    stem: str
    name: str
    source: Any
    release: Any
    tasks: dict[str, Task] = field(default_factory=dict)  # by the grade_id of the graded cell

    @property
    def max_score(self) -> float:
        """Points of all graded cells, those graded by hand included."""
        return float(sum(grade_cells(self.release).values()))


def load_assignment(course: Course, stem: str) -> dict[str, AssignmentNotebook]:
    """Read the notebooks of `solutions/STEM`, by name.

    UsageError if there is none, or if a graded cell has no task that asks its questions.
    """
    course.require_stem(stem)
    paths = sorted(course.folder("source", stem).glob("*.ipynb"))
    return {path.stem: make_notebook(stem, path.stem, nbformat.read(path, 4)) for path in paths}


def make_notebook(stem: str, name: str, source: Any) -> AssignmentNotebook:
    """Derive what students received, and which task each graded cell belongs to."""
    tasks = {}
    for cell in source.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("grade") and not settings.get("solution"):
            tasks[settings["grade_id"]] = _task_of(settings["grade_id"])
    return AssignmentNotebook(stem, name, source, released(source), tasks)


def _task_of(grade_id: str) -> Task:
    if not grade_id.endswith(CHECK_SUFFIX):
        raise UsageError(
            f"the grade_id of a graded test cell must be '<task>{CHECK_SUFFIX}'; got {grade_id!r}"
        )
    try:
        return find_task(grade_id.removesuffix(CHECK_SUFFIX))
    except ParameterError as error:
        raise UsageError(f"graded cell {grade_id!r}: {error}") from error


def released(source: Any) -> Any:
    """The students' version of a source notebook, made by nbgrader's own preprocessors."""
    notebook: Any = copy.deepcopy(source)
    resources: dict[str, Any] = {}
    steps = (
        LockCells,
        ClearSolutions,
        ClearOutput,
        CheckCellMetadata,
        ClearHiddenTests,
        ClearMarkScheme,
        ComputeChecksums,
    )
    for step in steps:
        notebook, resources = step().preprocess(notebook, resources)
    return notebook


def grade_cells(notebook: Any) -> dict[str, float]:
    """Points by grade_id of every cell that carries points."""
    found = {}
    for cell in notebook.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("grade") or settings.get("task"):
            found[settings["grade_id"]] = float(settings["points"])
    return found
