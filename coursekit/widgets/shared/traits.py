"""Traits that hold the arrays and parameters of a demo.

Each checks its own value alone. Whether the values fit together is not a trait's business: a trait that
refused a combination would leave browser and Python with different states.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from coursekit.errors import ParameterError, ShapeError
from coursekit.shapes import per_axis

LARGEST_ARRAY = 1024 * 1024
"""Values in the largest array a browser is sent: a picture of 1024 x 1024 pixels."""

LARGEST_INTEGER = 2**53
"""Above it a browser's numbers, which are float64, skip integers."""


AXES = {1: "1 axis (numbers)", 2: "2 axes (rows, columns)", 3: "3 axes (channels, rows, columns)"}


def matrix(name: str, value: object) -> np.ndarray[Any, Any]:
    """Return `value` as a read-only array of shape (H, W). See `real_array`."""
    return real_array(name, value, 2)


def real_array(name: str, value: object, *axes: int) -> np.ndarray[Any, Any]:
    """Return `value` as a read-only array: int64 for integers and bools, else float64.

    It is a copy: changing the original later changes nothing that is shown.

    Parameters
    ----------
    axes : the numbers of axes that are allowed, 1 to 3

    Raises
    ------
    ShapeError
        Another number of axes, no values, rows of different lengths, or more than `LARGEST_ARRAY` values.
    ParameterError
        Values that are not real and finite numbers, or integers beyond `LARGEST_INTEGER`.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ShapeError(f"{name} must have rows of one length; got {value!r}") from None
    except TypeError:  # CuPy refuses: a copy from the device must be asked for
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        raise ParameterError(f"{name} must be lists or a NumPy array; got {kind}; CuPy: .get()") from None
    if array.dtype.kind not in "biuf":
        raise ParameterError(f"{name} must hold real numbers; got dtype {array.dtype}")
    if array.ndim not in axes or array.size == 0:
        allowed = " or ".join(AXES[number] for number in axes)
        raise ShapeError(f"{name} must have {allowed} and at least one value; got shape {array.shape}")
    if array.size > LARGEST_ARRAY:
        raise ShapeError(
            f"{name} must have at most {LARGEST_ARRAY} values; got shape {array.shape}; pass a part of it"
        )
    wanted = np.float64 if array.dtype.kind == "f" else np.int64
    _check_values(name, array)
    copy = array.astype(wanted)
    copy.setflags(write=False)
    return copy


def _check_values(name: str, array: np.ndarray[Any, Any]) -> None:
    bad = ~np.isfinite(array)
    rule = "finite"
    if array.dtype.kind in "iu":
        bad = (array > LARGEST_INTEGER) | (array < -LARGEST_INTEGER)
        rule = "at most 2**53 in size"
    if bad.any():
        place = tuple(int(index) for index in np.argwhere(bad)[0])
        where = ", ".join(map(str, place))
        raise ParameterError(
            f"{name} must hold numbers that are {rule}; got {name}[{where}] = {array[place]}"
        )


class Array(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """A real array, sent to the browser as raw float64, not as text, and back when the reader edits it.

    Parameters
    ----------
    axes : the numbers of axes that are allowed, 1 to 3: `Array(2, 3)` holds (H, W) or (C, H, W)
    """

    info_text = "a real array"

    def __init__(self, *axes: int) -> None:
        super().__init__(default_value=real_array("array", np.zeros((1,) * axes[0], int), *axes))
        self.axes = axes
        self.tag(sync=True, to_json=_to_message, from_json=_from_message)

    def validate(self, _owner: object, value: object) -> np.ndarray[Any, Any]:
        """Return the read-only copy, or raise ShapeError or ParameterError."""
        return real_array(self.name, value, *self.axes)


class Matrix(Array):
    """A real array of shape (H, W)."""

    def __init__(self) -> None:
        super().__init__(2)


def _to_message(array: np.ndarray[Any, Any], _widget: object) -> dict[str, Any]:
    data = memoryview(array.astype("<f8").tobytes())
    return {"shape": list(array.shape), "whole": array.dtype.kind == "i", "data": data}


def _from_message(message: dict[str, Any], _widget: object) -> np.ndarray[Any, Any]:
    """Integers stay integers where the browser changed one to another: `whole` says that all of them are."""
    array = np.frombuffer(message["data"], dtype="<f8").reshape(message["shape"])
    return array.astype(np.int64) if message.get("whole") else array


class PerAxis(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """An int >= `least`, or a pair of them: rows, then columns. Equal pairs become one int."""

    info_text = "an integer, or one for rows and one for columns"

    def __init__(self, least: int) -> None:
        super().__init__(default_value=least)
        self.least = least
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> int | tuple[int, ...]:
        """Return an int or a pair of ints, or raise ParameterError."""
        values = per_axis(self.name, value, 2, least=self.least)
        return values[0] if values[0] == values[1] else values


class Position(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """An output position (row, column), both >= 0."""

    info_text = "(row, column)"

    def __init__(self) -> None:
        super().__init__(default_value=(0, 0))
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> tuple[int, ...]:
        """Return a pair of ints, or raise ParameterError."""
        if not isinstance(value, (tuple, list, np.ndarray)) or len(value) != 2:
            raise ParameterError(f"{self.name} must be (row, column); got {value!r}")
        return per_axis(self.name, value, 2, least=0)
