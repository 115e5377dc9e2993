"""Mistakes that differ from output to output: no one rule lies behind them."""

from __future__ import annotations

from coursekit.widgets.sliding_window.recorder.findings import Judged
from coursekit.widgets.sliding_window.recorder.fitting import right_rule
from coursekit.widgets.sliding_window.recorder.judging_taps import judge_taps
from coursekit.widgets.sliding_window.recorder.sums import Sum, Task
from coursekit.widgets.sliding_window.recorder.words import is_one, join


def judge_wrapped(judged: Judged, sums: list[Sum]) -> bool:
    """Is the only thing wrong that windows which leave the image come in again at its other end?"""
    task = judged.task
    pairs = [(one, task.pixel(one.cell, term.tap), term.pixel) for one in sums for term in one.products]  # type: ignore[arg-type]
    if not pairs:
        return False
    shift = []
    for axis, size in enumerate(task.image.shape):
        away = {(pixel[axis] - wanted[axis]) % size for _, wanted, pixel in pairs}  # type: ignore[index]
        if len(away) > 1:
            return False
        shift.append((min(away) + size // 2) % size - size // 2)
    around = [one for one, wanted, pixel in pairs if (wanted[0] + shift[0], wanted[1] + shift[1]) != pixel]
    around = list({one.cell: one for one in around}.values())
    where = f"starts at row {shift[0]}, column {shift[1]} for output (0, 0), " if any(shift) else ""
    sentence = f"in {judged.outputs(around)}, the window {where}leaves the image and comes in again at "
    sentence += "the other end. "
    sentence += _negative(judged).lstrip()
    sentence = f"{sentence.rstrip()} Take only the windows that lie inside the image."
    judged.find("wrapped_around", sentence.replace(" -", " −"), around)
    return True


def _negative(judged: Judged) -> str:
    negative = any(event.negative and event.name == "image" for event in judged.events.all)
    return " A negative index counts from the other end." if negative else ""


def judge_one_by_one(judged: Judged, sums: list[Sum]) -> None:
    task = judged.task
    sums = _judge_elsewhere(judged, sums)
    outside, beside = [], []
    for one in sums:
        window = {task.pixel(one.cell, tap) for tap in task.taps()}
        if any(term.pixel not in window for term in one.products):
            outside.append(one)
        elif any(task.pixel(one.cell, term.tap) != term.pixel for term in one.products):  # type: ignore[arg-type]
            beside.append(one)
    if outside:
        judged.find("read_outside_window", _outside(judged, task, outside), outside)
    if beside:
        one = beside[0]
        term = next(term for term in one.products if task.pixel(one.cell, term.tap) != term.pixel)  # type: ignore[arg-type]
        sentence = (
            f"in {judged.outputs(beside)}, taps stand beside the wrong pixels: in output {one.cell}, tap "
        )
        sentence += f"{term.tap} is multiplied by pixel {term.pixel}, not {task.pixel(one.cell, term.tap)}."  # type: ignore[arg-type]
        judged.find("tap_beside_wrong_pixel", sentence, beside, event=term.event)
    rest = [one for one in sums if one not in outside + beside]
    judge_taps(judged, right_rule(task), rest, may_leave_image=True)


def _judge_elsewhere(judged: Judged, sums: list[Sum]) -> list[Sum]:
    """Find outputs that hold the right sum of another window; return the others."""
    task = judged.task
    owners = {
        frozenset((task.pixel(cell, tap), tap) for tap in task.taps()): cell
        for cell in ((row, column) for row in range(task.shape[0]) for column in range(task.shape[1]))
    }
    found = [(one, owners.get(frozenset((term.pixel, term.tap) for term in one.products))) for one in sums]  # type: ignore[misc]
    misplaced = [(one, owner) for one, owner in found if owner is not None and owner != one.cell]
    if not misplaced:
        return sums
    one, owner = misplaced[0]
    moved = [one for one, _ in misplaced]
    sentence = f"in {judged.outputs(moved)} stands the sum of another window: "
    sentence += f"output {one.cell} holds that of {owner}."
    judged.find("output_belongs_elsewhere", sentence, moved)
    return [one for one in sums if one not in moved]


def _outside(judged: Judged, task: Task, sums: list[Sum]) -> str:
    one = sums[0]
    window = {task.pixel(one.cell, tap) for tap in task.taps()}
    pixels = sorted({term.pixel for term in one.products if term.pixel not in window})  # type: ignore[type-var]
    named = join([str(pixel) for pixel in pixels[:3]]) + (" and others" if len(pixels) > 3 else "")
    names = judged.outputs(sums)
    return (
        f"{names} {'reads' if is_one(names) else 'read'} pixels outside the window: output {one.cell} reads "
        f"{'pixel' if len(pixels) == 1 else 'pixels'} {named}.{_negative(judged)}"
    )
