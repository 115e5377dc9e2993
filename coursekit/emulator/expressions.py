"""Compiles the expressions of C to functions that compute them for all lanes at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.emulator import arithmetic, places
from coursekit.emulator.calls import compiled_call
from coursekit.emulator.declared import type_of
from coursekit.emulator.lanes import Lanes, Mask, cast, converted, is_own, truth, wrapped
from coursekit.emulator.scope import Expression, Frame, Pointer, Scope, line_of
from coursekit.emulator.types import CONDITION, DOUBLE, FLOAT, INT, LONG, UNSIGNED, Type, promoted

AXES = ("threadIdx", "blockIdx", "blockDim", "gridDim")


def compiled(node: Any, scope: Scope) -> Expression:
    """Return an expression of the tree, compiled; KernelError for what the emulator does not know."""
    compile_it = COMPILERS.get(type(node).__name__)
    if compile_it is None:
        scope.fail(f"the emulator does not know a {type(node).__name__}", line_of(node))
    return compile_it(node, scope)


def number(node: Any, scope: Scope) -> Expression:
    """Return an expression that is a number."""
    found = compiled(node, scope)
    if not found.type.is_number:
        scope.fail(f"a number is needed here; this is of type {found.type.name}", line_of(node))
    return found


def as_type(expression: Expression, kind: Type) -> Callable[[Frame, Mask], Any]:
    """Return what computes an expression and converts it."""
    run, old = expression.run, expression.type
    if old == kind or not kind.is_number:
        return run
    if expression.constant is not None:
        constant = converted(expression.constant, old, kind)
        return lambda frame, mask: constant
    return lambda frame, mask: converted(run(frame, mask), old, kind)


def constant(kind: Type, value: Any) -> Expression:
    """Return a value that is known now."""
    return Expression(kind, lambda frame, mask: value, value)


def _constant(node: Any, scope: Scope) -> Expression:
    text = node.value.lower()
    if node.type in ("float", "double", "long double"):
        if text.endswith("f"):
            return constant(FLOAT, np.float32(text[:-1]))
        return constant(DOUBLE, np.float64(text.rstrip("l")))
    if node.type == "char" or "string" in node.type:
        scope.fail(f"the emulator does not know text; got {node.value}", line_of(node))
    digits = text.rstrip("ul")
    value = int(digits, 8 if digits.isdigit() and digits.startswith("0") else 0)
    kind = UNSIGNED if "u" in text else INT
    if "ll" in text or value > kind.range[1]:
        kind = LONG
    return constant(kind, value)


def _name(node: Any, scope: Scope) -> Expression:
    return places.loaded(places.compiled_place(node, scope), line_of(node))


def _coordinate(node: Any, scope: Scope) -> Expression:
    owner, axis = getattr(node.name, "name", ""), node.field.name
    if owner not in AXES or axis not in "xyz":
        scope.fail(f"only {', '.join(AXES)} have parts x, y and z here", line_of(node))
    return Expression(UNSIGNED, lambda frame, mask: frame.machine.coordinates[owner][axis])


def _binary(node: Any, scope: Scope) -> Expression:
    if node.op in ("&&", "||"):
        return _logical(node, scope)
    left, right, line = compiled(node.left, scope), compiled(node.right, scope), line_of(node)
    if left.type.kind in ("pointer", "array") or right.type.kind == "pointer":
        return places.moved_pointer(node.op, left, right, scope, line)
    if not (left.type.is_number and right.type.is_number):
        scope.fail(f"{left.type.name} {node.op} {right.type.name} is no computation", line)
    if node.op in arithmetic.WHOLE_ONLY and "float" in (left.type.kind, right.type.kind):
        scope.fail(f"{node.op} takes whole numbers; got {left.type.name} and {right.type.name}", line)
    kind = arithmetic.result_type(node.op, left.type, right.type)
    compute = arithmetic.binary(node.op, left.type, right.type, line)
    if left.constant is not None and right.constant is not None and kind.kind != "float":
        if node.op in "/%" and not right.constant:
            scope.fail(f"{node.op} by 0", line)
        nobody: Any = None
        return constant(kind, compute(nobody, nobody, left.constant, right.constant))
    first, second = left.run, right.run

    def run(frame: Frame, mask: Mask) -> Lanes:
        return compute(frame.machine, mask, first(frame, mask), second(frame, mask))

    return Expression(kind, run)


def _logical(node: Any, scope: Scope) -> Expression:
    left, right = number(node.left, scope).run, number(node.right, scope).run
    is_and = node.op == "&&"

    def run(frame: Frame, mask: Mask) -> Lanes:
        first = truth(left(frame, mask))
        if not is_own(first):
            return truth(right(frame, mask)) if first == is_and else first
        goes_on, _ = mask.split(first if is_and else ~first)
        if not goes_on.count:
            return first
        second = truth(right(frame, goes_on))
        return first & second if is_and else first | second

    return Expression(CONDITION, run)


def _choice(node: Any, scope: Scope) -> Expression:
    condition = number(node.cond, scope).run
    left, right = compiled(node.iftrue, scope), compiled(node.iffalse, scope)
    if not (left.type.is_number and right.type.is_number):
        scope.fail("? : chooses between numbers here", line_of(node))
    kind = left.type if left.type == right.type else arithmetic.result_type("+", left.type, right.type)
    yes, no = as_type(left, kind), as_type(right, kind)

    def run(frame: Frame, mask: Mask) -> Lanes:
        found = truth(condition(frame, mask))
        if not is_own(found):
            return (yes if found else no)(frame, mask)
        true, false = mask.split(found)
        if not true.count:
            return no(frame, mask)
        if not false.count:
            return yes(frame, mask)
        return arithmetic.chosen(found, yes(frame, true), no(frame, false))

    return Expression(kind, run)


def _unary(node: Any, scope: Scope) -> Expression:
    line = line_of(node)
    if node.op in ("++", "--", "p++", "p--"):
        return places.stepped(node, scope)
    if node.op == "*":
        return places.loaded(places.compiled_place(node, scope), line)
    if node.op == "&":
        return places.address(node.expr, scope)
    if node.op == "sizeof":
        kind = (
            type_of(node.expr, scope)
            if "Typename" in type(node.expr).__name__
            else compiled(node.expr, scope).type
        )
        return constant(LONG, places.size_of(kind, scope, line))
    inner = number(node.expr, scope)
    kind = CONDITION if node.op == "!" else promoted(inner.type)
    run = as_type(inner, inner.type if node.op == "!" else kind)
    compute: dict[str, Callable[[Lanes], Lanes]] = {
        "-": lambda numbers: arithmetic.negated(numbers, kind),
        "+": lambda numbers: numbers,
        "~": lambda numbers: wrapped(~numbers, kind),
        "!": arithmetic.logical_not,
    }
    if node.op not in compute:
        scope.fail(f"the emulator does not know the operator {node.op}", line)
    apply = compute[node.op]
    if inner.constant is not None:
        nobody: Any = None
        return constant(kind, apply(run(nobody, nobody)))
    return Expression(kind, lambda frame, mask: apply(run(frame, mask)))


def _cast(node: Any, scope: Scope) -> Expression:
    inner, kind = compiled(node.expr, scope), type_of(node.to_type, scope)
    if kind.kind == "void":
        return inner
    if inner.type.is_number and kind.is_number:
        old, run = inner.type, inner.run
        if inner.constant is not None:
            return constant(kind, cast(inner.constant, old, kind))
        return Expression(kind, lambda frame, mask: cast(run(frame, mask), old, kind))
    if kind.kind != "pointer" or inner.type.element != kind.element:
        scope.fail(f"{inner.type.name} cannot be read as {kind.name} here", line_of(node))
    return inner


def _sequence(node: Any, scope: Scope) -> Expression:
    parts = [compiled(part, scope) for part in node.exprs]

    def run(frame: Frame, mask: Mask) -> Any:
        for part in parts[:-1]:
            part.run(frame, mask)
        return parts[-1].run(frame, mask)

    return Expression(parts[-1].type, run)


COMPILERS: dict[str, Callable[[Any, Scope], Expression]] = {
    "Constant": _constant,
    "ID": _name,
    "ArrayRef": _name,
    "StructRef": _coordinate,
    "BinaryOp": _binary,
    "UnaryOp": _unary,
    "TernaryOp": _choice,
    "Assignment": lambda node, scope: places.assigned(node, scope),
    "Cast": _cast,
    "ExprList": _sequence,
    "FuncCall": lambda node, scope: compiled_call(node, scope),
}
__all__ = ["Pointer", "as_type", "compiled", "constant", "number"]
