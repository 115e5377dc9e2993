"""Traits that hold the arrays and parameters of a demo.

Each checks its own value alone. Whether the values fit together is not a trait's business: a trait that
refused a combination would leave browser and Python with different states.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
import traitlets

from coursekit.errors import ParameterError, ShapeError
from coursekit.shapes import is_sequence, per_axis

LARGEST_ARRAY = 1024 * 1024
"""Values in the largest array a browser is sent: a picture of 1024 x 1024 pixels."""

LARGEST_INTEGER = 2**53
"""Above it a browser's numbers, which are float64, skip integers."""

LARGEST_NUMBER = 1e50
"""Above it a product of a few numbers may leave what float64 holds. cell_editor.js refuses the same."""

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
        Values that are not real and finite numbers, numbers beyond `LARGEST_NUMBER`, or integers beyond
        `LARGEST_INTEGER`.
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
    if array.dtype.kind == "f" and not bad.any():
        with np.errstate(over="ignore"):  # a long double that float64 does not hold becomes infinite
            bad = np.abs(array.astype(np.float64)) > LARGEST_NUMBER
        rule = "at most 1e50 in size"
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
    """Integers stay integers where the browser changed one to another: `whole` says that all of them are.

    Beyond `LARGEST_INTEGER` they become floats: refusing them would leave the browser with another state.
    """
    array = np.frombuffer(message["data"], dtype="<f8").reshape(message["shape"])
    whole = message.get("whole") and (np.abs(array) <= LARGEST_INTEGER).all()
    return array.astype(np.int64) if whole else array


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
        _check_size(self.name, values)
        return values[0] if values[0] == values[1] else values


class Position(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """An output position (row, column), both >= 0."""

    info_text = "(row, column)"

    def __init__(self) -> None:
        super().__init__(default_value=(0, 0))
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> tuple[int, ...]:
        """Return a pair of ints, or raise ParameterError."""
        parts = list(value) if is_sequence(value) else []  # an array without axes has no length
        if not isinstance(value, (tuple, list, np.ndarray)) or len(parts) != 2:
            raise ParameterError(f"{self.name} must be (row, column); got {value!r}")
        place = per_axis(self.name, value, 2, least=0)
        _check_size(self.name, place)
        return place


def _check_size(name: str, values: tuple[int, ...]) -> None:
    if max(values) > LARGEST_INTEGER:
        raise ParameterError(f"{name} must be at most 2**53; got {max(values)}")


class Flag(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """True or False."""

    info_text = "True or False"

    def __init__(self, default: bool) -> None:
        super().__init__(default_value=default)
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> bool:
        """Return a bool, or raise ParameterError."""
        if not isinstance(value, (bool, np.bool_)):
            raise ParameterError(f"{self.name} must be True or False; got {value!r}")
        return bool(value)


class Word(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """Text."""

    info_text = "text"

    def __init__(self) -> None:
        super().__init__(default_value="")
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> str:
        """Return the text, or raise ParameterError."""
        if not isinstance(value, str):
            raise ParameterError(f"{self.name} must be text; got {value!r}")
        return value


class Choice(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """One of a few words; the first is the default."""

    info_text = "one of a few words"

    def __init__(self, *words: str) -> None:
        super().__init__(default_value=words[0])
        self.words = words
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> str:
        """Return the word, or raise ParameterError."""
        if not isinstance(value, str) or value not in self.words:
            allowed = " or ".join(repr(word) for word in self.words)
            raise ParameterError(f"{self.name} must be {allowed}; got {value!r}")
        return value


class Whole(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """An int from `least` to `most`; also None, if that is the default."""

    info_text = "an integer"

    def __init__(self, default: int | None, least: int, most: int = LARGEST_INTEGER) -> None:
        super().__init__(default_value=default)
        self.least, self.most, self.optional = least, most, default is None
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> int | None:
        """Return an int or None, or raise ParameterError."""
        if value is None and self.optional:
            return None
        return whole_number(self.name, value, self.least, self.most, " or None" if self.optional else "")


class Wholes(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """A list of ints >= `least`, of one of the `lengths` if they are given."""

    info_text = "a list of integers"

    def __init__(self, *lengths: int, least: int = 0) -> None:
        super().__init__(default_value=[])
        self.lengths, self.least = lengths, least
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> list[int]:
        """Return a new list, or raise ParameterError."""
        if not isinstance(value, (list, tuple)):
            raise ParameterError(f"{self.name} must be a list of integers; got {value!r}")
        if self.lengths and len(value) not in self.lengths:
            allowed = " or ".join(map(str, self.lengths))
            raise ParameterError(f"{self.name} must have {allowed} entries; got {value!r}")
        return [whole_number(f"{self.name}[{place}]", item, self.least) for place, item in enumerate(value)]


class Number(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """A finite float from `least` to `most`; without `least` it is > 0."""

    info_text = "a finite number"

    def __init__(self, default: float, least: float | None = None, most: float | None = None) -> None:
        super().__init__(default_value=default)
        self.least, self.most = least, most
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> float:
        """Return a float, or raise ParameterError."""
        try:
            number = math.nan if isinstance(value, (bool, str)) else float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if self.least is None or self.most is None:
            rule, fits = "> 0", math.isfinite(number) and number > 0
        else:
            rule, fits = f"from {self.least:g} to {self.most:g}", self.least <= number <= self.most
        if not fits:
            raise ParameterError(f"{self.name} must be a finite number {rule}; got {value!r}")
        return number


def whole_number(
    name: str, value: object, least: int, most: int = LARGEST_INTEGER, otherwise: str = ""
) -> int:
    """Return `value` as an int from `least` to `most`; a bool is none.

    Raises
    ------
    ParameterError
    """
    try:
        number = least - 1 if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = least - 1
    if not least <= number <= most:
        rule = f">= {least}" if most == LARGEST_INTEGER else f"from {least} to {most}"
        got = "a number beyond 2**53" if number > LARGEST_INTEGER else repr(value)
        raise ParameterError(f"{name} must be an integer {rule}{otherwise}; got {got}")
    return number
