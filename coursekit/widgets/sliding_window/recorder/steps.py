"""The writes that a function did not do one by one: lists that it returned, arrays computed at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.widgets.sliding_window.recorder.events import Event
from coursekit.widgets.sliding_window.recorder.findings import Judged
from coursekit.widgets.sliding_window.recorder.nodes import Node


def with_returned_writes(judged: Judged) -> tuple[list[Event], Callable[[int], int]]:
    """Return the events with one write for each output that none was recorded of, and where each event went.

    Writes into the output count its cells as it was returned; those into other arrays keep no cells.
    """
    events, returned = judged.events.all, judged.returned
    inserted: dict[int, list[Event]] = {}
    if returned is not None and returned.values.ndim == 2:
        base, places = _array_of_output(judged)
        where = {} if places is None else {int(place): index for index, place in enumerate(places.ravel())}
        for event in events:
            if event.kind == "write" or (event.kind == "read" and event.name == "array"):
                _place(event, base, where)
        if base is None or base is not returned.base:
            inserted = _returned_at_once(judged)
    else:
        for event in events:
            if event.kind == "write" or (event.kind == "read" and event.name == "array"):
                _place(event, None, {})
    merged: list[Event] = []
    positions = []
    for index, event in enumerate(events):
        positions.append(len(merged))
        merged.append(event)
        merged += inserted.get(index, [])
    merged += inserted.get(len(events), [])

    def moved(index: int) -> int:
        return positions[index] if 0 <= index < len(positions) else len(merged) - 1 if index > 0 else -1

    return merged, moved


def _array_of_output(judged: Judged) -> tuple[Any, Any]:
    """Return the array in which the output was written, and the place in it of each cell of the output."""
    returned = judged.returned
    assert returned is not None
    if returned.base is not None and returned.base.writes:
        return returned.base, returned.places
    for event in reversed(judged.events.all):  # what was computed from it, as `output / 9`, has its shape
        if event.kind == "write" and event.base.made and event.base.values.shape == returned.values.shape:
            return event.base, event.base.places
    return None, None


def _place(event: Event, base: Any, where: dict[int, int]) -> None:
    if event.base is not base or base is None:
        event.name = event.name if event.name in ("image", "kernel") else "other"
        event.cells, event.values = [], event.values if event.kind == "read" else []
        return
    event.name = "output"
    kept = [index for index, cell in enumerate(event.cells) if cell in where]
    event.values = [event.values[index] for index in kept]
    event.cells = [where[event.cells[index]] for index in kept]


def _returned_at_once(judged: Judged) -> dict[int, list[Event]]:
    """Write each output after the event that completed it."""
    assert judged.returned is not None
    events, values = judged.events.all, judged.returned.values.astype(float).ravel()
    groups: dict[int, list[int]] = {}
    for cell, node in enumerate(judged.returned.origins.ravel()):
        at = min(node.event, len(events) - 1) if isinstance(node, Node) and node.kind != "unknown" else -1
        groups.setdefault(at if at >= 0 else len(events), []).append(cell)
    inserted = {}
    for at, cells in groups.items():
        line = events[min(at, len(events) - 1)].line if events else 0
        written = [float(value) for value in np.asarray(values)[cells]]
        inserted[at] = [Event("write", line, "output", cells, written)]
    return inserted
