"""TRUSTED: a class in a few lines of plain text, where its table would be longer than a screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from autograder.report.table import NOT_SANDBOXED, counts, one_line, table
from autograder.result import Result, Status

MOST_ROWS = 60  # of a table that is printed whole
MOST_PROBLEMS = 20  # rows of what did not end as it should
SLOWEST = 3
TROUBLE = (Status.GRADER_ERROR, Status.CRASHED, Status.MEMORY, Status.TIMEOUT, Status.INVALID)  # ours first


def overview(results: Sequence[Result], width: int, *, whole: bool = False) -> str:
    """The table; of more than `MOST_ROWS` results their summary, unless the `whole` is wanted."""
    return table(results, width) if whole or len(results) <= MOST_ROWS else summary(results, width)


def summary(results: Sequence[Result], width: int) -> str:
    """Counts by status, scores, who had trouble, who was slow, and where every row is."""
    found = Counter(result.status for result in results)
    scored = sorted(result.score for result in results if counts(result))
    lines = ["  ".join(f"{found[status]} {status}" for status in Status if found[status])]
    if scored:
        middle = (scored[(len(scored) - 1) // 2] + scored[len(scored) // 2]) / 2
        most = {result.max_score for result in results if counts(result)}
        of = f" of {most.pop():g}" if len(most) == 1 else ""
        lines.append(
            f"score: mean {sum(scored) / len(scored):.1f}{of}, median {middle:g}, "
            f"lowest {scored[0]:g}, highest {scored[-1]:g}"
        )
    slow = sorted(results, key=lambda result: -result.seconds)[:SLOWEST]
    lines.append("slowest: " + ", ".join(f"{one_line(r.student)} {r.seconds:.1f} s" for r in slow))
    return "\n".join([*lines, *_trouble(results, width), *_where(results)])


def _trouble(results: Sequence[Result], width: int) -> list[str]:
    rows = sorted(
        (result for result in results if result.status in TROUBLE),
        key=lambda result: TROUBLE.index(result.status),
    )
    if not rows:
        return []
    more = [f"... and {len(rows) - MOST_PROBLEMS} more"] if len(rows) > MOST_PROBLEMS else []
    return ["", table(rows[:MOST_PROBLEMS], width), *more]


def _where(results: Sequence[Result]) -> list[str]:
    stem = results[0].assignment
    rows = f"all {len(results)} rows: add --all-rows (nothing is graded again), or: autograder report {stem}"
    open_air = any(not result.sandboxed for result in results)
    return ["", rows, *(["", NOT_SANDBOXED] if open_air else [])]
