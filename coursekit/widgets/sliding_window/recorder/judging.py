"""Which pixels and taps each output was made of, against which it should be made of."""

from __future__ import annotations

from coursekit.widgets.sliding_window.recorder.findings import Judged
from coursekit.widgets.sliding_window.recorder.fitting import AxisRule, Rule, find_rule, right_rule
from coursekit.widgets.sliding_window.recorder.judging_outputs import judge_one_by_one, judge_wrapped
from coursekit.widgets.sliding_window.recorder.judging_taps import judge_taps
from coursekit.widgets.sliding_window.recorder.nodes import Cell, Product
from coursekit.widgets.sliding_window.recorder.sums import Sum

AXES = ("row", "column")


def judge_products(judged: Judged) -> Rule:
    """Say what is wrong with the products; return the rule that the outputs follow, or the right one."""
    _judge_borrowed(judged)
    sums = [one for one in judged.sums if one.is_followed and not one.is_empty]
    if judged.error and sums:  # the last one was not complete yet
        sums.remove(max(sums, key=lambda one: one.event))
    rule = find_rule(judged.task, sums)
    right = right_rule(judged.task)
    if _judge_unmultiplied(judged, sums):
        return right
    if rule is None:
        if not judge_wrapped(judged, sums):
            judge_one_by_one(judged, sums)
        return right
    _judge_axes(judged, rule, sums)
    _judge_order(judged, rule, sums)
    for axis, found, wanted in zip(
        (0, 1), (rule.rows, rule.columns), (right.rows, right.columns), strict=True
    ):
        _judge_steps(judged, axis, found, wanted, sums)
    is_shifted = _judge_place(judged, rule, sums)
    judge_taps(judged, rule, sums, may_leave_image=is_shifted)
    return rule


def _judge_borrowed(judged: Judged) -> None:
    """A product belongs to one output. Where a later one holds it too, its sum did not begin at 0."""
    seen: dict[object, Cell] = {}
    reading: list[Sum] = []
    for one in sorted(judged.sums, key=lambda one: one.event):
        own: list[Product] = []
        for term in one.products:
            (own if seen.setdefault(term, one.cell) == one.cell else one.borrowed).append(term)
        if one.borrowed and own:
            one.products = own
            reading.append(one)
    if not reading:
        return
    if _reads_other_outputs(judged):
        sentence = f"{judged.outputs(reading)} adds to what stands in another output."
        judged.find("built_on_another_output", sentence, reading)
    else:
        sentence = f"in {judged.outputs(reading)}, the sum goes on from another output: it must start at 0."
        judged.find("sum_not_reset", sentence, reading)


def _reads_other_outputs(judged: Judged) -> bool:
    """Return whether a number is read from one cell of the output and the next write goes to another."""
    last = None
    for event in judged.events.all:
        if event.name != "array" or event.base is not getattr(judged.returned, "base", None):
            continue
        if event.kind == "read":
            last = event.cells[0]
        elif event.kind == "write" and last is not None:
            if len(event.cells) == 1 and event.cells[0] != last:
                return True
            last = None
    return False


def _judge_unmultiplied(judged: Judged, sums: list[Sum]) -> bool:
    loose = [one for one in sums if one.loose]
    if loose:
        sentence = f"in {judged.outputs(loose)}, pixels are added that were not multiplied by a tap."
        judged.find("not_multiplied", sentence, loose)
    return bool(loose)


# One rule for all outputs


def _judge_axes(judged: Judged, rule: Rule, sums: list[Sum]) -> None:
    if rule.is_output_turned and rule.is_kernel_turned:
        judged.find(
            "image_transposed",
            "rows and columns of the image are swapped: beside `kernel[u, v]` stands a pixel in row j + v, "
            "column i + u, not in row i + u, column j + v.",
            sums,
        )
    elif rule.is_output_turned:
        judged.find(
            "output_transposed",
            "rows and columns of the output are swapped: the sum of the window at row i, column j stands in "
            "`output[j, i]`.",
            sums,
        )
    elif rule.is_kernel_turned:
        judged.find(
            "kernel_transposed",
            "rows and columns are swapped in the kernel only, or in the image only: beside the pixel in row "
            "i + u, column j + v stands `kernel[v, u]`, not `kernel[u, v]`.",
            sums,
        )


