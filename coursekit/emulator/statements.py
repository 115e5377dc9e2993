"""Compiles statements. Each takes the lanes that run and returns those that go on with what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.emulator.declared import type_of
from coursekit.emulator.expressions import as_type, compiled, number
from coursekit.emulator.lanes import Lanes, Mask, is_own, truth
from coursekit.emulator.memory import SharedArray
from coursekit.emulator.places import local_array, set_variable
from coursekit.emulator.scope import Frame, Scope, Variable, line_of

Step = Callable[[Frame, Mask], Mask]
MOST_ITERATIONS = (
    10_000  # of one loop: who forgot to count must not wait for hours, in a check with twenty cases
)


def compiled_statement(node: Any, scope: Scope) -> Step:
    """Return a statement of the tree, compiled."""
    name = type(node).__name__
    if node is None or name in ("EmptyStatement", "Pragma"):
        return lambda frame, mask: mask
    compile_it = COMPILERS.get(name)
    if compile_it is not None:
        return compile_it(node, scope)
    expression = compiled(node, scope)

    def run(frame: Frame, mask: Mask) -> Mask:
        expression.run(frame, mask)
        return mask

    return run


def _block(node: Any, scope: Scope) -> Step:
    scope.names.append({})
    steps = [compiled_statement(item, scope) for item in node.block_items or ()]
    scope.names.pop()
    return _in_turn(steps)


def _in_turn(steps: list[Step]) -> Step:
    def run(frame: Frame, mask: Mask) -> Mask:
        for step in steps:
            mask = step(frame, mask)
            if not mask.count:
                break
        return mask

    return run


def _declaration(node: Any, scope: Scope) -> Step:
    kind, line = type_of(node.type, scope), line_of(node)
    if "register" in node.storage:
        return _shared(node, kind, scope, line)
    if kind.kind == "array":
        return _array(node, kind, scope, line)
    if kind.kind == "void":
        scope.fail(f"{node.name} cannot be of type void", line)
    run = None
    if node.init is not None:
        value = compiled(node.init, scope)
        if value.type.is_number != kind.is_number or (
            kind.kind == "pointer" and value.type.element != kind.element
        ):
            scope.fail(f"{node.name} is a {kind.name}; it cannot begin as a {value.type.name}", line)
        run = as_type(value, kind)
    variable = scope.declare(node.name, kind, line)

    def declare(frame: Frame, mask: Mask) -> Mask:
        frame.slots[variable.slot] = None
        if run is not None:
            set_variable(frame, variable, run(frame, mask), mask, line)
        frame.declared[variable.slot] = mask
        return mask

    return declare


def _shared(node: Any, kind: Any, scope: Scope, line: int) -> Step:
    if kind.kind != "array" or node.init is not None:
        scope.fail("__shared__ needs an array, without numbers to begin with", line)
    variable, key = scope.declare(node.name, kind, line), id(node)

    def declare(frame: Frame, mask: Mask) -> Mask:
        machine = frame.machine
        if key not in machine.shared:
            machine.shared[key] = SharedArray(node.name, kind.element, kind.dims, machine)
        frame.slots[variable.slot] = machine.shared[key]
        return mask

    return declare


def _array(node: Any, kind: Any, scope: Scope, line: int) -> Step:
    variable = scope.declare(node.name, kind, line)
    numbers = None if node.init is None else _initial(node.init, kind, scope, line)

    def declare(frame: Frame, mask: Mask) -> Mask:
        array = local_array(frame.machine.lanes, variable)
        if numbers is not None:
            array.fill(numbers, mask)
        frame.slots[variable.slot] = array
        return mask

    return declare


def _initial(node: Any, kind: Any, scope: Scope, line: int) -> Any:
    """Return the numbers of `{0}`, `{1, 2}` or `{{1, 2}, {3, 4}}`, flat; what is not named is 0."""
    numbers = np.zeros(kind.dims, dtype=kind.element.dtype)

    def fill(target: Any, part: Any) -> None:
        if type(part).__name__ != "InitList" or len(part.exprs) > len(target):
            scope.fail(f"an array of {kind.name} begins as {{...}} with at most as many numbers", line)
        for index, one in enumerate(part.exprs):
            if target.ndim > 1 and type(one).__name__ == "InitList":
                fill(target[index], one)
                continue
            value = number(one, scope).constant
            if value is None:
                scope.fail("an array begins with numbers that are known before it runs", line)
            target.reshape(-1)[index] = value

    fill(numbers, node)
    return numbers.reshape(-1)


def _if(node: Any, scope: Scope) -> Step:
    condition = number(node.cond, scope).run
    yes, no = _body(node.iftrue, scope), _body(node.iffalse, scope)

    def run(frame: Frame, mask: Mask) -> Mask:
        found = truth(condition(frame, mask))
        if not is_own(found):
            return (yes if found else no)(frame, mask)
        true, false = mask.split(found)
        if not true.count:
            return no(frame, mask)
        if not false.count:
            return yes(frame, mask)
        return yes(frame, true) | no(frame, false)

    return run


def _body(node: Any, scope: Scope) -> Step:
    scope.names.append({})
    step = compiled_statement(node, scope)
    scope.names.pop()
    return step


def _for(node: Any, scope: Scope) -> Step:
    scope.names.append({})
    begin = compiled_statement(node.init, scope)
    condition = number(node.cond, scope).run if node.cond is not None else _always
    step = compiled_statement(node.next, scope)
    body = _body(node.stmt, scope)
    scope.names.pop()
    loop = _loop(condition, body, step, line_of(node))
    return lambda frame, mask: loop(frame, begin(frame, mask))


def _declarations(node: Any, scope: Scope) -> Step:
    return _in_turn([compiled_statement(one, scope) for one in node.decls])


def _while(node: Any, scope: Scope) -> Step:
    condition, body = number(node.cond, scope).run, _body(node.stmt, scope)
    return _loop(condition, body, lambda frame, mask: mask, line_of(node))


def _always(frame: Frame, mask: Mask) -> Lanes:
    return True


def _loop(condition: Callable[[Frame, Mask], Lanes], body: Step, step: Step, line: int) -> Step:
    def run(frame: Frame, mask: Mask) -> Mask:
        nobody = frame.machine.nobody
        outer, ended = (frame.broken, frame.continued), nobody
        for _ in range(MOST_ITERATIONS):
            found = truth(condition(frame, mask))
            if is_own(found):
                mask, stops = mask.split(found)
                ended = ended | stops
            elif not found:
                ended, mask = ended | mask, nobody
            if not mask.count:
                break
            frame.broken = frame.continued = nobody
            mask = body(frame, mask) | frame.continued
            ended = ended | frame.broken
            if not mask.count:
                break
            mask = step(frame, mask)
        else:
            frame.machine.fail(
                "endless", f"a loop still runs after {MOST_ITERATIONS} rounds", line, mask.where[0]
            )
        frame.broken, frame.continued = outer
        return ended

    return run


def _break(node: Any, scope: Scope) -> Step:
    def run(frame: Frame, mask: Mask) -> Mask:
        frame.broken = frame.broken | mask
        return frame.machine.nobody

    return run


def _continue(node: Any, scope: Scope) -> Step:
    def run(frame: Frame, mask: Mask) -> Mask:
        frame.continued = frame.continued | mask
        return frame.machine.nobody

    return run


def _return(node: Any, scope: Scope) -> Step:
    line, kind = line_of(node), scope.result
    if (node.expr is None) != (kind is None or kind.kind == "void"):
        scope.fail("return must give a result exactly where the function has a type", line)
    run = as_type(compiled(node.expr, scope), kind) if node.expr is not None and kind is not None else None
    is_kernel = scope.is_kernel

    def leave(frame: Frame, mask: Mask) -> Mask:
        if run is not None:
            value = run(frame, mask)
            if frame.returned.count:
                value = np.where(mask.bits, value, frame.result)
            frame.result = value
        frame.returned = frame.returned | mask
        if is_kernel:
            frame.machine.leave(mask)
        return frame.machine.nobody

    return leave


COMPILERS: dict[str, Callable[[Any, Scope], Step]] = {
    "Compound": _block,
    "Decl": _declaration,
    "DeclList": _declarations,
    "If": _if,
    "For": _for,
    "While": _while,
    "Break": _break,
    "Continue": _continue,
    "Return": _return,
}
__all__ = ["Variable", "compiled_statement"]
