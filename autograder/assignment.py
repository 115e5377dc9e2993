"""TRUSTED: an assignment as the instructor wrote it, and as the students received it."""

from __future__ import annotations

import copy
import hashlib
import json
import math
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
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
from autograder.limits import Limits
from coursekit.checks import find_task
from coursekit.checks.task import Task
from coursekit.errors import ParameterError

CHECK_SUFFIX = "-check"
PACKAGES = ("autograder", "coursekit")


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
    return {path.stem: _read(stem, path) for path in paths}


def _read(stem: str, path: Path) -> AssignmentNotebook:
    try:
        source = nbformat.read(path, 4)
        _require_cells(source)
        return make_notebook(stem, path.stem, source)
    except UsageError:
        raise
    except Exception as error:  # nbformat and nbgrader raise many kinds
        raise UsageError(f"{path} cannot be used as an assignment: {error}") from error


def _require_cells(source: Any) -> None:
    """ValueError, naming the cell, for what nbgrader calls corrupted metadata and no more."""
    tagged = [cell.metadata.nbgrader for cell in source.cells if "nbgrader" in cell.metadata]
    names = [settings.get("grade_id") for settings in tagged]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the grade_id of a cell must be its own; {name!r} is there twice")
    for settings in tagged:
        points = settings.get("points")
        if (settings.get("grade") or settings.get("task")) and not (
            isinstance(points, int | float) and math.isfinite(points) and points >= 0
        ):
            raise ValueError(f"points must be a number >= 0; {settings.get('grade_id')!r} has {points!r}")


def make_notebook(stem: str, name: str, source: Any) -> AssignmentNotebook:
    """Derive what students received, and which task each graded cell belongs to."""
    tasks = {}
    for cell in source.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("grade") and not settings.get("solution"):
            tasks[settings["grade_id"]] = _worth(_task_of(settings["grade_id"]), float(settings["points"]))
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


def _worth(task: Task, points: float) -> Task:
    """The task with the points that its cell carries: an instructor may weigh it otherwise than we do."""
    if task.points == points:
        return task
    share = points / task.points
    groups = [replace(group, points=round(group.points * share, 6)) for group in task.groups]
    heaviest = max(range(len(groups)), key=lambda index: groups[index].points)
    rest = points - sum(group.points for group in groups)  # so that they have the points, not nearly
    groups[heaviest] = replace(groups[heaviest], points=round(groups[heaviest].points + rest, 6))
    return replace(task, groups=tuple(groups))


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


def basis(assignment: AssignmentNotebook, limits: Limits) -> str:
    """SHA-256 of what a score rests on beside the submission: a result of another basis is graded again.

    That is the source notebook (its points, tasks and cells), the limits, and the code that asks, runs and
    compares. The seed is left out: every run draws its own, and a right answer is right for each.
    """
    cells = [[cell.cell_type, cell.source, cell.metadata] for cell in assignment.source.cells]
    digest = hashlib.sha256(code_digest())
    digest.update(json.dumps([cells, limits.as_dict()], sort_keys=True).encode())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def code_digest() -> bytes:
    """Of the Python files of both packages, once per process: what is loaded does not change any more."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return digest.digest()
