"""What a report draws of one failing case: grids of numbers, ready for text or HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.outcome import Returned
from coursekit.checks.report import CaseResult
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Task
from coursekit.checks.values import NotNumbers, as_floats, as_numbers

LARGEST = 14  # rows or columns of a grid that are drawn


@dataclass(frozen=True)
class Frame:
    """A rectangle drawn around cells: a window. `kind` is "right" or "yours"."""

    kind: str
    row: int
    column: int
    height: int
    width: int

    def holds(self, row: int, column: int) -> bool:
        """Return whether the cell lies inside."""
        return 0 <= row - self.row < self.height and 0 <= column - self.column < self.width


@dataclass(frozen=True)
class Grid:
    """A caption, rows of texts, and for each cell a heat from -1 (blue) over 0 (none) to 1 (orange)."""

    caption: str
    cells: list[list[str]]
    heat: list[list[float]] | None = None
    frames: list[Frame] = field(default_factory=list)
    cropped: bool = False


def input_grids(task: Task, result: CaseResult) -> list[Grid]:
    """Return one grid for each argument of the case."""
    grids = [
        grid(f"{name} {_shape(argument)}", np.asarray(argument))
        for name, argument in zip(task.parameters, result.case.arguments, strict=True)
    ]
    if task.rule.picture == "windows":
        grids[0].frames.extend(_windows(result))
    return grids


def answer_grids(task: Task, result: CaseResult) -> list[Grid]:
    """Return the right answer, the answer that came, and their difference where there is one."""
    if task.rule.picture == "windows":
        return []  # the sentence names both places, and the image shows them
    right = as_numbers(result.expected)
    grids = [grid(f"right answer {_shape(right)}", right)]
    came = _came(result)
    if came is None:
        return grids
    grids.append(grid(f"your answer {_shape(came)}", came))
    rule = task.rule
    if isinstance(rule, SameArray) and came.shape == right.shape and came.ndim <= 2:
        grids.append(_difference(rule, as_floats(right), as_floats(came)))
    return grids


def grid(caption: str, array: NDArray[Any]) -> Grid:
    """Return an array of at most two axes as a grid; of more, only its caption. One axis is one row."""
    if array.ndim > 2 or array.size == 0:
        return Grid(f"{caption}, {'empty' if array.size == 0 else 'not drawn'}", [])
    rows = np.atleast_2d(array)
    shown = rows[:LARGEST, :LARGEST]
    return Grid(caption, [[number(x) for x in row] for row in shown], cropped=shown.shape != rows.shape)


def number(value: Any, *, signed: bool = False) -> str:
    """Return a number in at most six figures, whole ones without a point."""
    text = f"{float(value):{'+' if signed else ''}.6g}"
    return "0" if text in ("+0", "-0") else text


def _difference(rule: SameArray, right: NDArray[np.float64], came: NDArray[np.float64]) -> Grid:
    right, came = np.atleast_2d(right)[:LARGEST, :LARGEST], np.atleast_2d(came)[:LARGEST, :LARGEST]
    with np.errstate(all="ignore"):
        difference = np.where(rule.wrong_entries(right, came), came - right, 0.0)
        most = np.max(np.abs(difference), where=np.isfinite(difference), initial=0.0)
        heat = np.nan_to_num(difference / most if most > 0 else difference, nan=1.0, posinf=1.0, neginf=-1.0)
    cells = [[number(x, signed=True) for x in row] for row in difference]
    return Grid("your answer − right answer", cells, heat.tolist())


def _came(result: CaseResult) -> NDArray[Any] | None:
    if not isinstance(result.outcome, Returned):
        return None
    try:
        return as_numbers(result.outcome.value)
    except NotNumbers:
        return None


def _windows(result: CaseResult) -> list[Frame]:
    """Return the right window and the student's, if theirs is a place in the image."""
    template: Any = result.case.arguments[1]
    height, width = np.shape(template)
    row, column = as_numbers(result.expected)
    frames = [Frame("right", int(row), int(column), height, width)]
    came = _came(result)
    if came is not None and came.shape == (2,) and np.isfinite(as_floats(came)).all():
        theirs = [float(place) for place in as_floats(came)]
        if all(place.is_integer() and abs(place) < LARGEST for place in theirs):
            frames.append(Frame("yours", int(theirs[0]), int(theirs[1]), height, width))
    return frames


def _shape(array: Any) -> str:
    shape = tuple(int(size) for size in np.shape(array))
    return "(one number)" if shape == () else str(shape)
