"""A report as HTML: real tables with captions, inline styles only, no script.

Colours are translucent, so that they hold on light and dark pages; none says anything that words do not.
"""

from __future__ import annotations

from html import escape

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
from coursekit.checks.picture import Frame, Grid, answer_grids, input_grids, misread_grids, settings_line
from coursekit.checks.report import CaseResult, GroupResult, Report, Verdict

BLUE, ORANGE = "30,110,230", "235,120,0"
LINE = "1px solid rgba(128,128,128,.45)"
# Every property that a notebook's own style sheet sets for tables is set here too.
TABLE = "border-collapse:collapse;margin:0;border:0;font-size:13px;color:inherit;table-layout:auto;width:auto"
ROW = "background:transparent"
CAPTION = (
    "caption-side:top;text-align:left;padding:0 0 4px 0;font-weight:600;white-space:nowrap;color:inherit"
)
CELL = f"border:{LINE};padding:3px 8px;text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap"
INDEX = (
    "border:0;padding:2px 6px;font-weight:400;font-size:11px;opacity:.65;text-align:center;white-space:nowrap"
)
WORDS = f"border:0;border-top:{LINE};padding:4px 14px 4px 0;text-align:left;white-space:normal"
ROOM = "display:flex;flex-wrap:wrap;gap:14px 26px;align-items:flex-start;margin:8px 0"
BANNER = "margin:0 0 6px 0;padding:6px 12px;font-size:15px"
CODE = (
    f"font-size:12px;white-space:pre-wrap;border-left:3px solid rgb({ORANGE});padding:4px 10px;margin:8px 0"
)
FRAMES = {"right": f"3px solid rgb({BLUE})", "yours": f"3px dashed rgb({ORANGE})"}
LEGEND = "Solid blue frame: the right window. Dashed orange frame: yours."


def report_html(report: Report) -> str:
    """Return the report as one element."""
    colour = BLUE if report.verdict is Verdict.CORRECT else ORANGE
    banner = f"{BANNER};border-left:6px solid rgb({colour});background:rgba({colour},.12)"
    parts = [
        f'<p style="{banner}"><strong>{escape(title(report))}</strong></p>',
        _paragraph(report.headline),
        _points_table(report),
    ]
    failure = report.smallest_failure
    if failure is not None:
        parts += _failure(report, failure)
    parts += _hints(report)
    inside = "\n".join(part for part in parts if part)
    return f'<div style="line-height:1.45;max-width:62em;color:inherit">\n{inside}\n</div>'


def _hints(report: Report) -> list[str]:
    leads = [f"Hint {place} of {len(report.task.hints)}." for place in range(1, len(report.hints) + 1)]
    shown = [_paragraph(f"{lead} {hint}", lead=lead) for lead, hint in zip(leads, report.hints, strict=True)]
    return [*shown, _paragraph(more_hints(report))]


def _failure(report: Report, failure: CaseResult) -> list[str]:
    step = _paragraph(f"Next step: {next_step(report, failure)}", lead="Next step:")
    if report.verdict is Verdict.NOT_ATTEMPTED:
        return [step]
    sentence = failure.problem.sentence if failure.problem else ""
    said = "" if sentence in report.headline else sentence
    lead = "The smallest case that fails."
    opening = _paragraph(f"{lead} {said}".rstrip(), lead=lead)
    if not shows_its_case(failure):
        return [opening, step]
    inputs, answers = input_grids(report.task, failure), answer_grids(report.task, failure)
    framed = any(len(grid.frames) > 1 for grid in inputs)
    call = call_line(report, failure)
    return [
        opening,
        f'<pre style="{CODE}">{escape(trace(failure))}</pre>' if trace(failure) else "",
        _paragraph(settings_line(report.task, failure)),
        _row(inputs),
        _paragraph(LEGEND) if framed else "",
        _row(misread_grids(report, failure)),
        _row(answers),
        _shape_table(shape_steps(report, failure)),
        _paragraph(worked_entry(report, failure)),
        f'<p style="margin:6px 0">Try it: <code style="white-space:pre-wrap">{escape(call)}</code></p>'
        if call
        else "",
        _paragraph(no_match(report, failure)),
        step,
    ]


