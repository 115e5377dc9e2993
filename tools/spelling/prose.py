"""What is prose in a Markdown file, in a cell of Markdown and in a cell of code."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import nbformat

# Code, formulas, addresses and tags are no prose.
NO_PROSE = re.compile(
    r"^(?P<fence>```|~~~).*?^(?P=fence)"
    r"|`[^`\n]*`"
    r"|\$\$.*?\$\$"
    r"|(?<![\\\w])\$[^$\n]+\$"
    r"|(?<=\])\([^)\n]*\)"
    r"|https?://\S+"
    r"|<[a-zA-Z/!][^>]*>",
    re.DOTALL | re.MULTILINE,
)
# Titles and names as they were printed.
CITATIONS = "lectures/SOURCES.md"
GENERATED = {"node_modules", "dist", "demo", "artefacts", "build", "exercises"}


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """Yield each text that people read, as (where it stands, its prose), line by line as in the source."""
    for path in files(root, ".md"):
        place = path.relative_to(root).as_posix()
        if place != CITATIONS:
            yield place, of_markdown(path.read_text(encoding="utf-8"))
    for path in files(root, ".ipynb"):
        if path.relative_to(root).parts[0] not in ("lectures", "solutions"):
            continue
        for cell in nbformat.read(path, as_version=4).cells:
            place = f"{path.relative_to(root).as_posix()}, cell {cell.id}"
            yield place, (of_code if cell.cell_type == "code" else of_markdown)(cell.source)


def files(root: Path, suffix: str) -> list[Path]:
    """Return the files with this suffix that a person wrote."""
    return sorted(
        path
        for path in root.rglob(f"*{suffix}")
        if not any(part.startswith(".") or part in GENERATED for part in path.relative_to(root).parts)
    )


def of_markdown(text: str) -> str:
    """Return `text` with spaces in place of all that is no prose."""
    return NO_PROSE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def of_code(source: str) -> str:
    """Return the comments of a cell and those of its strings that hold more than a word."""
    source = "\n".join("" if line.startswith(("%", "!")) else line for line in source.splitlines())
    comments = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    strings = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip()
    ]
    return of_markdown("\n".join(comments + strings))
