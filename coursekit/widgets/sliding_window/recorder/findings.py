"""What a recorded call did wrong, each mistake in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursekit.widgets.sliding_window.recorder.events import Events
from coursekit.widgets.sliding_window.recorder.fitting import Rule
from coursekit.widgets.sliding_window.recorder.nodes import Cell
from coursekit.widgets.sliding_window.recorder.sums import Returned, Sum, Task
from coursekit.widgets.sliding_window.recorder.words import capital, is_one, join, minus, name_cells


@dataclass(frozen=True)
class Finding:
    """One mistake.

    id : what kind of mistake, a stable name
    sentence : what the function did, for the student
    cells : the outputs that it is about; none where it is about the whole
    event : the number of the event at which it can be seen, -1 for none
    """

    id: str
    sentence: str
    cells: tuple[Cell, ...] = ()
    event: int = -1


@dataclass
class Judged:
    """A recorded call with what is to be said of it."""

    task: Task
    events: Events
    returned: Returned | None
    error: str
    sums: list[Sum] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.returned is not None and self.returned.values.ndim == 2:
            self.sums = self.returned.sums(bool(self.events.lost))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of what was returned."""
        return () if self.returned is None else self.returned.values.shape

    def find(self, kind: str, sentence: str, sums: Sequence[Sum] = (), event: int | None = None) -> None:
        """Add a finding about some outputs; it is seen where the first of them was made."""
        if event is None:
            event = sums[0].event if sums else -1
        cells = tuple(one.cell for one in sums)
        self.findings.append(Finding(kind, capital(sentence), cells, event))

    def outputs(self, sums: Iterable[Sum]) -> str:
        """Return which outputs these are, in words."""
        return name_cells([one.cell for one in sums], self.shape, "output", "output")


# What was returned, before its sums are looked at


def judge_error(judged: Judged) -> None:
    """Say where the function stopped."""
    if not judged.error:
        return
    stopped = next((e for e in reversed(judged.events.all) if e.kind == "raise"), None)
    line = f" in line {stopped.line}" if stopped and stopped.line else ""
    sums = [one for one in judged.sums if one.is_written and not one.is_empty]
    last = f" The last output it wrote was {max(sums, key=lambda one: one.event).cell}." if sums else ""
    sentence = f"The function stopped{line}: {judged.error}.{judged.events.failed_read}{last}"
    event = judged.events.all.index(stopped) if stopped else -1
    judged.find("raised", sentence, event=event)


def judge_shape(judged: Judged, result: Any) -> bool:
    """Say what is wrong with the shape; return whether the sums can be looked at."""
    if judged.returned is None:
        if not judged.error:
            returned = "None" if result is None else f"a {type(result).__name__}"
            also = " Is `return` missing at its end?" if result is None else ""
            judged.find("no_array", f"The function returned {returned}, not an array of numbers.{also}")
        return False
    if len(judged.shape) != 2:
        axes = {0: "one number", 1: "one row of numbers"}.get(len(judged.shape), f"{len(judged.shape)} axes")
        judged.find("wrong_axes", f"The output must have rows and columns; the function returned {axes}.")
        return False
    return True


def judge_size(judged: Judged, rule: Rule) -> None:
    """Compare the size of the output with the number of windows; swapped axes swap the sizes, too."""
    wanted, task, shape = judged.task.shape, judged.task, judged.shape
    if shape == _size_by(rule, task):
        return
    more = [size > right for size, right in zip(shape, wanted, strict=True)]
    less = [size < right for size, right in zip(shape, wanted, strict=True)]
    unwritten = [one for one in judged.sums if not one.is_written]
    beyond = [one for one in judged.sums if one.cell[0] >= wanted[0] or one.cell[1] >= wanted[1]]
    reason = ""
    if tuple(shape) == task.image.shape and any(more):
        reason = " It is as large as the image."
    elif all(size == right - 1 for size, right in zip(shape, wanted, strict=True)):
        reason = " The last row and the last column of windows are left out."
    elif any(less) and not any(more):
        axis = less.index(True)
        reason = f" {('Rows', 'Columns')[axis]} of windows are left out."
    if unwritten and {one.cell for one in unwritten} <= {one.cell for one in beyond}:
        names = name_cells([one.cell for one in unwritten], judged.shape, "output", "output")
        reason += f" {capital(names)} {_was(names)} never written."
    sentence = (
        f"the output has {shape[0]} × {shape[1]} cells, but the kernel has {wanted[0]} × {wanted[1]} places: "
        f"{_places(task, 0)} rows, {_places(task, 1)} columns.{reason}"
    )
    event = next((i for i, e in enumerate(judged.events.all) if e.kind == "write"), -1)
    judged.find("output_shape", sentence, beyond or unwritten, event=event)


def _size_by(rule: Rule, task: Task) -> tuple[int, ...]:
    """Return the size that fits to swapped axes, a mistake that has been named already."""
    image, kernel = task.image.shape, task.kernel.shape
    image = image[::-1] if rule.is_output_turned and rule.is_kernel_turned else image
    kernel = kernel[::-1] if rule.is_kernel_turned and not rule.is_output_turned else kernel
    spans = [apart * (taps - 1) + 1 for apart, taps in zip(task.dilation, kernel, strict=True)]
    sizes = tuple(
        (size + 2 * pad - span) // step + 1
        for size, pad, span, step in zip(image, task.padding, spans, task.stride, strict=True)
    )
    return sizes[::-1] if rule.is_output_turned and not rule.is_kernel_turned else sizes


