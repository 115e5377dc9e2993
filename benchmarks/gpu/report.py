"""How the measurements on a GPU read: tables, the targets below them, and two plots."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from benchmarks.gpu.contestants import OURS, PEER, PEER_TF32, SLICES
from benchmarks.gpu.place import STORY
from benchmarks.results import table, verdict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Measurement = dict[str, Any]

MEAN_TARGET, WORST_TARGET = 1.5, 3.0
STEPS = (SLICES, "naive", "shared_tile", "implicit_gemm")  # each is told to be faster than the one before
LEGEND = """Times in milliseconds, on the card alone unless it says otherwise. Whole call: with the Python
that starts it, where that is slower than the card. Ratio: our time / PyTorch's. FLOP/s: operations of the
definition in our time, whatever the algorithm does; GB/s: inputs and outputs once each, in our time.
Percentages are of the card's ceilings above, float32 and copy. slices: CuPy, tap by tap with array slices."""


def text(measured: list[Measurement]) -> str:
    """Return all tables and verdicts in Markdown."""
    card, done = measured[0], measured[1:]
    ceilings = card["ceilings"]
    parts = [_card(card), "## Against cuDNN"]
    parts += [_against(done, ceilings), _targets(done)]
    parts += ["## The story, forward", _story(done), _steps(done)]
    parts += [LEGEND, *_left_out(done)]
    return "\n\n".join(parts)


def _card(card: Measurement) -> str:
    words = "; ".join(f"{key} {value}" for key, value in card.items() if key not in ("what", "ceilings"))
    exact, rounded, moved = (card["ceilings"][name] for name in ("float32 FLOP/s", "TF32 FLOP/s", "bytes/s"))
    return (
        f"{words}.\n\nCeilings, measured: a matrix product has {exact / 1e12:.1f} TFLOP/s in float32 and "
        f"{rounded / 1e12:.1f} in TF32, a copy {moved / 1e9:.0f} GB/s."
    )


def ratio(
    measurement: Measurement, ours: str = OURS, peer: str = PEER, *, whole: bool = False
) -> float | None:
    """Return the time of `ours` divided by that of `peer`; None where one of them was not timed."""
    times = measurement["whole" if whole else "milliseconds"]
    return times[ours] / times[peer] if ours in times and peer in times else None


def _against(done: list[Measurement], ceilings: dict[str, float]) -> str:
    header = ["what", "case", "algorithm", "ours", "PyTorch", "ratio", "PyTorch TF32", "ratio"]
    header += ["whole call", "PyTorch", "ratio", "TFLOP/s", "of float32", "GB/s", "of copy"]
    rows = []
    for m in done:
        times, whole = m["milliseconds"], m["whole"]
        row = [m["what"], m["case"], m["algorithm"], _time(times, OURS), _time(times, PEER), _times(ratio(m))]
        row += [_time(times, PEER_TF32), _times(ratio(m, peer=PEER_TF32))]
        row += [_time(whole, OURS), _time(whole, PEER), _times(ratio(m, whole=True))]
        rows.append(row + _reached(m, ceilings))
    return table(header, rows, words=3)


def _reached(m: Measurement, ceilings: dict[str, float]) -> list[str]:
    """Return TFLOP/s and GB/s, each with its part of the ceiling."""
    if OURS not in m["milliseconds"]:
        return [""] * 4
    seconds = m["milliseconds"][OURS] / 1000
    flops, moved = m["operations"] / seconds, m["least_bytes"] / seconds
    cells = [f"{flops / 1e12:.2f}", f"{flops / ceilings['float32 FLOP/s']:.0%}"] if flops else ["", ""]
    return [*cells, f"{moved / 1e9:.0f}", f"{moved / ceilings['bytes/s']:.0%}"]


def _targets(done: list[Measurement]) -> str:
    """Return the verdicts on the ratios, each for the card alone and for whole calls."""
    lines = []
    for what in dict.fromkeys(m["what"] for m in done):
        here = [m for m in done if m["what"] == what]
        for where, whole in (("on the card", False), ("whole calls", True)):
            ratios = {m["case"]: r for m in here if (r := ratio(m, whole=whole)) is not None}
            if not ratios:
                lines.append(f"- {what}, {where}: nothing was timed; MISSED")
                continue
            mean = statistics.geometric_mean(list(ratios.values()))
            worst = max(ratios, key=lambda case: ratios[case])
            lines.append(f"- {verdict(f'{what}, {where}: geometric mean of the ratios', mean, MEAN_TARGET)}")
            lines.append(
                f"- {verdict(f'{what}, {where}: worst ratio ({worst})', ratios[worst], WORST_TARGET)}"
            )
    wrong = [f"{name}, {m['what']} of {m['case']}" for m in done for name in m["wrong"]]
    lines.append(
        f"- wrong results, which are not timed: {'; '.join(wrong) + ': MISSED' if wrong else 'none; met'}"
    )
    absent = [f"{m['what']} of {m['case']}" for m in done if ratio(m) is None]
    lines.append(f"- not compared: {'; '.join(absent) + ': MISSED' if absent else 'none; met'}")
    return "\n".join(lines)


