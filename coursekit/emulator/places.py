"""Places that hold numbers: variables, and numbers of arrays. They are read, set, stepped and pointed at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.emulator import arithmetic
from coursekit.emulator.lanes import Lanes, Mask, converted, is_own
from coursekit.emulator.memory import LocalArray, Memory
from coursekit.emulator.scope import Expression, Frame, Pointer, Scope, Variable, line_of
from coursekit.emulator.types import INT, LONG, Type, array_of, pointer_to


@dataclass(frozen=True)
class VariablePlace:
    """A variable."""

    variable: Variable

    @property
    def type(self) -> Type:
        return self.variable.type


@dataclass(frozen=True)
class ElementPlace:
    """A number of an array, or a row of one: `locate` gives its memory and flat index."""

    type: Type
    locate: Callable[[Frame, Mask], tuple[Memory, Lanes]]


Place = VariablePlace | ElementPlace


def compiled_place(node: Any, scope: Scope) -> Place:
    """Return what can stand on the left of an assignment."""
    kind = type(node).__name__
    if kind == "ID":
        variable = scope.find(node.name)
        if variable is None:
            scope.fail(f"{node.name} is not declared", line_of(node))
        return VariablePlace(variable)
    if kind == "ArrayRef":
        return _element(node, scope)
    if kind != "UnaryOp" or node.op != "*":
        scope.fail("this cannot be assigned to or pointed at", line_of(node))
    from coursekit.emulator.expressions import compiled

    return _pointed(compiled(node.expr, scope), None, scope, line_of(node))


def _element(node: Any, scope: Scope) -> ElementPlace:
    from coursekit.emulator.expressions import compiled, number

    index = number(node.subscript, scope)
    if index.type.kind == "float":
        scope.fail("an index must be a whole number", line_of(node))
    if type(node.name).__name__ in ("ID", "ArrayRef"):
        owner = compiled_place(node.name, scope)
        if owner.type.kind == "array":
            return _row(owner, index, line_of(node))
    return _pointed(compiled(node.name, scope), index, scope, line_of(node))


def _row(owner: Place, index: Expression, line: int) -> ElementPlace:
    """The part `index` of an array: a row of it, or a number where it has one axis."""
    size, *rest = owner.type.dims
    element = owner.type.element
    assert element is not None
    pitch, run = int(np.prod(rest, dtype=np.int64)), _whole(index)
    find = _found(owner)

    def locate(frame: Frame, mask: Mask) -> tuple[Memory, Lanes]:
        memory, before = find(frame, mask)
        own = run(frame, mask)
        if rest or before is not None:
            _check_axis(frame, memory, own, size, mask, line)
        return memory, own * pitch if before is None else before + own * pitch

    return ElementPlace(array_of(element, rest) if rest else element, locate)


def _found(owner: Place) -> Callable[[Frame, Mask], tuple[Memory, Lanes | None]]:
    if isinstance(owner, ElementPlace):
        return owner.locate
    slot = owner.variable.slot
    return lambda frame, mask: (frame.slots[slot], None)


def _check_axis(frame: Frame, memory: Memory, index: Lanes, size: int, mask: Mask, line: int) -> None:
    """KernelError where an index leaves its own axis, though it may still be inside of the array."""
    wrong = (index < 0) | (index >= size)
    if not is_own(index):
        if wrong:
            frame.machine.fail(
                "bounds", f"index {index} of {memory.name} is outside of its {size}", line, mask.where[0]
            )
    elif wrong.any() and (wrong & mask.bits).any():
        lane = int(np.flatnonzero(wrong & mask.bits)[0])
        frame.machine.fail(
            "bounds", f"index {index[lane]} of {memory.name} is outside of its {size}", line, lane
        )


def _pointed(pointer: Expression, index: Expression | None, scope: Scope, line: int) -> ElementPlace:
    element = pointer.type.element
    if pointer.type.kind != "pointer" or element is None:
        scope.fail(f"an array or a pointer is needed here; this is of type {pointer.type.name}", line)
    find = pointer.run
    if index is None:

        def locate_it(frame: Frame, mask: Mask) -> tuple[Memory, Lanes]:
            place = find(frame, mask)
            return place.memory, place.offset

        return ElementPlace(element, locate_it)
    run = _whole(index)

    def locate(frame: Frame, mask: Mask) -> tuple[Memory, Lanes]:
        place = find(frame, mask)
        return place.memory, place.offset + run(frame, mask)

    return ElementPlace(element, locate)


def _whole(index: Expression) -> Callable[[Frame, Mask], Lanes]:
    from coursekit.emulator.expressions import as_type

    return as_type(index, INT) if index.type.kind == "condition" else index.run


def loaded(place: Place, line: int) -> Expression:
    """Return the expression that reads a place. An array becomes a pointer to its first number."""
    if place.type.kind == "array":
        element = place.type.element
        assert element is not None
        find = _found(place)

        def point(frame: Frame, mask: Mask) -> Pointer:
            memory, offset = find(frame, mask)
            return Pointer(memory, 0 if offset is None else offset)

        return Expression(pointer_to(element) if len(place.type.dims) == 1 else place.type, point)
    if isinstance(place, ElementPlace):
        locate = place.locate

        def read(frame: Frame, mask: Mask) -> Lanes:
            memory, index = locate(frame, mask)
            return memory.read(frame.machine, index, mask, line)

        return Expression(place.type, read)
    slot, name = place.variable.slot, place.variable.name

    def get(frame: Frame, mask: Mask) -> Any:
        value = frame.slots[slot]
        if value is None:
            frame.machine.fail("never written", f"{name} is read before it has a value", line, mask.where[0])
        return value

    return Expression(place.type, get)


def set_variable(frame: Frame, variable: Variable, value: Any, mask: Mask, line: int) -> None:
    """Set a variable of the running lanes; the others keep theirs."""
    slot = variable.slot
    if variable.type.is_number:
        value = arithmetic.checked(value, variable.type, frame.machine, mask, line)
    declared, old = frame.declared[slot], frame.slots[slot]
    if old is None or (declared is not None and mask.count >= declared.count) or mask.is_full:
        frame.slots[slot] = value
    elif isinstance(value, Pointer):
        if value.memory is not old.memory:
            frame.machine.fail("source", f"{variable.name} points at two arrays at once", line, mask.where[0])
        frame.slots[slot] = Pointer(value.memory, np.where(mask.bits, value.offset, old.offset))
    else:
        frame.slots[slot] = np.where(mask.bits, value, old)


def _store(place: Place, line: int) -> Callable[[Frame, Mask, Any, Any], None]:
    """Return what sets a place; it is given what `locate` found, so that no index is computed twice."""
    if isinstance(place, VariablePlace):
        variable = place.variable
        return lambda frame, mask, found, value: set_variable(frame, variable, value, mask, line)
    kind = place.type

    def write(frame: Frame, mask: Mask, found: tuple[Memory, Lanes], value: Any) -> None:
        memory, index = found
        value = arithmetic.checked(value, kind, frame.machine, mask, line)
        memory.write(frame.machine, index, value, mask, line)

    return write


def assigned(node: Any, scope: Scope) -> Expression:
    """Return `place = value`, or `place += value` and its like."""
    from coursekit.emulator.expressions import as_type, compiled

    place, line = compiled_place(node.lvalue, scope), line_of(node)
    value = compiled(node.rvalue, scope)
    if place.type.kind == "array":
        scope.fail("an array is set number by number", line)
    if node.op == "=":
        _check_assignable(place.type, value.type, scope, line)
        return _set(place, as_type(value, place.type), line)
    sign = node.op[:-1]
    old = Expression(place.type, lambda frame, mask: None)
    if place.type.kind == "pointer":
        return _updated(place, moved_by(sign, value, scope, line), value.run, line)
    if not (place.type.is_number and value.type.is_number):
        scope.fail(f"{place.type.name} {node.op} {value.type.name} is no computation", line)
    meet = arithmetic.result_type(sign, old.type, value.type)
    compute = arithmetic.binary(sign, place.type, value.type, line)
    kind = place.type

    def combine(frame: Frame, mask: Mask, before: Any, by: Any) -> Any:
        return converted(compute(frame.machine, mask, before, by), meet, kind)

    return _updated(place, combine, value.run, line)


def _check_assignable(kind: Type, value: Type, scope: Scope, line: int) -> None:
    if kind.is_number and value.is_number:
        return
    if kind.kind == value.kind == "pointer" and kind.element == value.element:
        return
    scope.fail(f"a {value.name} cannot be assigned to a {kind.name}", line)


def _set(place: Place, run: Callable[[Frame, Mask], Any], line: int) -> Expression:
    store = _store(place, line)
    locate = place.locate if isinstance(place, ElementPlace) else None

    def assign(frame: Frame, mask: Mask) -> Any:
        value = run(frame, mask)
        store(frame, mask, locate(frame, mask) if locate else None, value)
        return value

    return Expression(place.type, assign)


Combine = Callable[[Frame, Mask, Any, Any], Any]


def _updated(place: Place, combine: Combine, by: Callable[[Frame, Mask], Any], line: int) -> Expression:
    store = _store(place, line)
    if isinstance(place, VariablePlace):
        get = loaded(place, line).run

        def update(frame: Frame, mask: Mask) -> Any:
            value = combine(frame, mask, get(frame, mask), by(frame, mask))
            store(frame, mask, None, value)
            return value

        return Expression(place.type, update)
    locate = place.locate

    def update_element(frame: Frame, mask: Mask) -> Any:
        found = locate(frame, mask)
        before = found[0].read(frame.machine, found[1], mask, line)
        value = combine(frame, mask, before, by(frame, mask))
        store(frame, mask, found, value)
        return value

    return Expression(place.type, update_element)


def moved_by(sign: str, by: Expression, scope: Scope, line: int) -> Combine:
    """Return what moves a pointer by whole numbers."""
    if sign not in "+-" or by.type.kind != "int":
        scope.fail(f"a pointer is moved by whole numbers; got {sign} {by.type.name}", line)
    direction = 1 if sign == "+" else -1
    return lambda frame, mask, before, step: Pointer(before.memory, before.offset + direction * step)


def stepped(node: Any, scope: Scope) -> Expression:
    """Return ++place, place++, --place or place--."""
    place, line = compiled_place(node.expr, scope), line_of(node)
    direction = 1 if "+" in node.op else -1
    kind = place.type
    if kind.kind == "pointer":

        def combine(frame: Frame, mask: Mask, before: Any, by: Any) -> Any:
            return Pointer(before.memory, before.offset + by)

    elif kind.is_number:

        def combine(frame: Frame, mask: Mask, before: Any, by: Any) -> Any:
            return before + (kind.dtype(by) if kind.kind == "float" else by)

    else:
        scope.fail(f"{node.op} needs a number or a pointer; this is of type {kind.name}", line)
    new = _updated(place, combine, lambda frame, mask: direction, line)
    if not node.op.startswith("p"):
        return new
    if isinstance(place, ElementPlace):
        scope.fail("step a number of an array in a statement of its own: a[i] += 1", line)
    get = loaded(place, line).run

    def run(frame: Frame, mask: Mask) -> Any:
        before = get(frame, mask)
        new.run(frame, mask)
        return before

    return Expression(kind, run)


def moved_pointer(sign: str, left: Expression, right: Expression, scope: Scope, line: int) -> Expression:
    """Return pointer + number, number + pointer, pointer - number, or pointer - pointer."""
    if left.type.kind == right.type.kind == "pointer" and sign == "-":
        first, second = left.run, right.run
        return Expression(LONG, lambda frame, mask: first(frame, mask).offset - second(frame, mask).offset)
    if right.type.kind == "pointer":
        left, right = right, left
    combine, find, by = moved_by(sign, right, scope, line), left.run, right.run
    return Expression(left.type, lambda frame, mask: combine(frame, mask, find(frame, mask), by(frame, mask)))


def address(node: Any, scope: Scope) -> Expression:
    """Return &place."""
    place = compiled_place(node, scope)
    if isinstance(place, VariablePlace) or place.type.kind == "array":
        scope.fail("only numbers of arrays can be pointed at with & here", line_of(node))
    locate = place.locate
    return Expression(pointer_to(place.type), lambda frame, mask: Pointer(*locate(frame, mask)))


def size_of(kind: Type, scope: Scope, line: int) -> int:
    """Return the bytes of a number of a type."""
    if not kind.is_number:
        scope.fail(f"sizeof needs a type of numbers here; got {kind.name}", line)
    return kind.bits // 8


def local_array(machine_lanes: int, variable: Variable) -> LocalArray:
    """Return an array of each thread's own."""
    element = variable.type.element
    assert element is not None
    return LocalArray(variable.name, element, variable.type.dims, machine_lanes)
