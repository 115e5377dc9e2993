"""What NumPy's functions do to recorded arrays: once to the values, once to their origins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.widgets.sliding_window.recorder.events import Events
from coursekit.widgets.sliding_window.recorder.nodes import Node
from coursekit.widgets.sliding_window.recorder.noting import PRODUCTS, note_arithmetic, note_call, note_write
from coursekit.widgets.sliding_window.recorder.pairing import (
    as_array,
    changed,
    is_recorded,
    number,
    origins_of,
    plain,
    unfollowed,
    wrap,
)

ARITHMETIC = {
    *(np.add, np.subtract, np.multiply, np.divide, np.negative, np.positive, np.square, np.matmul),
    *(getattr(np, name) for name in ("vecdot", "matvec", "vecmat") if hasattr(np, name)),
}
"""Ufuncs that an array of origins goes through as it is."""


# Ufuncs: + - * / and what else works number by number


def follow_ufunc(events: Events, ufunc: Any, method: str, inputs: Any, options: Any) -> Any:
    """Do what the ufunc does to values, to their origins too, and record it."""
    out = options.pop("out", None)
    target = out[0] if out is not None else None
    options = plain(options)
    if target is not None:
        given = plain(target)
        result = getattr(ufunc, method)(*map(plain, inputs), out=(given,), **options)
        if not is_recorded(target):
            events.lose(ufunc.__name__)
            return target
    else:
        result = getattr(ufunc, method)(*map(plain, inputs), **options)
    if method == "at":
        return _followed_at(events, ufunc, inputs)
    if isinstance(result, tuple) or np.asarray(result).dtype.kind not in "iuf":
        return result if not isinstance(result, tuple) else unfollowed(events, result, ufunc.__name__)
    origins = _ufunc_origins(events, ufunc, method, inputs, options, result)
    if origins is None:
        wrapped = unfollowed(events, result, ufunc.__name__)
        origins = origins_of(wrapped)
    note_arithmetic(events, ufunc.__name__, result, origins)
    if target is None:
        return wrap(events, result, origins)
    np.copyto(target._origins, origins, where=options.get("where", True))
    note_write(events, target, ..., result)
    return target


def _ufunc_origins(events: Events, ufunc: Any, method: str, inputs: Any, options: Any, result: Any) -> Any:
    """Return the origins of a ufunc's result; None if they cannot be told."""
    sources = [origins_of(value) for value in inputs]
    kept = {name: value for name, value in options.items() if name in ("axis", "axes", "keepdims", "initial")}
    if method != "__call__" and "where" in options and options["where"] is not True:
        kept["where"] = options["where"]
        kept.setdefault("initial", 0)
    if ufunc in ARITHMETIC:
        try:
            return getattr(ufunc, method)(*sources, **kept)
        except (TypeError, ValueError):
            return None
    if method != "__call__":
        return None
    name = ufunc.__name__
    together = np.frompyfunc(
        lambda *nodes: Node("changed", events, *(n for n in nodes if isinstance(n, Node)), name=name),
        len(sources),
        1,
    )
    origins = together(*sources)
    return origins if np.shape(origins) == np.shape(result) else None


def _followed_at(events: Events, ufunc: Any, inputs: Any) -> None:
    """`np.add.at(out, indices, values)`: in place, once more for each time that an index comes."""
    target, index = inputs[0], plain(inputs[1])
    if not is_recorded(target):
        return
    others = [origins_of(value) for value in inputs[2:]]
    others = [value.astype(object) if isinstance(value, np.ndarray) else value for value in others]
    ufunc.at(target._origins, index, *others)
    note_write(events, target, index, target._values[index])


# All other functions


def follow_function(events: Events, function: Any, arguments: Any, options: Any) -> Any:
    """Do what a function of NumPy does to values, to their origins too, and record it."""
    name = getattr(function, "__name__", "a function")
    target = options.get("out")
    result = function(*plain(arguments), **plain(options))
    kept = {key: value for key, value in options.items() if key not in ("dtype", "out", "casting")}
    if name == "einsum":
        kept.pop("optimize", None)
    if name in ("copyto", "put", "place", "fill_diagonal", "putmask"):
        return _followed_in_place(events, function, arguments, kept)
    try:
        origins = function(*_objects(arguments), **_objects(kept))
    except RecursionError:
        raise
    except Exception:  # noqa: BLE001  # whatever a function of NumPy says to objects: they are not for it
        return _unfollowed_call(events, name, arguments, result, target)
    if name in PRODUCTS:
        note_call(events, name, as_array(origins).ravel(), np.asarray(result).ravel())
    elif name in ("sum", "mean", "cumsum", "trace"):
        note_arithmetic(events, "add", result, origins)
    if is_recorded(target):
        target._origins[...] = origins
        note_write(events, target, ..., result)
        return target
    return wrap(events, result, origins, *_places(function, arguments, kept, result))


def _objects(value: Any) -> Any:
    return origins_of(value) if not isinstance(value, dict) else {k: origins_of(v) for k, v in value.items()}


def _places(function: Any, arguments: Any, options: Any, result: Any) -> tuple[Any, Any]:
    """Return base and places where the result is a view of an array that was handed in."""
    first: Any = arguments[0] if arguments else None
    if not is_recorded(first) or not isinstance(first._values, np.ndarray):
        return None, None
    base, places = first._own()
    if not isinstance(result, np.ndarray) or not np.may_share_memory(result, base.values):
        return None, None
    moved = function(places, *plain(arguments[1:]), **plain(options))
    return base, moved


def _unfollowed_call(events: Events, name: str, arguments: Any, result: Any, target: Any) -> Any:
    first = next((value for value in arguments if is_recorded(value)), None)
    rounds = name in ("round", "around", "clip", "nan_to_num", "rint")
    if first is not None and rounds and np.shape(result) == np.shape(first._values):
        return changed(first, name, result)
    if is_recorded(target):
        target._origins.fill(Node("unknown", events, name=name))
        events.lose(name)
        note_write(events, target, ..., result)
        return target
    return unfollowed(events, result, name)


def _followed_in_place(events: Events, function: Any, arguments: Any, options: Any) -> None:
    target = arguments[0]
    if is_recorded(target):
        function(*origins_of(tuple(arguments)), **_objects(options))
        note_write(events, target, ..., target._values)


# Methods that have a function of the same meaning


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(recorded: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(recorded._values, np.ndarray):
            return function(recorded, *arguments, **options)
        return function(
            wrap(recorded._events, np.asarray(recorded._values), as_array(recorded._origins)),
            *arguments,
            **options,
        )

    return call


def _tolist(recorded: Any) -> Any:
    if not recorded.ndim:
        return number(recorded._events, recorded._values.item(), recorded._origins)
    values, origins = recorded._values.tolist(), recorded._origins.tolist()

    def pair(value: Any, node: Any) -> Any:
        if isinstance(value, list):
            return [pair(*both) for both in zip(value, node, strict=True)]
        return number(recorded._events, value, node)

    return pair(values, origins)


def _item(recorded: Any, *index: Any) -> Any:
    value = recorded[index[0] if len(index) == 1 else index] if index else recorded.reshape(-1)[0]
    return value.item() if is_recorded(value) else value


def _fill(recorded: Any, value: Any) -> None:
    recorded[...] = value


METHODS: dict[str, Callable[..., Any]] = {
    **{
        name: _method(getattr(np, name))
        for name in ("sum", "mean", "prod", "dot", "max", "min", "cumsum", "round", "clip", "trace", "std")
    },
    "tolist": _tolist,
    "item": _item,
    "fill": _fill,
}
