"""The tables and the plot of `grading`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from benchmarks.grading.measure import FIGURES, NO_FIGURES, OTTER, STOCK, Difference, Measured, Row
from benchmarks.results import table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LONG_SECONDS = 3.0
TARGETS = {FIGURES: 20.0, NO_FIGURES: 60.0}
COLOURS = {STOCK: "#9e9e9e", OTTER: "#d95f02", FIGURES: "#2166ac", NO_FIGURES: "#92c5de"}


def text(found: Measured) -> str:
    """All tables, each with a sentence that says what it shows."""
    parts = [
        _class(found),
        _whole(found),
        _by_exercise(found),
        _latency(found),
        _profile(found),
        _memory(found),
        _scores(found),
    ]
    return "\n\n".join(parts)


def of(found: Measured, grader: str) -> list[Row]:
    """The rows of one grader."""
    return [row for row in found.rows if row.grader == grader]


def each(rows: Sequence[Row]) -> float:
    """Seconds of wall clock a submission, each exercise counting the same, start-up included."""
    return sum(row.each for row in rows) / len(rows)


def ratio(found: Measured, grader: str, measured: str = "each") -> float:
    """How many times as long as `grader` stock nbgrader takes for the same exercises: `each`, or `slope`."""
    rows = of(found, grader)
    stems = {row.stem for row in rows}
    stock = [row for row in of(found, STOCK) if row.stem in stems]
    theirs, ours = (sum(float(getattr(row, measured)) for row in some) for some in (stock, rows))
    return theirs / ours


def _class(found: Measured) -> str:
    everybody = sum(found.kinds.values())
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.kinds.items(), key=lambda k: -k[1]))
    return (
        f"## The class\n\n{everybody} submissions of {len(found.size.stems)} exercises: {kinds}. "
        f"{found.size.blocks} times (`GRADING_BLOCKS`) the same block of students: stock nbgrader and "
        f"otter-grader grade one block, we grade all, with {found.size.workers} workers; the others have no "
        "such option."
    )


def _whole(found: Measured) -> str:
    lines = []
    for grader in (STOCK, OTTER, FIGURES, NO_FIGURES):
        rows = of(found, grader)
        if not rows:
            continue
        count = sum(row.submissions for row in rows)
        cpu = sum(row.cpu / row.submissions for row in rows) / len(rows)
        slope, start = (sum(getattr(row, name) for row in rows) / len(rows) for name in ("slope", "start"))
        share = sum(row.start for row in rows) / sum(row.wall for row in rows)
        lines.append(
            [
                f"{grader}{_only(rows)}",
                str(count),
                f"{each(rows):.3f}",
                f"{cpu:.3f}",
                f"{slope:.3f}",
                f"{start:.1f}",
                f"{share:.0%}",
                f"{ratio(found, grader):.1f}",
                f"{ratio(found, grader, 'slope'):.1f}",
            ]
        )
    header = [
        "",
        "submissions",
        "s each",
        "CPU s each",
        "slope, s",
        "start-up, s",
        "its share",
        "stock / it",
        "slopes",
    ]
    verdicts = [_verdict(f"stock nbgrader / {one}", ratio(found, one), TARGETS[one]) for one in TARGETS]
    note = f"\n\notter-grader is missing: {found.otter_says}" if found.otter_says else ""
    return (
        "## The whole class\n\nWall clock, and processor time of the machine meanwhile, each exercise "
        "counting the same. Start-up is that of one command for one exercise, from a run with a few "
        "submissions; the slope is what one more submission takes."
        f"\n\n{table(header, lines)}{note}\n\n" + "\n".join(verdicts)
    )


def _only(rows: Sequence[Row]) -> str:
    return f" ({rows[0].stem})" if len(rows) == 1 else ""


def _verdict(what: str, value: float, least: float) -> str:
    return f"- {what} {value:.1f}; target at least {least:g}: {'met' if value >= least else 'MISSED'}"


def _by_exercise(found: Measured) -> str:
    by: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in found.rows:
        by[row.stem][row.grader] = row
    lines = []
    for stem, rows in by.items():
        stock = rows[STOCK].each
        line = [stem]
        for grader in (STOCK, OTTER, FIGURES, NO_FIGURES):
            line.append(f"{rows[grader].each:.3f}" if grader in rows else "")
        line += [f"{stock / rows[one].each:.1f}" for one in (FIGURES, NO_FIGURES)]
        lines.append(line)
    header = ["s a submission", STOCK, OTTER, "ours", "no figures", "stock / ours", "stock / no figures"]
    return (
        "## By exercise\n\nSeconds of wall clock a submission, start-up included. What a student's own code "
        f"computes is in each of them.\n\n{table(header, lines)}"
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that is not below this share of them."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _latency(found: Measured) -> str:
    lines = []
    for grader in (FIGURES, NO_FIGURES):
        seconds = [second for row in of(found, grader) for second in row.seconds]
        lines.append([grader, *(f"{quantile(seconds, share):.2f}" for share in (0.5, 0.95, 0.99, 1))])
    header = ["seconds in its worker", "p50", "p95", "p99", "longest"]
    return f"## One submission\n\n{table(header, lines)}\n\n{_long(found)}"


def _long(found: Measured) -> str:
    """How much of the workers' time went into the few who compute for long."""
    seconds = [second for row in of(found, FIGURES) for second in row.seconds]
    long = [second for second in seconds if second > LONG_SECONDS]
    return (
        f"{len(long) / len(seconds):.1%} of the submissions, those longer than {LONG_SECONDS:g} s, took "
        f"{sum(long) / sum(seconds):.0%} of the workers' time: what students' own loops compute."
    )


