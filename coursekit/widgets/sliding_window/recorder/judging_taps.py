"""Was every tap multiplied once, with the pixel that it belongs to?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from coursekit.widgets.sliding_window.recorder.findings import Judged
from coursekit.widgets.sliding_window.recorder.fitting import Rule
from coursekit.widgets.sliding_window.recorder.nodes import Cell
from coursekit.widgets.sliding_window.recorder.sums import Sum
from coursekit.widgets.sliding_window.recorder.words import is_one, name_cells


def judge_taps(judged: Judged, rule: Rule, sums: list[Sum], *, may_leave_image: bool) -> None:
    """Was every tap multiplied once, with the pixel that the rule gives it?"""
    task = judged.task
    missing: dict[Cell, list[Sum]] = {}
    lost: dict[Cell, list[Sum]] = {}
    twice: dict[Cell, list[Sum]] = {}
    without_reason: set[Cell] = set()
    multiplied, seen = _multiplied(judged), _seen(judged)
    for one in sums:
        taps = Counter(term.tap for term in one.products)
        beside = {term.tap for term in one.beside}
        for tap in task.taps():
            pixel = rule.pixel(one.cell, tap)
            if taps[tap] > 1:
                twice.setdefault(tap, []).append(one)
            if taps[tap] or (not task.is_inside(pixel) and (may_leave_image or any(task.padding))):
                continue
            if not task.is_inside(pixel):
                if tap in beside:
                    continue
                without_reason.add(tap)
            else:
                by_pixel = pixel in seen["image"] and task.image[pixel] == 0
                by_tap = tap in seen["kernel"] and task.kernel[tap] == 0
                if (by_pixel or by_tap) and pixel in seen["image"] and tap in seen["kernel"]:
                    continue  # a zero that was looked at may be left out
                if not (by_pixel or by_tap):
                    without_reason.add(tap)
            (lost if (pixel, tap) in multiplied else missing).setdefault(tap, []).append(one)
    # Beside a zero the other number need not be read at all: no mistake, unless the same tap is missing where
    # there is no zero.
    missing = {tap: where for tap, where in missing.items() if tap in without_reason}
    lost = {tap: where for tap, where in lost.items() if tap in without_reason}
    _say_taps(judged, "tap_never_read", missing, lambda taps: f"{taps} {_be('was', taps)} never read.")
    _say_taps(
        judged,
        "product_lost",
        lost,
        lambda taps: (
            f"{taps} {_be('was', taps)} multiplied, but {_be('is', taps)} not in the sum: something else "
            "took its place. Is `+=` meant where `=` stands?"
        ),
    )
    _say_taps(
        judged, "tap_read_twice", twice, lambda taps: f"{taps} {_be('is', taps)} counted more than once."
    )


def _be(one: str, names: str) -> str:
    return one if is_one(names) else {"is": "are", "was": "were"}[one]


def _multiplied(judged: Judged) -> set[tuple[Cell, Cell]]:
    """Return every pair of pixel and tap that were multiplied at all."""
    width, taps = judged.task.image.shape[1], judged.task.kernel.shape[1]
    return {
        (divmod(pixel, width), divmod(tap, taps))
        for event in judged.events.all
        if event.kind == "multiply"
        for pixel, tap in zip(event.cells[::2], event.cells[1::2], strict=True)
        if pixel >= 0
    }


def _seen(judged: Judged) -> dict[str, set[Cell]]:
    """Return the pixels and the taps that were read at all, or multiplied."""
    columns = {"image": judged.task.image.shape[1], "kernel": judged.task.kernel.shape[1]}
    found: dict[str, set[Cell]] = {"image": set(), "kernel": set()}
    for event in judged.events.all:
        if event.kind == "multiply":
            found["image"] |= {divmod(cell, columns["image"]) for cell in event.cells[::2] if cell >= 0}
            found["kernel"] |= {divmod(cell, columns["kernel"]) for cell in event.cells[1::2]}
        elif event.kind in ("read", "take") and event.name in found:
            found[event.name] |= {divmod(cell, columns[event.name]) for cell in event.cells}
    return found


def _say_taps(judged: Judged, kind: str, found: dict[Cell, list[Sum]], words: Callable[[str], str]) -> None:
    """Say one sentence for all taps that it happened to; the outputs are those of any of them."""
    if not found:
        return
    taps = name_cells(list(found), judged.task.kernel.shape, "tap", "kernel")
    cells = {one.cell: one for sums in found.values() for one in sums}
    sums = [cells[cell] for cell in sorted(cells)]
    judged.find(kind, f"in {judged.outputs(sums)}, {words(taps)}", sums)
