"""Rows of cells as text with columns in line, and as an HTML table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

Rows = Sequence[Sequence[str]]


def text_table(header: Sequence[str], rows: Rows, *, right: int = 0, gap: str = "  ") -> str:
    """Return the rows under their header; the last `right` columns are aligned to the right."""
    table = [tuple(header), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    left = len(widths) - right
    return "\n".join(
        gap.join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )


def html_table(header: Sequence[str], rows: Rows, *, right: int = 0, last_is_total: bool = False) -> str:
    """Return the rows as an HTML table; the last `right` columns are aligned to the right."""
    left = len(header) - right
    lines = [_html_row("th", header, left)]
    for number, row in enumerate(rows, start=1):
        lines.append(_html_row("th" if last_is_total and number == len(rows) else "td", row, left))
    return f"<table><thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody></table>"


def _html_row(tag: str, cells: Sequence[str], left: int) -> str:
    aligned = (
        f"<{tag} style='white-space:nowrap;text-align:{'left' if column < left else 'right'}'>"
        f"{escape(cell)}</{tag}>"
        for column, cell in enumerate(cells)
    )
    return f"<tr>{''.join(aligned)}</tr>"
