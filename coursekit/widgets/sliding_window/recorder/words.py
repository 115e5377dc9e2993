"""Cells in words: one mistake in sixty cells is one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from coursekit.widgets.sliding_window.recorder.nodes import Cell


def join(parts: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def minus(number: float) -> str:
    """Return a number with a true minus sign, without decimals where it is whole."""
    text = f"{number:.0f}" if float(number).is_integer() else f"{number:.4g}"
    return text.replace("-", "−")


def name_cells(cells: Sequence[Cell], shape: tuple[int, ...], one: str, many: str) -> str:
    """Return which cells of a grid these are: "output (0, 1)", "column 2 of the output", "every output"."""
    cells = sorted(set(cells))
    rows, columns = sorted({row for row, _ in cells}), sorted({column for _, column in cells})
    if len(cells) == shape[0] * shape[1] and len(cells) > 1:
        return f"every {one}"
    if len(cells) == 1:
        return f"{one} {cells[0]}"
    if len(cells) == len(rows) * shape[1] and shape[1] > 1:
        return f"{_lines('row', rows)} of the {many}"
    if len(cells) == len(columns) * shape[0] and shape[0] > 1:
        return f"{_lines('column', columns)} of the {many}"
    others = [(r, c) for r in range(shape[0]) for c in range(shape[1]) if (r, c) not in cells]
    if len(others) == 1 and len(cells) > 2:
        return f"every {one} but {others[0]}"
    whole_rows = [row for row in rows if sum(r == row for r, _ in cells) == shape[1]]
    whole_columns = [column for column in columns if sum(c == column for _, c in cells) == shape[0]]
    if whole_rows and whole_columns and all(r in whole_rows or c in whole_columns for r, c in cells):
        return f"{_lines('row', whole_rows)} and {_lines('column', whole_columns)} of the {many}"
    if len(cells) <= 4:
        return f"{one}s {join([str(cell) for cell in cells])}"
    return f"{len(cells)} {one}s (the first is {cells[0]})"


def _lines(noun: str, numbers: Sequence[int]) -> str:
    if len(numbers) > 2 and list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"{noun}s {numbers[0]} to {numbers[-1]}"
    return f"{noun}{'s' if len(numbers) > 1 else ''} {join([str(number) for number in numbers])}"


def is_one(names: str) -> bool:
    """Return whether `name_cells` named one thing: "column 2 of the output" is one, two columns are not."""
    first = names.split(" of the ")[0]
    return names.startswith("every") or not (
        first.split(" ")[0].endswith("s") or " and " in first or names[0].isdigit()
    )


def capital(sentence: str) -> str:
    """Return a sentence with its first letter in upper case."""
    return sentence[0].upper() + sentence[1:]
