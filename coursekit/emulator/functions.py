"""Compiles whole functions, each once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coursekit.emulator.declared import type_of
from coursekit.emulator.errors import KernelError
from coursekit.emulator.scope import Scope, Variable, line_of
from coursekit.emulator.source import Source
from coursekit.emulator.statements import Step, compiled_statement
from coursekit.emulator.types import Type, pointer_to


@dataclass(frozen=True)
class Function:
    """A function that lanes can run: its parameters, the number of its variables, what it gives."""

    name: str
    parameters: tuple[Variable, ...]
    result: Type
    body: Step
    slots: int


def compiled_function(name: str, source: Source, compiled: dict[str, Any], line: int = 0) -> Function:
    """Return the function `name` of a file; KernelError if it calls itself."""
    if name in compiled:
        if compiled[name] is None:
            raise KernelError("source", f"{source.file}, line {line}: {name} calls itself")
        found: Function = compiled[name]
        return found
    compiled[name] = None
    node = source.functions[name]
    scope = Scope(source, compiled, is_kernel="_Noreturn" in node.decl.funcspec)
    scope.result = type_of(node.decl.type.type, scope)
    parameters = tuple(_parameters(node, scope))
    body = compiled_statement(node.body, scope)
    function = Function(name, parameters, scope.result, body, len(scope.slots))
    compiled[name] = function
    return function


def _parameters(node: Any, scope: Scope) -> list[Variable]:
    listed = node.decl.type.args
    found = []
    for one in listed.params if listed is not None else ():
        kind = type_of(one, scope)
        if kind.kind == "void":
            continue
        if kind.kind == "array" and kind.element is not None:  # C passes an array as a pointer
            kind = pointer_to(kind.element)
        found.append(scope.declare(one.name, kind, line_of(one)))
    return found
