"""What is put down as an event: reads, writes, products, sums."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.widgets.sliding_window.recorder.events import Events
from coursekit.widgets.sliding_window.recorder.nodes import Node, origin
from coursekit.widgets.sliding_window.recorder.pairing import as_array

PRODUCTS = {
    "dot",
    "einsum",
    "inner",
    "tensordot",
    "vdot",
    "matmul",
    "vecdot",
    "matvec",
    "vecmat",
    "correlate",
}
PRODUCTS |= {"convolve"}


def note_read(events: Events, base: Any, places: Any, values: Any, origins: Any, index: Any) -> None:
    """Record what an index takes from image or kernel, or one number from an array that was written to."""
    is_one = not isinstance(values, np.ndarray)
    leaves = [node for node in as_array(origins).ravel() if getattr(node, "kind", "") in ("image", "kernel")]
    if leaves:
        name = leaves[0].kind
        cells = [events.flat(name, node.cell) for node in leaves if node.kind == name]
        event = events.add("read" if is_one else "take", name, cells, [values] if is_one else ())
    elif is_one and base.writes:
        event = events.add("read", base.name, [places], [values])
    else:
        return
    event.base = base
    parts = index if isinstance(index, tuple) else (index,)
    event.negative = any(isinstance(part, (int, np.integer)) and part < 0 for part in parts)


def note_failed_read(events: Events, base: Any, values: Any, index: Any) -> None:
    """Keep what was asked for in vain, for the sentence about the error."""
    parts = index if isinstance(index, tuple) else (index,)
    if base.name in ("image", "kernel") and values is base.values:
        asked = ", ".join(str(part) for part in parts)
        rows, columns = values.shape
        events.failed_read = (
            f" It asks for `{base.name}[{asked}]`; the {base.name} has {rows} × {columns} values."
        )


def note_write(events: Events, target: Any, index: Any, given: Any) -> None:
    """Record what was written, and whether the array could hold it as it was."""
    base, places = target._own()
    cells = np.ravel(places[index])
    values = np.ravel(target._values[index])
    event = events.add("write", base.name, cells, values)
    event.base = base
    base.writes += 1
    base.is_written[cells] = True
    wanted = np.broadcast_to(np.asarray(given), np.shape(target._values[index])).ravel()
    if target._values.dtype.kind in "iu" and wanted.dtype.kind == "f":
        event.cut = bool(np.any(wanted != values))
        if event.cut:
            nodes = as_array(target._origins[index])
            target._origins[index] = np.frompyfunc(
                lambda node: node.changed("int") if isinstance(node, Node) else node, 1, 1
            )(nodes)


def note_arithmetic(events: Events, name: str, result: Any, origins: Any) -> None:
    nodes = as_array(origins).ravel()
    values = np.asarray(result).ravel()
    if name == "multiply":
        pairs = [(pair, value) for node, value in zip(nodes, values, strict=True) if (pair := _pair(node))]
        if pairs:
            cells = [cell for pair, _ in pairs for cell in pair]
            events.add("multiply", cells=cells, values=[value for _, value in pairs])
    elif name in PRODUCTS:
        note_call(events, name, nodes, values)
    elif name == "add":
        if any(isinstance(node, Node) for node in nodes):
            events.add("add", values=values if len(values) == 1 else ())
    elif any(isinstance(node, Node) for node in nodes):
        events.add("call", name)


def note_call(events: Events, name: str, nodes: Any, values: Any) -> None:
    """One sum at a time is recorded as its products and their sum; many at once only by their name."""
    if len(nodes) == 1 and isinstance(nodes[0], Node):
        terms = [term for term in origin(nodes[0]).products if term.tap is not None]
        cells = [
            place
            for term in terms
            for place in (events.flat("image", term.pixel), events.flat("kernel", term.tap))
        ]
        if cells:
            events.add("multiply", name, cells)
        events.add("add", name, values=values)
    elif any(isinstance(node, Node) for node in nodes):
        events.add("call", name)


def _pair(node: Any) -> tuple[int, int] | None:
    """Return the flat indices of pixel and tap that a product is made of; None if it is made of others."""
    if not isinstance(node, Node):
        return None
    if node.kind == "scale" and getattr(node.parents[0], "kind", "") == "kernel":
        return -1, node.clock.flat("kernel", node.parents[0].cell)
    if node.kind != "multiply":
        return None
    leaves = {getattr(parent, "kind", ""): parent for parent in node.parents}
    if "image" not in leaves or "kernel" not in leaves:
        return None
    events: Events = node.clock
    return events.flat("image", leaves["image"].cell), events.flat("kernel", leaves["kernel"].cell)
