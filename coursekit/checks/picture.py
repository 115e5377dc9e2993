"""What a report draws of one failing case: grids of numbers, ready for text or HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.calling import copied
from coursekit.checks.implementation import Implementation
from coursekit.checks.mistakes import misread
from coursekit.checks.outcome import Returned
from coursekit.checks.report import CaseResult, Report
from coursekit.checks.rules import Rule, SameArray, SameParts
from coursekit.checks.task import Task
from coursekit.checks.values import NotNumbers, as_floats, as_numbers

LARGEST = 14  # rows or columns of a grid that are drawn
MOST_SLICES = 6  # grids that one array of more than two axes is drawn as
ALL = slice(None)


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


def settings_line(task: Task, result: CaseResult) -> str:
    """Return the arguments that are no arrays, as prose: "mode = 'same', stride = (2, 1)"; "" if none."""
    return ", ".join(
        f"{name} = {argument!r}"
        for name, argument in _named_arguments(task, result)
        if not isinstance(argument, (np.ndarray, Implementation))
    )


def _named_arguments(task: Task, result: CaseResult) -> list[tuple[str, object]]:
    """Return the arguments of a case, and what the judge showed besides, with their names."""
    given = zip(task.parameters, result.case.arguments, strict=True)
    return [*given, *zip(task.hidden_parameters, result.case.hidden, strict=False)]


def input_grids(task: Task, result: CaseResult) -> list[Grid]:
    """Return the arrays among the arguments as grids."""
    grids = [
        drawn
        for name, argument in _named_arguments(task, result)
        if isinstance(argument, np.ndarray)
        for drawn in _slices(name, argument)
    ]
    if task.rule.picture == "windows":
        grids[0].frames.extend(_windows(result))
    return grids


def misread_grids(report: Report, result: CaseResult) -> list[Grid]:
    """Return the arrays as the diagnosed mistakes make of them, where they change any."""
    if not any(mistake.before for mistake in report.misconceptions):
        return []
    arguments = copied((*result.case.arguments, *result.case.hidden))
    try:
        used = misread(report.misconceptions, arguments)
    except Exception:  # noqa: BLE001 - a mistake may fail on a case: then there is nothing to draw
        return []
    return [
        drawn
        for name, before, after in zip(report.task.parameters, arguments, used, strict=False)
        if isinstance(after, np.ndarray) and not np.array_equal(before, after)  # type: ignore[arg-type]
        for drawn in _slices(f"{name} as your code uses it", after)
    ]


def answer_grids(task: Task, result: CaseResult) -> list[Grid]:
    """Return the right answer, the answer that came, and their difference where there is one."""
    came = result.outcome.value if isinstance(result.outcome, Returned) else None
    rule = task.rule
    if isinstance(rule, SameParts):
        parts = rule.parts(came) or (None,) * len(rule.names)
        expected: Any = result.expected
        together = zip(rule.names, rule.rules, expected, parts, strict=True)
        return [drawn for name, part, right, mine in together for drawn in _compared(part, right, mine, name)]
    return _compared(rule, result.expected, came, "answer")


def _compared(rule: Rule, expected: object, value: object, name: str) -> list[Grid]:
    if rule.picture != "difference" or expected is None:
        return []  # its sentence says it all, or a frame in the input does
    right = as_numbers(expected)
    came = _numbers(value)
    if came is not None and came.shape == right.shape and isinstance(rule, SameArray):
        wrong = rule.wrong_entries(as_floats(right), as_floats(came))
        if name != "answer" and not wrong.any():
            return []  # the other part is the wrong one
        return list(_side_by_side(right, came, wrong, name))
    grids = _slices(f"right {name}", right)
    return grids if came is None else [*grids, *_slices(f"your {name}", came)]


def _side_by_side(
    right: NDArray[Any], came: NDArray[Any], wrong: NDArray[np.bool_], name: str
) -> Iterator[Grid]:
    """Yield right, yours and difference; of more than two axes one slice at a time, the wrong ones first."""
    if right.ndim > 2 and right.shape[-2:] == (1, 1):
        right, came, wrong = (part.reshape(1, -1) for part in (right, came, wrong))
        name = f"{name} (one pixel a map)"
    for place in sorted(_places(right), key=lambda place: not wrong[place].any())[:2]:
        label = f"{name}{_index(place)}"
        yield grid(f"right {label} {_shape(right[place])}", right[place])
        yield grid(f"your {label} {_shape(came[place])}", came[place])
        yield _difference(label, wrong[place], as_floats(right[place]), as_floats(came[place]))


def _places(array: NDArray[Any]) -> list[tuple[Any, ...]]:
    """Return the indices of the two-axis slices of an array; of fewer axes, all of it."""
    return list(np.ndindex(array.shape[:-2])) if array.ndim > 2 else [(ALL,) * array.ndim]


def _index(place: tuple[Any, ...]) -> str:
    return "" if any(part is ALL for part in place) or not place else f"[{', '.join(map(str, place))}]"


def _slices(name: str, array: NDArray[Any]) -> list[Grid]:
    """Return an array as grids: one for each slice of its last two axes, the first few."""
    if array.ndim <= 2 or array.size == 0:
        return [grid(f"{name} {_shape(array)}", array)]
    if array.shape[-2:] == (1, 1):  # one pixel each: one row of numbers shows them all
        return [grid(f"{name} {_shape(array)}", array.reshape(1, -1))]
    outer = array.shape[:-2]
    there = prod(outer)  # a wrong answer may have millions: only the first are looked up
    places = [tuple(map(int, np.unravel_index(n, outer))) for n in range(min(there, MOST_SLICES))]
    grids = [grid(f"{name}{_index(place)} {_shape(array[place])}", array[place]) for place in places]
    left = there - len(grids)
    if left:
        more = f"{grids[-1].caption}; {left} more of {name} are not drawn"
        grids[-1] = replace(grids[-1], caption=more)
    return grids


def grid(caption: str, array: NDArray[Any]) -> Grid:
    """Return an array of at most two axes as a grid. One axis is one row; an empty array has none."""
    if array.size == 0:
        return Grid(f"{caption}, empty", [])
    rows = np.atleast_2d(array)
    shown = rows[:LARGEST, :LARGEST]
    return Grid(caption, [[number(x) for x in row] for row in shown], cropped=shown.shape != rows.shape)


def number(value: Any, *, signed: bool = False) -> str:
    """Return a number in at most six figures, whole ones without a point."""
    text = f"{float(value):{'+' if signed else ''}.6g}"
    return "0" if text in ("+0", "-0") else text.replace("-", "−")


def _difference(
    label: str, wrong: NDArray[np.bool_], right: NDArray[np.float64], came: NDArray[np.float64]
) -> Grid:
    with np.errstate(all="ignore"):
        difference = np.atleast_2d(np.where(wrong, came - right, 0.0))[:LARGEST, :LARGEST]
        most = np.max(np.abs(difference), where=np.isfinite(difference), initial=0.0)
        heat = np.nan_to_num(difference / most if most > 0 else difference, nan=1.0, posinf=1.0, neginf=-1.0)
    cells = [[number(x, signed=True) for x in row] for row in difference]
    return Grid(f"your {label} − right {label}", cells, heat.tolist())


def _numbers(value: object) -> NDArray[Any] | None:
    try:
        return as_numbers(value)
    except NotNumbers:
        return None


def _windows(result: CaseResult) -> list[Frame]:
    """Return the right window and the student's, if theirs is a place in the image."""
    template: Any = result.case.arguments[1]
    height, width = np.shape(template)
    row, column = as_numbers(result.expected)
    frames = [Frame("right", int(row), int(column), height, width)]
    came = _numbers(result.outcome.value) if isinstance(result.outcome, Returned) else None
    if came is not None and came.shape == (2,) and np.isfinite(as_floats(came)).all():
        theirs = [float(place) for place in as_floats(came)]
        if all(place.is_integer() and abs(place) < LARGEST for place in theirs):
            frames.append(Frame("yours", int(theirs[0]), int(theirs[1]), height, width))
    return frames


def _shape(array: Any) -> str:
    shape = tuple(int(size) for size in np.shape(array))
    return "(one number)" if shape == () else str(shape)