def _story(done: list[Measurement]) -> str:
    """Return one row per case with the time of every algorithm on its own."""
    columns = (SLICES, *STORY, OURS, PEER, PEER_TF32)
    rows = [
        [m["case"], *(_time(m["milliseconds"], name) for name in columns)]
        for m in done
        if m["what"] == "forward"
    ]
    return table(["convolution, ms", *(f"{c} (auto)" if c == OURS else c for c in columns)], rows)


def _steps(done: list[Measurement]) -> str:
    """Return whether each step is faster than the one before, and in which cases it is not."""
    forward = [m for m in done if m["what"] == "forward"]
    lines = []
    for before, after in pairwise(STEPS):
        ratios = {m["case"]: r for m in forward if (r := ratio(m, after, before)) is not None}
        if not ratios:
            lines.append(f"- {after} after {before}: nothing was timed; MISSED")
            continue
        mean = statistics.geometric_mean(list(ratios.values()))
        slower = [case for case, r in ratios.items() if r >= 1]
        met = "met" if mean < 1 and not slower else "MISSED"
        detail = f", slower in {len(slower)} of {len(ratios)}: {'; '.join(slower)}" if slower else ""
        lines.append(f"- {after} / {before}: geometric mean {mean:.2f}{detail}; below 1 in all: {met}")
    return "\n".join(lines)


def _left_out(done: list[Measurement]) -> list[str]:
    """Return who did not take part and why, each reason once."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for m in done:
        for name, why in m["left_out"].items():
            reasons.setdefault((name, why), []).append(m["case"])
    lines = [f"- {name}: {why} ({'; '.join(cases)})" for (name, why), cases in reasons.items()]
    return ["Not taking part:\n\n" + "\n".join(lines)] if lines else []


def _time(times: dict[str, float], name: str) -> str:
    return f"{times[name]:.3f}" if name in times else ""


def _times(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


DARK, PALE, INK = "#0b5fa5", "#a8cbe8", "#222222"


def draw(measured: list[Measurement]) -> Figure:
    """Return bars of the ratios to cuDNN, and below for each convolution the ratio of every algorithm."""
    from matplotlib.figure import Figure

    done = measured[1:]
    forward = [m for m in done if m["what"] == "forward"]
    figure = Figure(figsize=(10, 2 + 0.3 * len(done) + 0.3 * len(forward)), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=[max(1, len(done)), max(1, len(forward))])
    _bars(above, done)
    for name, marker in zip((SLICES, *STORY), "ovs^DPX*", strict=True):
        points = [(r, row) for row, m in enumerate(forward) if (r := ratio(m, name)) is not None]
        if points:
            above_zero, rows = zip(*points, strict=True)
            below.plot(above_zero, rows, marker, label=name, markersize=6, alpha=0.85)
    below.set_xscale("log")
    below.set_title("Each algorithm alone, forward", loc="left", fontsize=10, pad=20)
    _finish(below, [m["case"] for m in forward])
    below.set_xlabel(
        "our time on the card / PyTorch's without TF32 (solid line: equal; dotted: the most allowed)"
    )
    return figure


def _bars(ax: Any, done: Sequence[Measurement]) -> None:
    """Draw for each computation the ratio without TF32, and behind it the one with."""
    for peer, colour, height, label in (
        (PEER_TF32, PALE, 0.75, "PyTorch with TF32"),
        (PEER, DARK, 0.4, "PyTorch without TF32"),
    ):
        bars = [(row, r) for row, m in enumerate(done) if (r := ratio(m, peer=peer)) is not None]
        ax.barh([row for row, _ in bars], [r for _, r in bars], height=height, color=colour, label=label)
    ax.set_title("The course's default against PyTorch", loc="left", fontsize=10)
    names = [f"{m['what']}: {m['case']}" + f" ({m['algorithm']})" * bool(m["algorithm"]) for m in done]
    _finish(ax, names)


def _finish(ax: Any, names: list[str]) -> None:
    ax.axvline(1.0, color=INK, linewidth=1.2)
    ax.axvline(WORST_TARGET, color=INK, linewidth=0.8, linestyle=":")
    ax.set_yticks(range(len(names)), names, fontsize=8)
    ax.set_ylim(len(names) - 0.5, -0.6)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(
            frameon=False, fontsize=8, loc="lower right", bbox_to_anchor=(1, 1), ncols=8, columnspacing=1
        )
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
