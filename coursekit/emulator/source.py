"""Reads the text of a kernel: C, with the few words that CUDA adds."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from coursekit.emulator.errors import KernelError

# What CUDA adds to C, in words that a reader of C takes. `register` and `_Noreturn` say nothing else here.
CUDA_WORDS = """\
#define EMULATED 1
#define __global__ _Noreturn
#define __device__ inline
#define __host__
#define __forceinline__
#define __shared__ register
#define __restrict__
#define __launch_bounds__(...)
#define bool int
#define size_t unsigned long long
#define true 1
#define false 0
"""
C_LINKAGE = re.compile(r'extern\s+"C"')


@dataclass(frozen=True)
class Source:
    """A kernel's text as a tree: functions by name, and the names of types that it defines."""

    file: str
    functions: dict[str, Any]
    types: dict[str, Any]

    @property
    def kernels(self) -> list[str]:
        """The names of the functions that a grid can be started with."""
        return [name for name, one in self.functions.items() if "_Noreturn" in one.decl.funcspec]


def read_source(text: str, defines: Mapping[str, int | float | str], file: str) -> Source:
    """Return the tree of a kernel's text; KernelError with the line where it is no C, or not known here."""
    return _read(text, tuple(sorted(defines.items())), file)


@lru_cache(maxsize=64)
def _read(text: str, defines: tuple[tuple[str, Any], ...], file: str) -> Source:
    from pycparser import CParser, c_ast
    from pycparser.c_parser import ParseError

    plain = _preprocessed(text, defines, file)
    parser = CParser()
    try:
        tree = parser.parse(plain, filename=file)
    except ParseError as error:
        place, why = _told(str(error), file, parser.clex)
        raise KernelError("source", f"{place}: this cannot be read as C: {why}") from None
    functions: dict[str, Any] = {}
    types: dict[str, Any] = {}
    for one in tree.ext:
        if isinstance(one, c_ast.FuncDef):
            functions[one.decl.name] = one
        elif isinstance(one, c_ast.Typedef):
            types[one.name] = one.type
        elif not isinstance(one, (c_ast.Pragma, c_ast.Decl)) or not _is_prototype(one):
            line = one.coord.line if one.coord else 0
            raise KernelError(
                "source", f"{file}, line {line}: outside of functions only types may stand here"
            )
    return Source(file, functions, types)


def _is_prototype(one: Any) -> bool:
    from pycparser import c_ast

    return isinstance(one, c_ast.Pragma) or isinstance(one.type, c_ast.FuncDecl)


def _preprocessed(text: str, defines: tuple[tuple[str, Any], ...], file: str) -> str:
    """Return the text without comments, macros and conditions, each line still numbered as it was."""
    from pcpp import Action, OutputDirective, Preprocessor

    complaints: list[str] = []

    class Quiet(Preprocessor):  # type: ignore[misc]  # pcpp publishes no types
        def on_error(self, file: str, line: int, message: str) -> None:
            complaints.append(f"{file}, line {line}: {message}")

        def on_directive_unknown(self, directive: Any, rest: Any, *others: Any) -> Any:
            if directive.value in ("pragma", "line"):
                return super().on_directive_unknown(directive, rest, *others)
            words = "".join(token.value for token in rest).strip()
            complaint = words if directive.value == "error" else f"#{directive.value} is not known here"
            self.on_error(file, directive.lineno, complaint)
            return True

        def on_include_not_found(self, *arguments: object) -> None:
            complaints.append(f"{file}: nothing can be included here; got {arguments[-1]}")
            raise OutputDirective(Action.IgnoreAndRemove)

    reader = Quiet()
    words = CUDA_WORDS + "".join(f"#define {name} {value}\n" for name, value in defines)
    reader.parse(words, "CUDA")
    reader.write(io.StringIO())
    reader.parse(C_LINKAGE.sub("", text), file)
    out = io.StringIO()
    reader.write(out)
    if complaints:
        raise KernelError("source", "; ".join(complaints))
    return out.getvalue()


def _told(error: str, file: str, lexer: Any) -> tuple[str, str]:
    """Return where C stopped to make sense, and why; the parser does not name the line of every error.

    Often it says no more than which word it did not expect: what is wrong stands in front of that, maybe a
    line above.
    """
    found = re.search(r":(\d+):\d+: (.*)", error)
    line, why = (int(found[1]), found[2]) if found else (lexer._lineno, error.rpartition(": ")[2])
    if why.startswith("before: "):
        why = f"something is missing or wrong in front of `{why.removeprefix('before: ')}`"
    elif why == "At end of input":
        why = "the text ends too early, is a `}` missing?"
    return f"{file}, line {line}", why
