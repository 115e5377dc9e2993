"""A report as plain text, for terminals and for notebooks without HTML."""

from __future__ import annotations

from coursekit.checks.advice import (
    call_line,
    group_points,
    more_hints,
    next_step,
    no_match,
    shape_steps,
    shows_its_case,
    title,
    trace,
    worked_entry,
)
from coursekit.checks.picture import Grid, answer_grids, input_grids, misread_grids, settings_line
from coursekit.checks.report import CaseResult, GroupResult, Report, Verdict


def report_text(report: Report) -> str:
    """Return the report in lines of plain text."""
    parts = [title(report), report.headline, _points_table(report)]
    failure = report.smallest_failure
    if failure is not None:
        parts += _failure(report, failure)
    parts += [
        f"Hint {place} of {len(report.task.hints)}: {hint}" for place, hint in enumerate(report.hints, 1)
    ]
    parts.append(more_hints(report).replace("`", ""))
    return "\n\n".join(part for part in parts if part)


def _points_table(report: Report) -> str:
    width = max(len(group.group.name) for group in report.groups)

    def worth(group: GroupResult) -> str:
        return "" if report.task.optional else f"   {group_points(report, group)}"

    rows = [
        f"  {group.group.name:<{width}} {group.passed:>3} of {group.cases:>2} cases{worth(group)}"
        for group in report.groups
    ]
    return "\n".join(rows)


def _failure(report: Report, failure: CaseResult) -> list[str]:
    step = f"Next step: {next_step(report, failure)}"
    if report.verdict is Verdict.NOT_ATTEMPTED:
        return [step]
    sentence = failure.problem.sentence if failure.problem else ""
    opening = f"The smallest case that fails. {sentence if sentence not in report.headline else ''}".rstrip()
    if not shows_its_case(failure):
        return [opening, step]
    grids = [
        _grid_text(grid)
        for grid in (
            *input_grids(report.task, failure),
            *misread_grids(report, failure),
            *answer_grids(report.task, failure),
        )
    ]
    call = call_line(report, failure)
    return [
        opening,
        trace(failure),
        settings_line(report.task, failure),
        *grids,
        "\n".join(f"  {axis}  {'; '.join(steps)}" for axis, steps in shape_steps(report, failure)),
        worked_entry(report, failure),
        f"Try it: {call}" if call else "",
        no_match(report, failure),
        step,
    ]


def _grid_text(grid: Grid) -> str:
    width = max((len(cell) for row in grid.cells for cell in row), default=1)
    rows = ["  " + "  ".join(f"{cell:>{width}}" for cell in row) for row in grid.cells]
    rows += ["  ... (cut off)"] if grid.cropped else []
    return "\n".join([f"{grid.caption}:", *rows])
