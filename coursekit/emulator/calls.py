"""Compiles calls: of what CUDA gives to kernels, and of the kernel's own functions."""

from __future__ import annotations

from typing import Any

from coursekit.emulator.intrinsics import INTRINSICS, Intrinsic, read_number, write_number
from coursekit.emulator.lanes import Lanes, Mask
from coursekit.emulator.memory import GlobalArray
from coursekit.emulator.scope import Expression, Frame, Scope, line_of, new_frame
from coursekit.emulator.types import HALF_BITS, VOID, Type


def compiled_call(node: Any, scope: Scope) -> Expression:
    """Return a call, compiled."""
    name, line = getattr(node.name, "name", ""), line_of(node)
    given = list(node.args.exprs) if node.args is not None else []
    if name == "__syncthreads":
        return Expression(VOID, lambda frame, mask: frame.machine.barrier(mask, line))
    if name == "atomicAdd":
        return _atomic(given, scope, line)
    if name in scope.source.functions:
        return _own(name, given, scope, line)
    intrinsic = _intrinsic(name, given, scope)
    if intrinsic is None:
        scope.fail(f"the emulator does not know the function {name or 'that is called here'}", line)
    return _applied(name, intrinsic, given, scope, line)


def _intrinsic(name: str, given: list[Any], scope: Scope) -> Intrinsic | None:
    from coursekit.emulator.declared import type_of
    from coursekit.emulator.expressions import number

    if name in ("read_number", "write_number") and "number" in scope.source.types and len(given) == 1:
        stored, kept = type_of(scope.source.types["number"], scope), number(given[0], scope).type
        return read_number(stored) if name == "read_number" else write_number(stored == HALF_BITS, kept)
    return INTRINSICS.get(name)


def _applied(name: str, intrinsic: Intrinsic, given: list[Any], scope: Scope, line: int) -> Expression:
    from coursekit.emulator.expressions import as_type, number

    if len(given) != intrinsic.arguments:
        scope.fail(f"{name} takes {intrinsic.arguments} numbers; got {len(given)}", line)
    found = [number(one, scope) for one in given]
    taken = intrinsic.taken_for([one.type for one in found])
    runs = [as_type(one, taken) for one in found]
    compute, cost = intrinsic.compute, intrinsic.operations

    def run(frame: Frame, mask: Mask) -> Lanes:
        frame.machine.counts.operations += cost * mask.count
        return compute(*(run(frame, mask) for run in runs))

    return Expression(intrinsic.given or taken, run)


def _atomic(given: list[Any], scope: Scope, line: int) -> Expression:
    from coursekit.emulator.expressions import as_type, compiled, number

    if len(given) != 2:
        scope.fail(f"atomicAdd takes a pointer and a number; got {len(given)} arguments", line)
    pointer, value = compiled(given[0], scope), number(given[1], scope)
    element = pointer.type.element
    if pointer.type.kind != "pointer" or element is None or not element.is_number:
        scope.fail(f"atomicAdd takes a pointer first; got {pointer.type.name}", line)
    find, by = pointer.run, as_type(value, element)

    def run(frame: Frame, mask: Mask) -> Lanes:
        place = find(frame, mask)
        if not isinstance(place.memory, GlobalArray):
            frame.machine.fail("source", "atomicAdd works on global arrays here", line, mask.where[0])
        frame.machine.counts.operations += mask.count if element.kind == "float" else 0
        return place.memory.add(frame.machine, place.offset, by(frame, mask), mask, line)

    return Expression(element, run)


def _own(name: str, given: list[Any], scope: Scope, line: int) -> Expression:
    """A call of a function of the same file. It runs in a frame of its own, for the lanes that call it."""
    from coursekit.emulator.expressions import as_type, compiled
    from coursekit.emulator.functions import compiled_function
    from coursekit.emulator.places import set_variable

    function = compiled_function(name, scope.source, scope.compiled, line)
    if len(given) != len(function.parameters):
        scope.fail(f"{name} takes {len(function.parameters)} arguments; got {len(given)}", line)
    found = [compiled(one, scope) for one in given]
    for one, parameter in zip(found, function.parameters, strict=True):
        _check_argument(name, one.type, parameter.type, scope, line)
    runs = [as_type(one, parameter.type) for one, parameter in zip(found, function.parameters, strict=True)]

    def run(frame: Frame, mask: Mask) -> Any:
        inner = new_frame(frame.machine, function.slots)
        for parameter, run in zip(function.parameters, runs, strict=True):
            set_variable(inner, parameter, run(frame, mask), mask, line)
            inner.declared[parameter.slot] = mask
        left = function.body(inner, mask)
        if function.result.kind != "void" and left.count:
            frame.machine.fail("source", f"{name} ends without a result", line, left.where[0])
        return inner.result

    return Expression(function.result, run)


def _check_argument(name: str, given: Type, taken: Type, scope: Scope, line: int) -> None:
    if given.is_number and taken.is_number:
        return
    if given.kind == taken.kind == "pointer" and given.element == taken.element:
        return
    scope.fail(f"{name} takes a {taken.name} here; got a {given.name}", line)