def _paragraph(text: str, lead: str = "") -> str:
    """Return a paragraph; `backticks` become code, and the words of `lead` at its start bold."""
    if not text:
        return ""
    pieces = escape(text.removeprefix(lead)).split("`")
    body = "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))
    strong = f"<strong>{escape(lead)}</strong>" if lead else ""
    return f'<p style="margin:6px 0">{strong}{body}</p>'


def _points_table(report: Report) -> str:
    head = "".join(
        f'<th scope="col" style="{WORDS};font-weight:600">{word}</th>'
        for word in ("Cases", "Passed", "Points")
    )
    rows = "".join(_group_row(report, group) for group in report.groups)
    return (
        f'<table style="{TABLE};margin:6px 0"><caption style="{CAPTION}">Points</caption>'
        f'<thead style="border:0"><tr style="{ROW}">{head}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _group_row(report: Report, group: GroupResult) -> str:
    mark = "✓" if group.cases and group.passed == group.cases else "✗"
    name = f"{mark} {group.group.name}: {group.group.sentence}"
    cells = (f"{group.passed} of {group.cases}", group_points(report, group))
    inside = "".join(f'<td style="{WORDS}">{escape(cell)}</td>' for cell in cells)
    return (
        f'<tr style="{ROW}"><th scope="row" style="{WORDS};font-weight:400">{escape(name)}</th>{inside}</tr>'
    )


def _shape_table(axes: list[tuple[str, list[str]]]) -> str:
    if not axes:
        return ""
    rows = "".join(
        f'<tr style="{ROW}"><th scope="row" style="{WORDS};font-weight:400">{escape(axis)}</th>'
        + "".join(f'<td style="{WORDS}">{escape(step)}</td>' for step in steps)
        + "</tr>"
        for axis, steps in axes
    )
    caption = f'<caption style="{CAPTION}">How the shape of the right answer comes about</caption>'
    return f'<table style="{TABLE};margin:6px 0">{caption}<tbody>{rows}</tbody></table>'


def _row(grids: list[Grid]) -> str:
    return f'<div style="{ROOM}">{"".join(map(_grid, grids))}</div>' if grids else ""


def _grid(grid: Grid) -> str:
    columns = len(grid.cells[0]) if grid.cells else 0
    head = "".join(f'<th scope="col" style="{INDEX}">{column}</th>' for column in range(columns))
    rows = "".join(
        f'<tr style="{ROW}"><th scope="row" style="{INDEX}">{row}</th>'
        + "".join(_cell(grid, row, column) for column in range(columns))
        + "</tr>"
        for row in range(len(grid.cells))
    )
    caption = escape(grid.caption) + (", cut off" if grid.cropped else "")
    corner = f'<td style="{INDEX}"></td>' if columns else ""
    # A caption wider than its grid would stretch the cells: an empty column takes up the slack.
    slack = '<td style="border:0;padding:0;width:100%"></td>' if columns else ""
    return (
        f'<table style="{TABLE}"><caption style="{CAPTION}">{caption}</caption>'
        f'<tbody><tr style="{ROW}">{corner}{head}{slack}</tr>{rows}</tbody></table>'
    )


def _cell(grid: Grid, row: int, column: int) -> str:
    style = CELL
    heat = grid.heat[row][column] if grid.heat else 0.0
    if heat:
        colour = ORANGE if heat > 0 else BLUE
        style += f";background:rgba({colour},{0.2 + 0.4 * min(abs(heat), 1.0):.2f});font-weight:700"
    for frame in grid.frames:
        style += _frame_style(frame, row, column)
    return f'<td style="{style}">{escape(grid.cells[row][column])}</td>'


def _frame_style(frame: Frame, row: int, column: int) -> str:
    """Return the borders of the cell that lie on the frame."""
    if not frame.holds(row, column):
        return ""
    sides = {
        "top": row == frame.row,
        "bottom": row == frame.row + frame.height - 1,
        "left": column == frame.column,
        "right": column == frame.column + frame.width - 1,
    }
    line = FRAMES[frame.kind]
    return "".join(f";border-{side}:{line}" for side, drawn in sides.items() if drawn)
