"""Reads the types that declarations name."""

from __future__ import annotations

from typing import Any

from coursekit.emulator.scope import Scope, line_of
from coursekit.emulator.types import BY_WORDS, Type, array_of, pointer_to


def type_of(node: Any, scope: Scope) -> Type:
    """Return the type of a declaration, a parameter or a cast."""
    from pycparser import c_ast

    if isinstance(node, (c_ast.Typename, c_ast.TypeDecl, c_ast.Decl)):
        return type_of(node.type, scope)
    if isinstance(node, c_ast.IdentifierType):
        return _named(node, scope)
    if isinstance(node, c_ast.PtrDecl):
        return pointer_to(type_of(node.type, scope))
    if not isinstance(node, c_ast.ArrayDecl):
        scope.fail(f"the emulator does not know a {type(node).__name__}", line_of(node))
    return _array(node, scope)


def _named(node: Any, scope: Scope) -> Type:
    words = node.names
    if len(words) == 1 and words[0] in scope.source.types:
        return type_of(scope.source.types[words[0]], scope)
    known = BY_WORDS.get(" ".join(sorted(words)))
    if known is None:
        scope.fail(f"the emulator does not know the type {' '.join(words)}", line_of(node))
    return known


def _array(node: Any, scope: Scope) -> Type:
    from coursekit.emulator.expressions import compiled

    sizes = []
    while type(node).__name__ == "ArrayDecl":
        size = compiled(node.dim, scope).constant if node.dim is not None else None
        if not isinstance(size, int) or size < 1:
            scope.fail("an array needs sizes that are known before it runs, at least 1", line_of(node))
        sizes.append(size)
        node = node.type
    return array_of(type_of(node, scope), sizes)
