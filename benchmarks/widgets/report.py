"""The table: each contestant, and how many times ours it takes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from benchmarks.results import Results
from benchmarks.widgets.cells import CONTESTANTS, DEMOS, Shown
from benchmarks.widgets.measure import Measured, laboratory, measure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_MILLISECONDS, LEAST_FRAMES = 33.0, 45.0


def main() -> Results:
    """Measure the contestants, then our other demos, in one browser."""
    with laboratory() as place:
        ours = Shown("", drag='canvas[aria-label^="Output"]')
        peers = [
            measure(place, name, cells, ours if name == "SlidingWindow" else None)
            for name, cells in CONTESTANTS.items()
        ]
        others = [measure(place, name, demo.cells, demo) for name, demo in DEMOS.items()]
    text = "\n\n".join((_against_peers(peers), _all_demos([peers[0], *others])))
    rows = [asdict(row) for row in (*peers, *others)]
    return Results("widgets", rows, text, lambda: _bars(peers, others))


def _against_peers(rows: list[Measured]) -> str:
    ours = rows[0]
    lines = [
        "| the same picture, window, sum | key to pixels p50 | p95 | p95 / ours | frames/s | ours / it |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row.name} | {row.p50:.0f} ms | {row.p95:.0f} ms | {row.p95 / ours.p95:.1f} "
            f"| {row.frames:.0f} | {ours.frames / max(row.frames, 0.1):.1f} |"
        )
    return "\n".join(lines)


def _all_demos(rows: list[Measured]) -> str:
    lines = [
        "| demo | key to pixels p50 | p95 | frames/s dragging | of | budget |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        kept = row.p95 <= MOST_MILLISECONDS and row.frames >= LEAST_FRAMES
        lines.append(
            f"| {row.name} | {row.p50:.0f} ms | {row.p95:.0f} ms | {row.frames:.0f} | {row.asked:.0f} "
            f"| {'kept' if kept else 'MISSED'} |"
        )
    lines.append(
        f"\nBudget: p95 at most {MOST_MILLISECONDS:.0f} ms, at least {LEAST_FRAMES:.0f} frames a second."
    )
    return "\n".join(lines)


def _bars(peers: list[Measured], others: list[Measured]) -> Figure:
    from matplotlib.figure import Figure

    rows = [*others[::-1], *peers[::-1]]
    figure = Figure(figsize=(10, 0.45 * len(rows) + 1.6), layout="constrained")
    delays, frames = figure.subplots(1, 2, sharey=True)
    names = [row.name for row in rows]
    colours = ["#9e9e9e" if row in peers[1:] else "#2166ac" for row in rows]
    delays.barh(names, [row.p95 for row in rows], color=colours)
    delays.set(xlabel="key press to new pixels, p95, milliseconds", xscale="log")
    # From 10 ms, and each tick in plain numbers: the default would begin at the shortest bar's end.
    delays.set_xlim(left=10)
    ticks = [10, 33, 100, 300, 1000]
    delays.set_xticks(ticks, [str(tick) for tick in ticks])
    delays.set_xticks([], minor=True)
    delays.axvline(MOST_MILLISECONDS, color="#d95f02", linestyle="--")
    frames.barh(names, [row.frames for row in rows], color=colours)
    frames.set(xlabel="frames a second while dragging")
    frames.axvline(LEAST_FRAMES, color="#d95f02", linestyle="--")
    return figure
