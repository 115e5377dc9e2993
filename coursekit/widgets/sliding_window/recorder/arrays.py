"""Arrays and numbers that remember where every value comes from.

A `Recorded` holds two arrays of one shape: the values, on which NumPy computes exactly what it would without
recording, and their origins, on which NumPy does the same once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from coursekit.widgets.sliding_window.recorder import following, noting, pairing
from coursekit.widgets.sliding_window.recorder.events import Events

MOVING = (
    *("astype", "copy", "diagonal", "flatten", "ravel", "repeat", "reshape", "squeeze", "swapaxes", "take"),
    *("transpose", "compress", "view"),
)
"""Methods that move values without changing them. A view of the values has a view of the origins."""


class Base:
    """An array that is no view of another. `made`: by `np.zeros` or its like, to be written to."""

    def __init__(self, name: str, values: np.ndarray[Any, Any], *, made: bool = False) -> None:
        self.name, self.values, self.made = name, values, made
        self.origins: Any = None
        self.places = np.arange(values.size).reshape(values.shape)
        self.writes = 0
        self.is_written = np.zeros(values.size, bool)


class Recorded(NDArrayOperatorsMixin):
    """An array whose reads, writes and products are recorded. It passes for an `ndarray`."""

    _recorded = True
    """`isinstance` would believe what `__class__` says: what is ours is known by this."""

    def __init__(
        self,
        events: Events,
        values: Any,
        origins: Any,
        base: Base | None = None,
        places: np.ndarray[Any, Any] | None = None,
    ) -> None:
        self._events, self._values, self._origins = events, values, origins
        self._base = base
        self._places = places

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # so that isinstance(image, np.ndarray) and isinstance(total, float) hold
        return type(self._values)

    def _own(self) -> tuple[Base, np.ndarray[Any, Any]]:
        """Return the base and the place of each value in it; made when first asked for."""
        if self._base is None or self._places is None:
            self._base = Base("array", self._values)
            self._base.origins = self._origins
            self._places = self._base.places
        return self._base, self._places

    # What NumPy asks

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        self._events.lose("")
        return np.array(self._values, dtype=dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return following.follow_ufunc(self._events, ufunc, method, inputs, options)

    def __array_function__(self, function: Any, _types: Any, arguments: Any, options: Any) -> Any:
        return following.follow_function(self._events, function, arguments, options)

    # Reading and writing

    def __getitem__(self, index: Any) -> Any:
        index = pairing.plain(index)
        try:
            values = self._values[index]
        except IndexError:
            noting.note_failed_read(self._events, self._own()[0], self._values, index)
            raise
        base, places = self._own()
        origins = self._origins[index]
        noting.note_read(self._events, base, places[index], values, origins, index)
        if isinstance(values, np.ndarray):
            return Recorded(self._events, values, origins, *self._view(values, index))
        return pairing.number(self._events, values, origins)

    def _view(self, values: Any, index: Any) -> tuple[Base | None, Any]:
        base, places = self._own()
        return (base, places[index]) if np.may_share_memory(values, base.values) else (None, None)

    def __setitem__(self, index: Any, value: Any) -> None:
        index = pairing.plain(index)
        base, places = self._own()
        is_own = pairing.is_recorded(value) and value._base is base
        if is_own and np.array_equal(places[index], value._places):  # `out[i] += row` ends so: it is written
            return
        given, origins = pairing.split(value)
        self._values[index] = given
        self._origins[index] = origins
        noting.note_write(self._events, self, index, given)

    def __iter__(self) -> Iterator[Any]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d array")
        return (self[index] for index in range(len(self)))

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, value: Any) -> bool:
        return pairing.plain(value) in self._values

    def __copy__(self) -> Any:
        return self.copy()

    def __deepcopy__(self, _memory: Any) -> Any:
        return self.copy()

    # As one number

    def __bool__(self) -> bool:
        return bool(self._values)

    def __float__(self) -> float:
        self._events.lose("")
        return float(self._values)

    def __int__(self) -> int:
        self._events.lose("")
        return int(self._values)

    def __index__(self) -> int:
        return self._values.__index__()  # type: ignore[no-any-return]

    def __hash__(self) -> int:
        return hash(self._values)

    def __round__(self, digits: int | None = None) -> Any:
        return pairing.changed(self, "round", round(self._values, digits))

    def __repr__(self) -> str:
        return repr(self._values)

    def __str__(self) -> str:
        return str(self._values)

    def __format__(self, form: str) -> str:
        return format(self._values, form)

    # The attributes of an array

    @property
    def T(self) -> Any:
        return self.transpose()

    @property
    def flat(self) -> Any:
        return self.reshape(-1)

    @property
    def ndim(self) -> int:
        return int(np.ndim(self._values))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        attribute = getattr(self._values, name)
        if not callable(attribute):
            return attribute
        if name in MOVING:
            return self._moving(name)
        if name in following.METHODS:
            return lambda *arguments, **options: following.METHODS[name](self, *arguments, **options)
        return self._calling(name, attribute)

    def _calling(self, name: str, attribute: Callable[..., Any]) -> Callable[..., Any]:
        """A method that changes the values: what it gives is not followed."""

        def call(*arguments: Any, **options: Any) -> Any:
            result = attribute(*pairing.plain(arguments), **pairing.plain(options))
            return pairing.unfollowed(self._events, result, name)

        return call

    def _moving(self, name: str) -> Callable[..., Any]:
        def move(*arguments: Any, **options: Any) -> Any:
            arguments, options = pairing.plain(arguments), pairing.plain(options)
            values = getattr(self._values, name)(*arguments, **options)
            if name in ("astype", "view"):
                return pairing.cast(self, values)
            origins = getattr(pairing.as_array(self._origins), name)(*arguments, **options)
            base, places = None, None
            if self.ndim and np.may_share_memory(values, self._own()[0].values):
                base, places = self._own()
                places = getattr(places, name)(*arguments, **options)
            return pairing.wrap(self._events, values, origins, base, places)

        return move


class Number(Recorded):
    """One number with its origin. `total += number` makes a new one, as Python's numbers do."""

    def _out_of_place(self, _other: Any) -> Any:
        return NotImplemented

    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ifloordiv__ = __imod__ = __ipow__ = _out_of_place

    def __getitem__(self, index: Any) -> Any:
        if index not in ((), Ellipsis):
            raise TypeError(f"{type(self._values).__name__!r} object is not subscriptable")
        return self

    def item(self) -> Any:
        return pairing.number(self._events, self._values.item(), self._origins)
