"""NumPy for the time of one recorded call: what makes a new array makes one that records."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from coursekit.widgets.sliding_window.recorder import following, pairing
from coursekit.widgets.sliding_window.recorder.events import Events

DISPATCHED = type(np.sum)
"""The type of the functions that ask their arguments how to be computed."""

MAKING = (np.zeros, np.ones, np.empty, np.full, np.zeros_like, np.ones_like, np.empty_like, np.full_like)
TAKING = (np.array, np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray)
NUMBERS = (float, int, np.float16, np.float32, np.float64, np.int8, np.int16, np.int32, np.int64, np.uint8)


class NumberType(type):
    """The type of stand-ins for `float` and its like, which pass for what they stand for."""

    _stands_for: type

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, cls._stands_for)

    def __subclasscheck__(cls, other: Any) -> bool:
        return issubclass(getattr(other, "_stands_for", other), cls._stands_for)

    def __eq__(cls, other: object) -> bool:
        return getattr(other, "_stands_for", other) is cls._stands_for

    def __hash__(cls) -> int:
        return hash(cls._stands_for)

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        if not arguments or not pairing.is_recorded(arguments[0]):
            return cls._stands_for(*arguments, **options)
        recorded = arguments[0]
        value = cls._stands_for(recorded._values)
        node = pairing.as_array(recorded._origins).reshape(-1)[0]
        if isinstance(value, (int, np.integer)) and value != recorded._values and hasattr(node, "changed"):
            node = node.changed("int")
        return pairing.number(recorded._events, value, node)

    def __getattr__(cls, name: str) -> Any:
        return getattr(cls._stands_for, name)


def _number_type(real: type) -> type:
    return NumberType(real.__name__, (), {"_stands_for": real, "dtype": np.dtype(real)})


class NumPy(ModuleType):
    """A module of NumPy, with stand-ins for what it holds."""

    def __init__(self, module: ModuleType, stand_ins: StandIns) -> None:
        super().__init__(module.__name__)
        self._module, self._stand_ins = module, stand_ins

    def __getattr__(self, name: str) -> Any:
        return self._stand_ins.of(getattr(self._module, name))


class StandIns:
    """What a function meets instead of NumPy's own, while it is recorded."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self.by_id: dict[int, Any] = {id(real): _number_type(real) for real in NUMBERS}
        self.by_id |= {id(make): self._making(make) for make in MAKING}
        self.by_id |= {id(take): self._taking(take) for take in TAKING}
        self.by_id[id(as_strided)] = self._as_strided
        self.by_id[id(np.ndenumerate)] = self._ndenumerate

    def of(self, value: Any) -> Any:
        """Return the stand-in for `value`, or `value` itself."""
        found = self.by_id.get(id(value))
        if found is not None:
            return found
        if isinstance(value, ModuleType) and value.__name__.partition(".")[0] == "numpy":
            return self.by_id.setdefault(id(value), value if type(value) is NumPy else NumPy(value, self))
        if type(value) is DISPATCHED:
            return self.by_id.setdefault(id(value), self._looking_into_lists(value))
        return value

    def _making(self, make: Callable[..., Any]) -> Callable[..., Any]:
        def stand_in(*arguments: Any, **options: Any) -> Any:
            return pairing.created(self.events, make(*pairing.plain(arguments), **pairing.plain(options)))

        return stand_in

    def _taking(self, take: Callable[..., Any]) -> Callable[..., Any]:
        def stand_in(*arguments: Any, **options: Any) -> Any:
            values = take(*pairing.plain(arguments), **pairing.plain(options))
            given: Any = arguments[0] if arguments else None
            if not pairing.has_recorded(given):
                return pairing.created(self.events, values)
            if pairing.is_recorded(given) and values is given._values:
                return given
            if pairing.is_recorded(given):
                return pairing.cast(given, values)
            origins = np.array(pairing.origins_of(given), dtype=object)
            return pairing.created(self.events, values, origins.reshape(values.shape))

        return stand_in

    def _looking_into_lists(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """NumPy finds recorded arrays among the arguments, but not in lists of lists."""

        def stand_in(*arguments: Any, **options: Any) -> Any:
            if pairing.has_recorded(arguments) or pairing.has_recorded(options):
                return following.follow_function(self.events, function, arguments, options)
            return function(*pairing.plain(arguments), **pairing.plain(options))

        stand_in.__name__ = function.__name__
        return stand_in

    def _as_strided(self, x: Any, shape: Any = None, strides: Any = None, **options: Any) -> Any:
        if not pairing.is_recorded(x):
            return as_strided(x, pairing.plain(shape), strides, **options)
        values = as_strided(x._values, shape, strides, **options)
        steps = None
        if strides is not None:  # the origins lie in memory as the values do, with another width
            width = x._origins.itemsize
            steps = [step // x._values.itemsize * width for step in strides]
        return pairing.wrap(self.events, values, as_strided(x._origins, shape, steps))

    def _ndenumerate(self, array: Any) -> Iterator[Any]:
        return ((index, array[index]) for index in np.ndindex(np.shape(pairing.plain(array))))


LIBRARIES = {"numpy", "scipy", "torch", "cupy", "sklearn", "skimage", "coursekit"}
LIBRARIES |= sys.stdlib_module_names - {"__main__"}
"""Functions of these are called as they are."""


@contextmanager
def patched(function: Callable[..., Any], events: Events) -> Iterator[None]:
    """Put stand-ins into the names that a function knows, and take them out again however it ends."""
    stand_ins = StandIns(events)
    called = _called_by(python_function(function))
    namespaces = {id(one.__globals__): one.__globals__ for one in called}
    with ExitStack() as undoing:
        for one in called:
            undoing.enter_context(_patched_cells(one, stand_ins))
        for names in namespaces.values():
            undoing.enter_context(_patched_names(names, stand_ins))
        undoing.enter_context(_patched_import(set(namespaces), stand_ins))
        yield


@contextmanager
def _patched_import(namespaces: set[int], stand_ins: StandIns) -> Iterator[None]:
    """`import numpy as np` inside the function gives what stands in for it, too; everyone else gets NumPy."""
    real = builtins.__import__

    def importing(name: str, globals_: Any = None, *others: Any, **options: Any) -> Any:
        module = real(name, globals_, *others, **options)
        return stand_ins.of(module) if id(globals_) in namespaces else module

    builtins.__import__ = importing  # type: ignore[assignment]
    try:
        yield
    finally:
        builtins.__import__ = real


@contextmanager
def _patched_names(names: dict[str, Any], stand_ins: StandIns) -> Iterator[None]:
    kept = {name: value for name, value in names.items() if stand_ins.of(value) is not value}
    put = {name: stand_ins.of(value) for name, value in kept.items()}
    put |= {name: stand_ins.of(getattr(builtins, name)) for name in ("float", "int") if name not in names}
    names.update(put)
    try:
        yield
    finally:
        for name, value in put.items():
            if names.get(name) is not value:
                continue  # the function gave the name another value: that stays
            if name in kept:
                names[name] = kept[name]
            else:
                del names[name]


@contextmanager
def _patched_cells(function: FunctionType, stand_ins: StandIns) -> Iterator[None]:
    """Names of an enclosing function: `np`, where it was imported there."""
    kept = [(cell, value) for cell, value in _filled_cells(function) if stand_ins.of(value) is not value]
    for cell, value in kept:
        cell.cell_contents = stand_ins.of(value)
    try:
        yield
    finally:
        for cell, value in kept:
            cell.cell_contents = value


def _filled_cells(function: FunctionType) -> list[tuple[Any, Any]]:
    found = []
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # not filled yet
            found.append((cell, cell.cell_contents))
    return found


def python_function(function: Any) -> FunctionType | None:
    """Return the Python function behind a callable: a method's, an object's; None if there is none."""
    while hasattr(function, "__wrapped__") or hasattr(function, "func"):
        function = function.__wrapped__ if hasattr(function, "__wrapped__") else function.func
    function = getattr(function, "__func__", function)
    if not isinstance(function, FunctionType):
        function = vars(type(function)).get("__call__")
    return function if isinstance(function, FunctionType) else None


def _called_by(function: FunctionType | None) -> list[FunctionType]:
    """Return a function and those that it may call, but for those of libraries."""
    waiting: list[Any] = [function]
    found: list[FunctionType] = []
    while waiting:
        one = waiting.pop()
        if not isinstance(one, FunctionType) or one in found or _is_of_library(one):
            continue
        found.append(one)
        waiting += [one.__globals__.get(name) for name in _names_in(one.__code__)]
        waiting += [value for _, value in _filled_cells(one)]
    return found


def _is_of_library(function: FunctionType) -> bool:
    return str(function.__globals__.get("__name__", "")).partition(".")[0] in LIBRARIES


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:  # the functions and comprehensions inside
        if isinstance(constant, CodeType):
            yield from _names_in(constant)