def _judge_order(judged: Judged, rule: Rule, sums: list[Sum]) -> None:
    """Is the kernel read forwards or backwards, against what the convention asks for?"""
    task = judged.task
    turned = task.kernel.shape[::-1] if rule.is_kernel_turned else task.kernel.shape
    flipped = [
        found.step * task.step(axis) < 0 and turned[axis] > 1
        for axis, found in enumerate((rule.rows, rule.columns))
    ]
    if not any(flipped):
        return
    subject = "every output reads" if len(sums) == len(judged.sums) > 1 else "your function reads"
    if all(flag for flag, taps in zip(flipped, turned, strict=True) if taps > 1):
        if task.operation == "correlation":
            judged.find(
                "kernel_flipped",
                f"{subject} the kernel from its last tap to its first: this is convolution. In "
                "cross-correlation the kernel is not flipped.",
                sums,
            )
        else:
            judged.find(
                "kernel_not_flipped",
                f"{subject} the kernel from its first tap to its last: this is cross-correlation. In "
                "convolution the kernel is flipped.",
                sums,
            )
        return
    axis = flipped.index(True)
    way = ("from its last row to its first", "from its last column to its first")[axis]
    if task.operation == "convolution":
        way = f"in its own order along the {AXES[axis]}s, but not along the {AXES[1 - axis]}s"
    kind = ("kernel_rows_flipped", "kernel_columns_flipped")[axis]
    judged.find(kind, f"{subject} the kernel {way}.", sums)


def _judge_steps(judged: Judged, axis: int, found: AxisRule, wanted: AxisRule, sums: list[Sum]) -> None:
    noun = AXES[axis]
    if found.stride == 0:
        sentence = f"the window does not move along the {noun}s: its {noun} must follow that of the output."
        judged.find(f"stride_of_{noun}s", sentence, sums)
    elif found.stride != wanted.stride:
        judged.find(
            f"stride_of_{noun}s",
            f"the window moves on by {_count(found.stride, noun)} from one output to the next, not by "
            f"{wanted.stride}: this is stride {found.stride}.",
            sums,
        )
    if abs(found.step) != abs(wanted.step):
        judged.find(
            f"dilation_of_{noun}s",
            f"the taps stand {_count(abs(found.step), noun)} apart, not {abs(wanted.step)}: this is dilation "
            f"{abs(found.step)}.",
            sums,
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _judge_place(judged: Judged, rule: Rule, sums: list[Sum]) -> bool:
    """Does the window of output (0, 0) start where it should? Return whether windows leave the image."""
    task = judged.task
    turned = task.kernel.shape[::-1] if rule.is_kernel_turned else task.kernel.shape
    starts = tuple(found.first(taps) for found, taps in zip((rule.rows, rule.columns), turned, strict=True))
    wanted = tuple(-pad for pad in task.padding)
    used = {term.tap for one in sums for term in (*one.products, *one.beside) if term.tap is not None}
    outside = [
        one
        for one in sums
        if any(not task.is_inside(rule.pixel(one.cell, tap)) for tap in used) and not any(task.padding)
    ]
    if outside:
        zeros = [one for one in outside if one.beside]
        how = (
            "there its taps meet zeros (padding)"
            if zeros
            else "there its taps meet nothing, and their products are left out"
        )
        sentence = f"in {judged.outputs(outside)}, the window hangs over the edge of the image; {how}. "
        sentence += "Take only the windows that lie inside the image."
        judged.find("window_outside_image", sentence, outside)
        return True
    if starts != wanted:
        sentence = f"the window of output (0, 0) starts at row {starts[0]}, column {starts[1]} of the image, "
        sentence += f"not at row {wanted[0]}, column {wanted[1]}."
        judged.find("window_shifted", sentence.replace(" -", " −"), sums)
    return False
