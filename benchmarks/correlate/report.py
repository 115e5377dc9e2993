"""How the measurements against PyTorch read: tables with the budgets below them, and bars of the ratios."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from benchmarks.results import table, verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Measurement = dict[str, Any]

MEAN_BUDGET, WORST_BUDGET, BACKWARD_BUDGET = 1.0, 1.6, 2.0
BACKWARD = ("input gradient", "kernel gradient")
LEGEND = """Ratio: our time / PyTorch's. GFLOP/s: multiplications and additions of the definition in our time.
Extra memory: our buffers at their peak, beyond the result. Both are with the most threads."""


def text(measurements: list[Measurement]) -> str:
    """Return all tables and verdicts in Markdown."""
    forward = [m for m in measurements if m["what"] == "forward"]
    backward = [m for m in measurements if m["what"] in BACKWARD]
    parts = ["## Forward", _comparison(forward), _forward_verdicts(forward)]
    parts += ["## One channel: scipy.signal", _scipy(forward)]
    parts += ["## Backward", _comparison(backward), _backward_verdicts(backward)]
    return "\n\n".join([*parts, LEGEND])


def _comparison(measurements: list[Measurement]) -> str:
    """Return one row per case, with three columns for each number of threads."""
    threads = _threads(measurements)
    named = any("algorithm" in m for m in measurements)
    header = ["convolution"]
    header += ["algorithm"] if named else []
    for count in threads:
        header += [f"ms, {count} thread{'s' * (count > 1)}", "PyTorch", "ratio"]
    rows = []
    for group in _by_case(measurements):
        last = group[-1]
        row = [last["case"] if last["what"] == "forward" else f"{last['what']}: {last['case']}"]
        row += [" / ".join(dict.fromkeys(m["algorithm"] for m in group))] if named else []
        for m in group:
            times = m["milliseconds"]
            row += [f"{times['coursekit']:.2f}", f"{times['torch']:.2f}", f"{m['ratio']:.2f}"]
        rows.append([*row, f"{last['gflops']:.1f}", f"{last['extra_memory'] / 2**20:.1f} MiB"])
    return table([*header, "GFLOP/s", "extra memory"], rows, words=1 + named)


def _scipy(measurements: list[Measurement]) -> str:
    """Return the times of SciPy's functions, and the ratio of ours to the fastest of them."""
    rows = []
    for group in _by_case(measurements):
        for m in group:
            scipy = {name: time for name, time in m["milliseconds"].items() if name.startswith("scipy")}
            if scipy:
                ours = m["milliseconds"]["coursekit"]
                rows.append(
                    [
                        m["case"],
                        str(m["threads"]),
                        f"{ours:.2f}",
                        *(f"{scipy[f]:.2f}" if (f := f"scipy {name}") in scipy else "" for name in SCIPY),
                        f"{ours / min(scipy.values()):.2f}",
                    ]
                )
    return table(["convolution", "threads", "ours, ms", *SCIPY, "ratio to the fastest"], rows)


SCIPY = ("correlate", "oaconvolve", "correlate2d")


def _forward_verdicts(measurements: list[Measurement]) -> str:
    """Return mean and worst ratio over the 2-D convolutions, for each number of threads."""
    lines = []
    for threads in _threads(measurements):
        ratios = {m["case"]: m["ratio"] for m in measurements if m["threads"] == threads and m["axes"] == 2}
        worst = max(ratios, key=lambda case: ratios[case])
        mean = statistics.geometric_mean(list(ratios.values()))
        where = f"{threads} thread{'s' * (threads > 1)}, 2-D"
        lines.append(f"- {verdict(f'{where}: geometric mean of the ratios', mean, MEAN_BUDGET)}")
        lines.append(f"- {verdict(f'{where}: worst ratio ({worst})', ratios[worst], WORST_BUDGET)}")
    return "\n".join(lines)


def _backward_verdicts(measurements: list[Measurement]) -> str:
    """Return mean and worst ratio of the gradients, for each number of threads."""
    lines = []
    for threads in _threads(measurements):
        those = [m for m in measurements if m["threads"] == threads]
        worst = max(those, key=lambda m: m["ratio"])
        mean = statistics.geometric_mean([m["ratio"] for m in those])
        where = f"{threads} thread{'s' * (threads > 1)}"
        lines.append(f"- {where}: geometric mean of the ratios {mean:.2f}")
        what = f"{where}: worst ratio ({worst['what']}: {worst['case']})"
        lines.append(f"- {verdict(what, worst['ratio'], BACKWARD_BUDGET)}")
    return "\n".join(lines)


def _threads(measurements: Iterable[Measurement]) -> list[int]:
    return sorted({m["threads"] for m in measurements})


def _by_case(measurements: Iterable[Measurement]) -> list[list[Measurement]]:
    """Return the measurements of each case together, from few threads to many."""
    groups: dict[tuple[str, str], list[Measurement]] = {}
    for m in sorted(measurements, key=lambda m: m["threads"]):
        groups.setdefault((m["what"], m["case"]), []).append(m)
    return list(groups.values())


def draw(measurements: list[Measurement]) -> Figure:
    """Return bars of the ratios, forward above and the two gradients below."""
    from matplotlib.figure import Figure

    panels = [
        [group for group in _by_case(measurements) if group[0]["what"] == what]
        for what in ("forward", *BACKWARD)
    ]
    figure = Figure(figsize=(9, 1.6 + 0.4 * sum(map(len, panels))), layout="constrained")
    axes = figure.subplots(3, 1, sharex=True, height_ratios=[max(1, len(panel)) for panel in panels])
    titles = ("Forward", "Gradient of the image", "Gradient of the kernel")
    for ax, panel, title, budget in zip(
        axes, panels, titles, (WORST_BUDGET, BACKWARD_BUDGET, BACKWARD_BUDGET), strict=True
    ):
        _bars(ax, panel)
        ax.set_title(title, loc="left", fontsize=10)
        ax.axvline(1.0, color=INK, linewidth=1.2)
        ax.axvline(budget, color=INK, linewidth=0.8, linestyle=":")
    axes[0].legend(frameon=False, fontsize=9, loc="lower right")
    axes[-1].set_xlabel("our time / PyTorch's, float32 (solid line: equal; dotted: the most allowed)")
    return figure


BLUE, PALE, INK = "#0b5fa5", "#a8cbe8", "#222222"


def _bars(ax: Axes, groups: list[list[Measurement]]) -> None:
    """Draw one bar per case and number of threads, with the ratio at its end."""
    for row, group in enumerate(groups):
        height = 0.8 / len(group)
        for index, (m, colour) in enumerate(zip(group, (PALE, BLUE), strict=False)):
            place = row - 0.4 + (index + 0.5) * height
            label = f"{m['threads']} thread{'s' * (m['threads'] > 1)}" if row == 0 else None
            ax.barh(place, m["ratio"], height=height, color=colour, label=label)
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # over the vertical lines
            ax.annotate(
                f"{m['ratio']:.2f}",
                (m["ratio"], place),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                fontsize=7,
                color=INK,
                bbox=box,
            )
    names = [
        f"{group[0]['case']} ({group[-1]['algorithm']})" if "algorithm" in group[0] else group[0]["case"]
        for group in groups
    ]
    ax.set_yticks(range(len(groups)), names, fontsize=8)
    ax.invert_yaxis()
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
