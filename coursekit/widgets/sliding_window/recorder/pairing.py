"""Values and origins side by side: putting them together, taking them apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.widgets.sliding_window.recorder.events import Events
from coursekit.widgets.sliding_window.recorder.nodes import Node

LARGEST = 65_536
"""Values in the largest array that is recorded."""


def is_recorded(value: Any) -> bool:
    """Return whether `value` is one of ours: `isinstance` would believe what it says it is."""
    return hasattr(type(value), "_recorded")


def plain(value: Any) -> Any:
    """Return arguments with the values of recorded arrays in their place."""
    if is_recorded(value):
        return value._values
    if type(value) in (list, tuple):
        return type(value)(plain(part) for part in value)
    if type(value) is dict:
        return {name: plain(part) for name, part in value.items()}
    return getattr(value, "_stands_for", value) if isinstance(value, type) else value


def origins_of(value: Any) -> Any:
    """Return arguments with the origins of recorded arrays in their place."""
    if is_recorded(value):
        return as_array(value._origins) if isinstance(value._values, np.ndarray) else value._origins
    if type(value) in (list, tuple):
        return type(value)(origins_of(part) for part in value)
    return plain(value)


def has_recorded(value: Any) -> bool:
    """Return whether a recorded array is among arguments, however deep in lists."""
    if type(value) in (list, tuple):
        return any(map(has_recorded, value))
    if type(value) is dict:
        return any(map(has_recorded, value.values()))
    return is_recorded(value)


def as_array(value: Any) -> np.ndarray[Any, Any]:
    """Return origins as an array of objects."""
    if isinstance(value, np.ndarray):
        return value
    array = np.empty((), object)
    array[()] = value
    return array


def split(value: Any) -> tuple[Any, Any]:
    """Return the values and the origins of what is to be stored: an array, a number, lists of them."""
    if is_recorded(value):
        return value._values, value._origins
    if type(value) in (list, tuple) and has_recorded(value):
        return np.array(plain(value)), np.array(origins_of(value), dtype=object)
    value = plain(value)
    return value, value


def number(events: Events, value: Any, node: Any) -> Any:
    """Return one number; it is recorded if it comes from image or kernel."""
    node = node.item() if isinstance(node, np.ndarray) else node
    if not isinstance(node, Node) or isinstance(value, (bool, np.bool_)):
        return value
    from coursekit.widgets.sliding_window.recorder.arrays import Number  # it needs this module

    return Number(events, value, node)


def wrap(events: Events, values: Any, origins: Any, base: Any = None, places: Any = None) -> Any:
    """Return values with their origins, a tuple or list of them part by part; plain what holds no numbers."""
    if type(values) in (tuple, list) and type(origins) is type(values) and len(values) == len(origins):
        return type(values)(wrap(events, *pair) for pair in zip(values, origins, strict=True))
    if isinstance(values, np.ndarray):
        if values.dtype.kind not in "iuf":
            return values
        events.spend(values.size // 16)
        origins = as_array(origins)
        if origins.shape != values.shape:
            return unfollowed(events, values, "an array of another shape")
        return _recorded(events, values, origins, base, places)
    return number(events, values, origins) if isinstance(values, (int, float, np.number)) else values


def _recorded(events: Events, values: Any, origins: Any, base: Any, places: Any) -> Any:
    from coursekit.widgets.sliding_window.recorder.arrays import Recorded  # it needs this module

    return Recorded(events, values, origins, base, places)


def created(events: Events, values: np.ndarray[Any, Any], origins: Any = None, name: str = "array") -> Any:
    """Return a new array that records what is written to it; its numbers are their own origin."""
    events.spend(values.size // 16 if values.size <= LARGEST else 10 * LARGEST)
    if values.dtype.kind not in "iuf":
        return values
    is_made = origins is None
    if is_made:
        origins = values.astype(object, order="K")
    from coursekit.widgets.sliding_window.recorder.arrays import Base  # it needs this module

    base = Base(name, values, made=is_made)
    base.origins = origins
    return _recorded(events, values, origins, base, base.places)


def unfollowed(events: Events, result: Any, name: str) -> Any:
    """Return a result whose origin is unknown."""
    if isinstance(result, (tuple, list)):
        return type(result)(unfollowed(events, part, name) for part in result)
    if not isinstance(result, (np.ndarray, np.number, float)) or (np.ndim(result) == 0 and _is_whole(result)):
        return result  # an index, a size
    if isinstance(result, np.ndarray) and result.dtype.kind not in "iufc":
        return result
    events.lose(name)
    if isinstance(result, np.ndarray) and result.dtype.kind == "c":
        return result
    origins = np.empty(np.shape(result), object)
    origins.fill(Node("unknown", events, name=name))
    return wrap(events, result, origins)


def _is_whole(value: Any) -> bool:
    return np.asarray(value).dtype.kind in "iub"


def changed(recorded: Any, name: str, values: Any) -> Any:
    """Return values of the same shape that a function other than a sum or product made."""
    origins = np.frompyfunc(lambda node: node.changed(name) if isinstance(node, Node) else node, 1, 1)
    result = origins(as_array(recorded._origins))
    return wrap(recorded._events, values, result)


def cast(recorded: Any, values: Any) -> Any:
    """Return an array of another dtype; numbers that it cuts off are changed by "int"."""
    if np.ndim(values) and values.dtype.kind in "iu" and recorded._values.dtype.kind == "f":
        return changed(recorded, "int", values)
    origins = as_array(recorded._origins).copy()
    return wrap(recorded._events, values, origins)
