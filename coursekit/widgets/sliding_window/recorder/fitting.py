"""One rule behind all outputs: beside tap u stands the pixel in row stride × i + step × u + start."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from coursekit.widgets.sliding_window.recorder.nodes import Cell
from coursekit.widgets.sliding_window.recorder.sums import Sum, Task

Columns = NDArray[np.int64]


@dataclass(frozen=True)
class AxisRule:
    """The pixel along one axis: stride × output + step × tap + start."""

    stride: int
    step: int
    start: int

    def first(self, taps: int) -> int:
        """Return the first pixel of the window of output 0."""
        return self.start + min(0, self.step * (taps - 1))


@dataclass(frozen=True)
class Rule:
    """How all outputs were made.

    is_output_turned : the pixel's row follows the column of the output
    is_kernel_turned : the pixel's row follows the column of the tap
    """

    rows: AxisRule
    columns: AxisRule
    is_output_turned: bool = False
    is_kernel_turned: bool = False

    def pixel(self, cell: Cell, tap: Cell) -> Cell:
        """Return the pixel that stands beside a tap by this rule; it may lie outside."""
        cell = cell[::-1] if self.is_output_turned else cell
        tap = tap[::-1] if self.is_kernel_turned else tap
        row, column = (
            rule.stride * at + rule.step * t + rule.start
            for rule, at, t in zip((self.rows, self.columns), cell, tap, strict=True)
        )
        return row, column


def right_rule(task: Task) -> Rule:
    """Return the rule that the task asks for."""
    rows, columns = (AxisRule(task.stride[axis], task.step(axis), task.start(axis)) for axis in (0, 1))
    return Rule(rows, columns)


def find_rule(task: Task, sums: list[Sum]) -> Rule | None:
    """Return the rule that all products follow, the one nearest to the right one; None if there is none."""
    rows = [(*one.cell, *term.tap, *term.pixel) for one in sums for term in one.products]  # type: ignore[misc]
    if not rows:
        return None
    table = np.array(rows, dtype=np.int64)
    best: tuple[int, Rule] | None = None
    for is_output_turned, is_kernel_turned in product((False, True), repeat=2):
        found = []
        for axis in (0, 1):
            at = table[:, 1 - axis if is_output_turned else axis]
            tap_axis = 1 - axis if is_kernel_turned else axis
            fit = _fit_axis(task, axis, tap_axis, at, table[:, 2 + tap_axis], table[:, 4 + axis])
            if fit is None:
                break
            found.append(fit)
        if len(found) < 2:
            continue
        cost = sum(one[0] for one in found) + 2 * (is_output_turned + is_kernel_turned)
        rule = Rule(found[0][1], found[1][1], is_output_turned, is_kernel_turned)
        if best is None or cost < best[0]:
            best = (cost, rule)
    return best[1] if best else None


def _fit_axis(
    task: Task, axis: int, tap_axis: int, at: Columns, tap: Columns, pixel: Columns
) -> tuple[int, AxisRule] | None:
    """Return the simplest rule of one axis that fits, after the number of things in it that are wrong."""
    taps = task.kernel.shape[tap_axis]
    stride, step = task.stride[axis], task.step(axis)
    first = -task.padding[axis]
    best: tuple[int, AxisRule] | None = None
    strides = dict.fromkeys((stride, *range(1, max(6, *task.kernel.shape) + 1), 0))
    steps = dict.fromkeys((step, -step, 1, -1, 2, -2, 3, -3))
    for trial in product(strides, steps):
        start = int(pixel[0] - trial[0] * at[0] - trial[1] * tap[0])
        if not np.array_equal(trial[0] * at + trial[1] * tap + start, pixel):
            continue
        rule = AxisRule(trial[0], trial[1], start)
        cost = (trial[0] != stride) + 2 * (trial[1] != step) + (rule.first(taps) != first)
        if best is None or cost < best[0]:
            best = (cost, rule)
    return best
