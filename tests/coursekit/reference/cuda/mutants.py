"""Kernels with one guard or one barrier less. Each must fail on some tiny shape: none may be superfluous."""

from __future__ import annotations

import re
from collections.abc import Iterator

GUARD = re.compile(r"\bguard\(")
BARRIER = re.compile(r"__syncthreads\(\);")


def mutants(source: str) -> list[tuple[str, str]]:
    """Return (name, text) of every mutant of `source`, the text of a kernel file with what it includes.

    In one after the other a condition of a `guard(one && another)` becomes 1, or a `__syncthreads();`
    vanishes. A name tells which, and in which line. What is in comments and in preprocessor lines stays.
    """
    code = _without_remarks(source)
    found = []
    for start, end in _guards(code):
        inside = start + len("guard(")
        for condition in code[inside : end - 1].split("&&"):
            found.append((f"line {_line(code, inside)}: {condition}", inside, inside + len(condition), " 1 "))
            inside += len(condition) + len("&&")
    for match in BARRIER.finditer(code):
        found.append((f"line {_line(code, match.start())}: {match.group()}", *match.span(), ""))
    return [(name, source[:start] + instead + source[end:]) for name, start, end, instead in found]


def _guards(code: str) -> Iterator[tuple[int, int]]:
    """Yield where each guard begins and ends."""
    for match in GUARD.finditer(code):
        depth, end = 1, match.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(code[end], 0)
            end += 1
        yield match.start(), end


def _without_remarks(source: str) -> str:
    """Return `source` of the same length with blanks for comments and preprocessor lines."""
    return re.sub(
        r"//[^\n]*|/\*.*?\*/|^[ \t]*#[^\n]*",
        lambda found: re.sub(r"[^\n]", " ", found[0]),
        source,
        flags=re.S | re.M,
    )


def _line(code: str, place: int) -> int:
    return code.count("\n", 0, place) + 1
