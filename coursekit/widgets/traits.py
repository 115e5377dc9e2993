"""Traits that hold arrays and parameters of a sliding window.

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


def matrix(name: str, value: object) -> np.ndarray[Any, Any]:
    """Return `value` as a read-only array of shape (H, W): int64 for integers and bools, else float64.

    It is a copy: changing the original later changes nothing that is shown.

    Raises
    ------
    ShapeError
        Not two axes, no values, rows of different lengths, or more than `LARGEST_ARRAY` values.
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
    if array.ndim != 2 or array.size == 0:
        raise ShapeError(
            f"{name} must have 2 axes (rows, columns) and at least one value; got shape {array.shape}"
        )
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
        row, column = (int(index) for index in np.argwhere(bad)[0])
        raise ParameterError(
            f"{name} must hold numbers that are {rule}; got {name}[{row}, {column}] = {array[row, column]}"
        )


class Matrix(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """A real array of shape (H, W), sent to the browser as raw float64, not as text."""

    info_text = "a real array of shape (H, W)"

    def __init__(self) -> None:
        super().__init__(default_value=matrix("array", [[0]]))
        self.tag(sync=True, to_json=_to_message, from_json=_from_message)

    def validate(self, _owner: object, value: object) -> np.ndarray[Any, Any]:
        """Return the read-only copy, or raise ShapeError or ParameterError."""
        return matrix(self.name, value)


def _to_message(array: np.ndarray[Any, Any], _widget: object) -> dict[str, Any]:
    return {"shape": list(array.shape), "data": memoryview(array.astype("<f8").tobytes())}


def _from_message(message: dict[str, Any], _widget: object) -> np.ndarray[Any, Any]:
    return np.frombuffer(message["data"], dtype="<f8").reshape(message["shape"])


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