def _places(task: Task, axis: int) -> str:
    size, taps = task.image.shape[axis], task.kernel.shape[axis]
    if (task.stride[axis], task.padding[axis], task.dilation[axis]) == (1, 0, 1):
        return f"{size} − {taps} + 1 = {task.shape[axis]}"
    return str(task.shape[axis])


def _was(names: str) -> str:
    return "was" if is_one(names) else "were"


def judge_written(judged: Judged) -> None:
    """Name the outputs that were never written."""
    wanted = judged.task.shape
    unwritten = [one for one in judged.sums if not one.is_written and one.is_empty and one.is_followed]
    inside = [one for one in unwritten if one.cell[0] < wanted[0] and one.cell[1] < wanted[1]]
    inside = [one for one in inside if one.value or not judged.task.is_all_zero(one.cell)]
    if not inside or judged.error:
        return
    names = judged.outputs(inside)
    event = len(judged.events) - 1
    judged.find("never_written", f"{names} {_was(names)} never written.", inside, event=event)


# Values


def judge_values(judged: Judged) -> None:
    """Compare what stands in the output with the sum of its products."""
    sums = [one for one in judged.sums if one.is_followed and not one.is_empty]
    pairs = [(one, sum(map(judged.task.term, one.origin.products)) + one.origin.constant) for one in sums]
    factors = {round(term.factor, 9) for one in sums for term in one.products}
    if len(factors) == 1 and abs(factor := min(factors)) != 1:
        judged.find(
            "sum_scaled",
            f"in {judged.outputs(sums)}, the sum is {_scaled(factor)}: return the sum of the products.",
            sums,
        )
    elif factors == {-1.0}:
        judged.find(
            "sum_negated", f"in {judged.outputs(sums)}, the products are subtracted, not added.", sums
        )
    added = [one for one in sums if one.origin.constant and not one.origin.changes]
    if added:
        amount = minus(added[0].origin.constant)
        judged.find("constant_added", f"in {judged.outputs(added)}, the sum does not start at 0: {amount} "
                    "is added to the products.", added)  # fmt: skip
    wrong = [(one, total) for one, total in pairs if _differs(judged.task, one, total)]
    if wrong:
        _say_why_values_differ(judged, pairs, wrong)


def _scaled(factor: float) -> str:
    if abs(1 / factor - round(1 / factor)) < 1e-6:
        return f"divided by {minus(round(1 / factor))}"
    return f"multiplied by {minus(factor)}"


def _differs(task: Task, one: Sum, total: float) -> bool:
    size = sum(abs(task.term(term)) for term in one.origin.products) + abs(one.origin.constant)
    return bool(abs(one.value - total) > 1e-4 * size + 1e-9) or not np.isfinite(one.value)


def _say_why_values_differ(
    judged: Judged, pairs: list[tuple[Sum, float]], wrong: list[tuple[Sum, float]]
) -> None:
    values = np.array([one.value for one, _ in pairs])
    totals = np.array([total for _, total in pairs])
    sums = [one for one, _ in wrong]
    changes = set().union(*(one.origin.changes for one in sums))
    first, total = wrong[0]
    example = f"the products at {first.cell} sum to {minus(total)}, but {minus(first.value)} was returned"
    cut = next((i for i, event in enumerate(judged.events.all) if event.cut), None)
    if np.allclose(values, np.maximum(totals, 0)):
        judged.find(
            "negative_lost", f"results below zero became 0: {example}. Return the sums as they are.", sums
        )
    elif np.allclose(values, np.abs(totals)):
        judged.find(
            "signs_lost", f"the results lost their sign: {example}. Return the sums as they are.", sums
        )
    elif cut is not None or "int" in changes:
        judged.find(
            "decimals_cut",
            f"decimals are cut off, because an array or `int` holds whole numbers only: {example}. "
            "Make the output by `np.zeros(shape)`, which holds decimals.",
            sums,
            event=cut,
        )
    else:
        by = f" by {join([f'`{name}`' for name in sorted(changes)])}" if changes else ""
        judged.find("value_changed", f"the sums are changed afterwards{by}: {example}.", sums)


def judge_constants(judged: Judged) -> None:
    """Outputs that were written, but with a number that no product is in."""
    constant = [one for one in judged.sums if one.is_written and one.is_empty and one.is_followed]
    constant = [one for one in constant if one.value or not judged.task.is_all_zero(one.cell)]
    if not constant or any(
        one.id in ("output_belongs_elsewhere", "not_multiplied") for one in judged.findings
    ):
        return
    first = constant[0]
    if all(one.value == 0 and judged.task.right(one.cell) < 0 for one in constant):
        sentence = f"results below zero became 0: the products at {first.cell} sum to "
        sentence += (
            f"{minus(judged.task.right(first.cell))}, but 0 was returned. Return the sums as they are."
        )
        judged.find("negative_lost", sentence, constant)
    else:
        names = judged.outputs(constant)
        judged.find(
            "no_products", f"{names} {'is' if is_one(names) else 'are'} not made of any product.", constant
        )


def judge_result(judged: Judged) -> None:
    """If nothing was found, compare with the right numbers: what could not be followed may be wrong, too."""
    if judged.findings or judged.returned is None:
        return
    scale = float(np.abs(judged.task.image).sum() * np.abs(judged.task.kernel).max())
    wrong = [
        one for one in judged.sums if not abs(one.value - judged.task.right(one.cell)) <= 1e-4 * scale + 1e-9
    ]
    if wrong:
        first = wrong[0]
        names = judged.outputs(wrong)
        sentence = f"{names} {'is' if is_one(names) else 'are'} wrong: "
        sentence += f"at {first.cell} stands {minus(first.value)}, the products sum to "
        judged.find("wrong_values", f"{sentence}{minus(judged.task.right(first.cell))}.", wrong)
