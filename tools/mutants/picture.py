"""The kill matrices of one exercise as a picture: SVG, written by hand so that its bytes never vary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from coursekit.checks import Task

from .matrix import Matrix

WIDTH = 960
MARGIN = 28
LABEL = {"mistakes": 236, "operators": 122}  # width of the column of names
LEFT = {"mistakes": MARGIN, "operators": 570}
CELLS = 228  # width of the field of cells
ROW = 15
HEAD = 62  # from the top of a task to its first row
GAP = 30  # below a task

INK, SOFT, LINE, PAPER, EMPTY = "#1b1f24", "#59636e", "#d0d7de", "#ffffff", "#f1f3f5"
BLUE = "#1f5fa8"
ORANGES = ("#fbe3c8", "#f6bd84", "#ea9142", "#c96a12", "#9c4a00")  # by the share of mutants caught

STYLE = f"""
text {{ font: 11px system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; fill: {INK}; }}
.title {{ font-size: 17px; font-weight: 600; }}
.task {{ font: 600 13px ui-monospace, "Liberation Mono", monospace; }}
.soft {{ fill: {SOFT}; }} .small {{ font-size: 9px; fill: {SOFT}; }} .end {{ text-anchor: end; }}
.middle {{ text-anchor: middle; }}
"""


def picture(stem: str, matrices: Sequence[Matrix]) -> str:
    """Return the SVG that shows the matrices of one exercise, one below the other."""
    top = 108
    parts = [*_legend(stem)]
    for matrix in matrices:
        parts += _task(matrix, top)
        top += _height(matrix)
    words = alternative_text(stem, matrices)
    size = f'viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}"'
    opening = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(words)}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{top}" rx="10" fill="{PAPER}"/>',
    ]
    return "\n".join([*opening, *parts, "</svg>\n"])


def alternative_text(stem: str, matrices: Sequence[Matrix]) -> str:
    """Return what the picture says, for who cannot see it."""
    mistakes = sum(len(matrix.mistakes) for matrix in matrices)
    mutants = sum(matrix.mutants - matrix.equivalent for matrix in matrices)
    return (
        f"Kill matrix of {stem}: every one of the {mistakes} misconceptions and {mutants} mutants "
        f"is caught by at least one visible case of its task."
    )


def _height(matrix: Matrix) -> int:
    return HEAD + ROW * max(len(matrix.mistakes), len(matrix.operators)) + GAP


def _legend(stem: str) -> list[str]:
    steps = [
        f'<rect x="{LEFT["operators"] + 15 * place}" y="61" width="13" height="11" fill="{colour}"/>'
        for place, colour in enumerate(ORANGES)
    ]
    return [
        _text(MARGIN, 36, f"Which case catches which mistake: {stem}", "title"),
        f'<rect x="{MARGIN}" y="61" width="13" height="11" fill="{BLUE}"/>',
        _text(MARGIN + 20, 71, "this visible case catches the misconception", "soft"),
        *steps,
        _text(LEFT["operators"] + 84, 71, "few to all mutants of this kind are caught", "soft"),
        _text(
            MARGIN,
            90,
            "Columns: the visible cases, smallest first, with the numbers of their groups.",
            "soft",
        ),
        _text(LEFT["operators"], 90, "On the right: how many mutants of this kind there are.", "soft"),
    ]


def _task(matrix: Matrix, top: int) -> list[str]:
    caught = matrix.mutants - matrix.equivalent
    equivalent = f", {matrix.equivalent} more are right too" if matrix.equivalent else ""
    mistakes = [
        (killed.misconception.name.replace("_", " "), f"{sum(killed.caught)} of {len(matrix.cases)}")
        for killed in matrix.mistakes
    ]
    operators = [(row.operator, str(len(row.caught))) for row in matrix.operators]
    blue = [(BLUE, [killed.caught for killed in matrix.mistakes])]
    orange = [
        (colour, [[_level(share) == level for share in row.shares] for row in matrix.operators])
        for level, colour in enumerate(ORANGES)
    ]
    return [
        f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{top}" y2="{top}" stroke="{LINE}"/>',
        _text(MARGIN, top + 22, matrix.task.signature, "task"),
        _text(MARGIN, top + 40, _groups(matrix.task), "soft"),
        _text(LEFT["operators"], top + 22, f"{caught} mutants, all caught{equivalent}", "soft"),
        *_panel("mistakes", matrix, top + HEAD, mistakes, blue),
        *_panel("operators", matrix, top + HEAD, operators, orange),
    ]


def _groups(task: Task) -> str:
    return "Groups: " + ", ".join(f"{place} {group.name}" for place, group in enumerate(task.groups, 1))


def _level(share: float) -> int:
    """Return the step of the scale for a share, -1 for none; only a full share has the last step."""
    return -1 if share == 0 else int(share * (len(ORANGES) - 1))


def _panel(
    name: str,
    matrix: Matrix,
    top: int,
    rows: Sequence[tuple[str, str]],
    fields: Iterable[tuple[str, Sequence[Sequence[bool]]]],
) -> list[str]:
    """Return one field of cells with a name and a count beside each row, and the groups above."""
    left = LEFT[name] + LABEL[name]
    step = CELLS / len(matrix.cases)
    places = {group.name: place for place, group in enumerate(matrix.task.groups, 1)}
    parts = [
        _text(left + step * (column + 0.45), top - 4, str(places[case.group]), "small middle")
        for column, case in enumerate(matrix.cases)
    ]
    everywhere = [[True] * len(matrix.cases)] * len(rows)
    for colour, field in [(EMPTY, everywhere), *fields]:
        bars = "".join(
            _bar(left + first * step, top + row * ROW, length * step)
            for row, filled in enumerate(field)
            for first, length in _runs(filled)
        )
        if bars:
            parts.append(f'<path fill="{colour}" d="{bars}"/>')
    gaps = "".join(
        f"M{left + place * step:.1f} {top}v{ROW * len(rows)}" for place in range(1, len(matrix.cases))
    )
    parts.append(f'<path stroke="{PAPER}" stroke-width="1.5" d="{gaps}"/>')
    for row, (label, count) in enumerate(rows):
        parts.append(_text(left - 8, top + row * ROW + 10, label, "end"))
        parts.append(_text(left + CELLS + 5, top + row * ROW + 10, count, "small"))
    return parts


def _bar(left: float, top: int, width: float) -> str:
    return f"M{left:.1f} {top}h{width:.1f}v{ROW - 2}h-{width:.1f}z"


def _runs(filled: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield where each run of filled cells starts, and how many they are."""
    first = 0
    for is_filled, run in groupby(filled):
        length = len(list(run))
        if is_filled:
            yield first, length
        first += length


def _text(x: float, y: float, words: str, style: str) -> str:
    return f'<text x="{x:.1f}" y="{y}" class="{style}">{escape(words)}</text>'
