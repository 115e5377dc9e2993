"""A trace as the browser is sent it: the events as raw numbers, the words as text."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.widgets.sliding_window.recorder.events import KINDS, Event
from coursekit.widgets.sliding_window.recorder.record import Trace

NAMES = ("", "image", "kernel", "output", "other")
NEGATIVE, CUT = 1, 2
COLUMNS = 6
"""Of the table of events: kind, line, name, number of cells, number of values, flags."""


def message(trace: Trace) -> dict[str, Any]:
    """Return a trace as JSON values and buffers.

    `table` int32 (events, 6), `cells` int32 and `values` float64: the cells and values of all events, one
    after another. `kinds` and `names` say what the numbers of the table's first and third column mean; a
    name of a function stands in `called`, by the number of its event.
    """
    rows = [_row(event) for event in trace.events]
    cells = [cell for event in trace.events for cell in event.cells]
    values = [value for event in trace.events for value in event.values]
    return {
        "name": trace.name,
        "source": trace.source.splitlines(),
        "firstLine": trace.first_line,
        "operation": trace.operation,
        "parameters": {name: list(pair) for name, pair in trace.parameters.items()},
        "image": _array(trace.image),
        "kernel": _array(trace.kernel),
        "output": None if trace.output is None else list(trace.output.shape),
        "rightShape": list(trace.right_shape),
        "kinds": list(KINDS),
        "names": list(NAMES),
        "called": {str(i): event.name for i, event in enumerate(trace.events) if _is_called(event)},
        "table": _buffer(rows, "<i4"),
        "cells": _buffer(cells, "<i4"),
        "values": _buffer(values, "<f8"),
        "findings": [
            {
                "id": one.id,
                "sentence": one.sentence,
                "cells": [list(cell) for cell in one.cells],
                "event": one.event,
            }
            for one in trace.findings
        ],
        "notes": list(trace.notes),
        "error": trace.error,
    }


def _is_called(event: Event) -> bool:
    return event.name not in NAMES


def _row(event: Event) -> list[int]:
    name = NAMES.index(event.name) if event.name in NAMES else 0
    flags = NEGATIVE * event.negative + CUT * event.cut
    return [KINDS.index(event.kind), event.line, name, len(event.cells), len(event.values), flags]


def _array(array: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {"shape": list(array.shape), "data": _buffer(array, "<f8")}


def _buffer(values: Any, dtype: str) -> memoryview:
    return memoryview(np.asarray(values, dtype).tobytes())
