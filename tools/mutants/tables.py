"""The kill matrices in Markdown: a page for each exercise, and the numbers of the whole course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coursekit.checks import Group, Task

from .equivalent import equivalents
from .matrix import BOTH, NO_LOSS, NOTHING, ONE, OTHERS, Killed, Matrix
from .picture import alternative_text

FAMILY = {
    BOTH: "named as these two",
    ONE: "named as one mistake that gives the same answers",
    OTHERS: "named as another two that give the same answers",
    NOTHING: "not named",
    NO_LOSS: "right, as one undoes the other",
}
Row = Sequence[str]


def exercise_page(stem: str, matrices: Sequence[Matrix]) -> str:
    """Return the page of one exercise: its picture, and for each task its mistakes and mutants."""
    header = f"""# What the checks of {stem} catch

`python tools/kill_matrix.py` writes this page.
[How the checks work](../../coursekit/checks/README.md) explains the words.

![{alternative_text(stem, matrices)}]({stem}.svg)"""
    return "\n\n".join([header, *(part for matrix in matrices for part in _task(matrix))]) + "\n"


def _task(matrix: Matrix) -> list[str]:
    task = matrix.task
    header = [
        "misconception",
        "what the student is told",
        "concept",
        *(_head(task, group) for group in task.groups),
        "points left",
    ]
    return [
        f"## `{task.signature}`",
        table(header, [_mistake(matrix, killed) for killed in matrix.mistakes]),
        _pairs(matrix),
        _mutants(matrix),
    ]


def _head(task: Task, group: Group) -> str:
    return group.name if task.optional else f"{group.name} ({points(group.points)})"


def points(number: float) -> str:
    """Return a number of points in words: "1 point", "2 points"."""
    return f"{number:g} point" + ("" if number == 1 else "s")


def _mistake(matrix: Matrix, killed: Killed) -> Row:
    mistake = killed.misconception
    failed = [_failed_of(matrix, killed, group.name) for group in matrix.task.groups]
    left = "none: optional" if matrix.task.optional else f"{killed.points_left:g} of {matrix.task.points:g}"
    return [mistake.name.replace("_", " "), mistake.sentence, mistake.concept, *failed, left]


def _failed_of(matrix: Matrix, killed: Killed, group: str) -> str:
    caught = [
        is_caught for case, is_caught in zip(matrix.cases, killed.caught, strict=True) if case.group == group
    ]
    return f"{sum(caught)} of {len(caught)}" if any(caught) else "–"


def _pairs(matrix: Matrix) -> str:
    total = matrix.told.total()
    if not total:
        return "No two of these mistakes can be made together in one function."
    told = [f"{matrix.told[key]} {words}" for key, words in FAMILY.items() if matrix.told[key]]
    return f"Two mistakes together: {total} pairs, {', '.join(told)}."


def _mutants(matrix: Matrix) -> str:
    caught = (
        f"Mutants of the solution: {matrix.mutants}, of which {matrix.mutants - matrix.equivalent} are caught"
    )
    if not matrix.equivalent:
        return f"{caught}."
    reasons = [
        f"- {row.reason}\n" + "\n".join(f"  - {_change(before, after)}" for before, after in row.changes)
        for row in equivalents()
        if row.task == matrix.task.name
    ]
    return f"{caught} and {matrix.equivalent} give right answers too:\n\n" + "\n".join(reasons)


def _change(before: str, after: str) -> str:
    return " as ".join(f"`{lines}`".replace("\n", "`, `") for lines in (before, after))


def numbers(matrices: Mapping[str, Sequence[Matrix]]) -> str:
    """Return the table of all tasks, with the sums of the course."""
    header = [
        "task",
        "points",
        "visible cases",
        "misconceptions",
        "pairs named",
        "mutants",
        "caught",
        "equivalent",
    ]
    rows: list[Row] = []
    for stem, mine in matrices.items():
        for matrix in mine:
            name = f"[{stem[:2]}](../../docs/kill_matrix/{stem}.md) `{matrix.task.name}`"
            worth = "–" if matrix.task.optional else f"{matrix.task.points:g}"
            rows.append([name, worth, *_counts([matrix])])
    everything = [matrix for mine in matrices.values() for matrix in mine]
    total = f"{sum(matrix.task.points for matrix in everything if not matrix.task.optional):g}"
    rows.append([f"**{len(everything)} tasks**", total, *_counts(everything)])
    return table(header, rows, numeric_from=1)


def _counts(matrices: Sequence[Matrix]) -> Row:
    mutants = sum(matrix.mutants for matrix in matrices)
    equivalent = sum(matrix.equivalent for matrix in matrices)
    named, pairs = (
        sum(count) for count in zip(*((m.told[BOTH], m.told.total()) for m in matrices), strict=True)
    )
    return [
        str(sum(len(matrix.cases) for matrix in matrices)),
        str(sum(len(matrix.mistakes) for matrix in matrices)),
        f"{named} of {pairs}" if pairs else "–",
        str(mutants),
        str(mutants - equivalent),
        str(equivalent),
    ]


def table(header: Row, rows: Sequence[Row], *, numeric_from: int | None = None) -> str:
    """Return a table in Markdown; columns from `numeric_from` on are set to the right."""
    marks = [
        "---:" if numeric_from is not None and place >= numeric_from else "---"
        for place in range(len(header))
    ]
    lines = [header, marks, *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
