"""Write, or check, the canonical form of notebooks, so that a diff shows what a person changed.

    python tools/notebooks.py canonical lectures solutions exercises
    python tools/notebooks.py canonical --check lectures solutions exercises

Canonical: nbformat 4.5 as `nbformat.write` lays it out (indent 1, sorted keys); no outputs, no execution
counts, no widget state; one kernel specification; readable cell ids that stay; one sentence per line in
Markdown. Exit status 0: all are canonical (now); 1: with --check, some are not; 2: wrong usage, or a file
that is no notebook.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat

NOTEBOOK_METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What a person may set on a cell; everything else is left there by programs (timings, folding, trust).
CELL_METADATA = ("deletable", "editable", "jupyter", "nbgrader", "slideshow", "tags")
READABLE_ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
# As nbformat (8 hexadecimal digits) and JupyterLab (a UUID) make them.
RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?")
SENTENCE_END = re.compile(r"(?<=[.?!])([*_)\"”]*) +(?=[*_(\"“`$]*[A-Z])")
ABBREVIATION = re.compile(r"(\b[A-Z]|e\.g|i\.e|cf|vs|Fig|Eq|No|Dr|Prof)\.$")
CODE_OR_MATHS = re.compile(r"`[^`]*`|\$[^$]*\$|\[[^\]]*\]\([^)]*\)|<[^>]*>")


class NotANotebookError(Exception):
    """A file does not hold a valid notebook; the message names it and says why."""


def canonical(text: str, name: str = "the notebook") -> str:
    """Return the canonical form of the notebook in `text`. Its own canonical form is itself.

    Raises
    ------
    NotANotebookError
        `text` is not a notebook of format 4.
    """
    try:
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("nbformat") != 4:
            raise NotANotebookError(f"{name} must be a notebook of nbformat 4")
        content.update(metadata=NOTEBOOK_METADATA, nbformat_minor=5)
        content["cells"] = _canonical_cells(content["cells"])
        notebook = nbformat.from_dict(content)
        nbformat.validate(notebook)
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        raise NotANotebookError(f"{name} is not a valid notebook: {error}") from error
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def _canonical_cells(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    taken: set[str] = set()
    return [_canonical_cell(cell, taken) for cell in cells]


def _canonical_cell(cell: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    """Return `cell` without traces of a run, under an id that is not in `taken`, and add it there."""
    source = "".join(cell["source"]).rstrip("\n")
    metadata = {key: value for key, value in cell.get("metadata", {}).items() if key in CELL_METADATA}
    clean = {**cell, "metadata": metadata, "source": source, "id": _readable_id(cell, source, taken)}
    if cell["cell_type"] == "code":
        clean.update(outputs=[], execution_count=None)
    elif cell["cell_type"] == "markdown":
        clean["source"] = one_sentence_a_line(source)
    return clean


def _readable_id(cell: dict[str, Any], source: str, taken: set[str]) -> str:
    """Return the cell's id if it is readable and free, else one made of its first words."""
    wanted = str(cell.get("id", ""))
    if not READABLE_ID.fullmatch(wanted) or RANDOM_ID.fullmatch(wanted) or wanted in taken:
        grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
        words = re.findall(r"[a-z0-9]+", grade_id.lower() or re.sub(r"<[^>]*>", "", source).lower())
        stem = "-".join([word for word in words if len(word) > 1][:5])[:40].strip("-")
        wanted = stem if READABLE_ID.fullmatch(stem) else f"{cell['cell_type']}-cell"
    unique, number = wanted, 2
    while unique in taken:
        unique, number = f"{wanted}-{number}", number + 1
    taken.add(unique)
    return unique


def one_sentence_a_line(markdown: str) -> str:
    """Return `markdown` with a line break after each sentence of running text and lists.

    Code blocks, displayed formulas, headings and tables stay as they are.
    """
    lines: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        mark = line.strip()[:3] if line.strip().startswith(("```", "~~~")) else line.strip()[:2]
        opens = mark in ("```", "~~~", "$$")
        verbatim = bool(fence) or opens or line.lstrip().startswith(("#", "|", "    ", "<"))
        if opens and not fence:
            # `$$ ... $$` on one line opens and closes at once.
            fence = "" if mark == "$$" and line.strip().count("$$") == 2 else mark
        elif fence and (mark == fence or (fence == "$$" and line.rstrip().endswith("$$"))):
            fence = ""
        lines.extend([line] if verbatim else _sentences(line))
    return "\n".join(lines)


def _sentences(line: str) -> Iterator[str]:
    """Yield the sentences of one line; in a list item or quotation, later ones are indented below it."""
    opening = re.match(r"\s*(?:>\s*)*(?:[-*+]\s+|\d+[.)]\s+)?", line)
    prefix = opening.group() if opening else ""
    below = re.sub(r"[^\s>]", " ", prefix)
    protected = [match.span() for match in CODE_OR_MATHS.finditer(line)]
    start = len(prefix)
    for match in SENTENCE_END.finditer(line, start):
        inside = any(first < match.start() < last for first, last in protected)
        head = line[start : match.start()]
        if inside or ABBREVIATION.search(head):
            continue
        yield (prefix if start == len(prefix) else below) + head + match.group(1)
        start = match.end()
    yield (prefix if start == len(prefix) else below) + line[start:]


def notebooks_in(paths: Iterable[Path]) -> list[Path]:
    """Return the notebooks among `paths`, folders searched in depth, JupyterLab's checkpoints left out.

    Raises
    ------
    NotANotebookError
        A path does not exist.
    """
    found: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise NotANotebookError(f"{path} does not exist")
        found.update(path.rglob("*.ipynb") if path.is_dir() else [path])
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def not_canonical(paths: Iterable[Path], *, repair: bool) -> list[Path]:
    """Return the notebooks that are not canonical; with `repair`, write their canonical form."""
    different = []
    for path in notebooks_in(paths):
        text = path.read_text(encoding="utf-8")
        wanted = canonical(text, str(path))
        if text != wanted:
            different.append(path)
            if repair:
                path.write_text(wanted, encoding="utf-8")
    return different


def repair_command(paths: Iterable[Path]) -> str:
    """Return the command that makes `paths` canonical."""
    return "python tools/notebooks.py canonical " + " ".join(map(str, paths))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status that the module's docstring promises."""
    parser = argparse.ArgumentParser(prog="python tools/notebooks.py", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("canonical", help="write, or check, the canonical form of notebooks")
    command.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if any would change"
    )
    command.add_argument("paths", nargs="+", type=Path, help="notebooks or folders of notebooks")
    options = parser.parse_args(arguments)
    try:
        different = not_canonical(options.paths, repair=not options.check)
    except (NotANotebookError, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    for path in different:
        print(f"{'not canonical' if options.check else 'rewritten'}: {path}")
    if different and options.check:
        print(f"repair: {repair_command(different)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