def _profile(found: Measured) -> str:
    drawn, bare = found.profiles["feedback"], found.profiles["none"]
    lines = []
    for part, took in drawn["parts"].items():
        lines.append([part, f"{took['wall']:.1f}", f"{took['cpu']:.1f}", f"{took['calls']:.1f}"])
        if part == "cells":
            figures = took["wall"] - bare["parts"]["cells"]["wall"]
            lines.append(["of it, figures", f"{figures:.1f}", "", ""])
    cpu = sum(took["cpu"] for took in drawn["parts"].values())
    starts = [row for row in of(found, FIGURES) if row.stem == drawn["stem"]]
    lines.append(["in all", f"{drawn['wall']:.1f}", f"{cpu:.1f}", ""])
    header = ["part", "ms of wall clock", "ms of CPU, trusted side", "calls"]
    return (
        f"## Where the time of a submission goes\n\n{drawn['submissions']} submissions of {drawn['stem']}, "
        "one after the other in one process; while the trusted side waits, the jail works. Figures: the "
        f"difference to `--figures none`.\n\n{table(header, lines)}\n\nProcessor time in the jail, ms a "
        f"submission: {drawn['jailed_cpu']:.0f} of the submission itself "
        f"({bare['jailed_cpu']:.0f} without figures), "
        f"{drawn['fork_server_cpu']:.0f} of the fork server." + "".join(map(_start, starts))
    )


def _start(row: Row) -> str:
    return (
        f" The start-up of the command is not in the table: {row.start:.1f} s, "
        f"{1000 * row.start / row.submissions:.0f} ms for each of {row.submissions} submissions."
    )


def _memory(found: Measured) -> str:
    order = ("parent", "foreman", "worker", "fork server", "submission", "all")
    lines = [
        [
            "all together" if role == "all" else role,
            *(
                f"{found.memory[role][kind]:.0f}" if kind in found.memory[role] else ""
                for kind in ("resident", "own", "share")
            ),
        ]
        for role in order
        if role in found.memory
    ]
    header = ["MiB at most, of one", "resident", "own", "with its share of what is shared"]
    one = found.profiles["feedback"]["sharing"]
    return (
        f"## Memory\n\n{table(header, lines)}\n\nA submission at its end, figures drawn: "
        f"{one['resident']:.0f} MiB resident, of which {one['own']:.0f} MiB are its own; the other "
        f"{1 - one['own'] / one['resident']:.0%} are shared with its fork server, copied on write."
    )


def _scores(found: Measured) -> str:
    unknown = [one for one in found.differences if not one.known]
    known = sorted(
        {(one.stem, one.student.rpartition("-")[0], one.cell) for one in found.differences if one.known}
    )
    lines = [
        f"{found.compared} graded cells compared with stock nbgrader's: "
        + (f"{len(unknown)} DIFFER. " if unknown else "the same. ")
        + f"Not counted: {len(known)} where stock nbgrader is wrong, which "
        "[tests/honest](../../tests/honest/README.md) lists.",
        *map(_told, unknown[:20]),
    ]
    if found.otter_compared:
        lines.append(
            f"\n{found.otter_compared} compared with otter-grader's: {len(found.otter_differences)} differ:"
        )
        lines += map(_told, found.otter_differences[:20])
    return "## Scores\n\n" + "\n".join(lines)


def _told(one: Difference) -> str:
    return f"- {one.stem} {one.student} {one.cell}: ours {one.ours}, theirs {one.theirs}"


def draw(found: Measured) -> Figure:
    """Bars of seconds a submission for each exercise and grader; where a submission's time goes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 4.8), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _bars(left, found)
    _parts(right, found.profiles["feedback"], found.profiles["none"])
    return figure


def _bars(ax: Axes, found: Measured) -> None:
    stems = [row.stem for row in of(found, STOCK)]
    graders = [one for one in (STOCK, OTTER, FIGURES, NO_FIGURES) if of(found, one)]
    height = 0.8 / len(graders)
    for number, grader in enumerate(graders):
        rows = {row.stem: row for row in of(found, grader)}
        places = [at + number * height for at, stem in enumerate(stems) if stem in rows]
        values = [rows[stem].each for stem in stems if stem in rows]
        bars = ax.barh(places, values, height, color=COLOURS[grader], label=grader)
        ax.bar_label(bars, [f"{value:.2g}" for value in values], fontsize=7, padding=2)
    ax.set_yticks([at + 0.4 - height / 2 for at in range(len(stems))], stems, fontsize=8)
    ax.invert_yaxis()
    ax.set_xscale("log")
    ax.set_xlabel("seconds of wall clock a submission, start-up included")
    # From 10 ms, and each tick in plain numbers: the default would begin at the shortest bar's end.
    ax.set_xlim(0.01, 2 * max(row.each for row in found.rows))
    ticks = [tick for tick in (0.01, 0.1, 1, 10) if tick < ax.get_xlim()[1]]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, 1.13), ncols=len(graders))
    ax.spines[["top", "right"]].set_visible(False)


def _parts(ax: Axes, drawn: dict[str, Any], bare: dict[str, Any]) -> None:
    names = list(drawn["parts"])
    values = [drawn["parts"][name]["wall"] for name in names]
    without = [min(bare["parts"][name]["wall"], value) for name, value in zip(names, values, strict=True)]
    ax.barh(names, values, color=COLOURS[FIGURES], label="with figures")
    ax.barh(names, without, color=COLOURS[NO_FIGURES], label="of it, also without")
    ax.invert_yaxis()
    ax.tick_params(axis="y", labelsize=8)
    ax.set_xlabel(f"ms of a submission of {drawn['stem']}")
    ax.legend(frameon=False, fontsize=8, loc="lower right")
    ax.spines[["top", "right"]].set_visible(False)
