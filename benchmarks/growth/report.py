"""How the growth reads: a table of slopes, the crossovers, and a log-log plot for each sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.growth.sweeps import crossings, slope
from benchmarks.results import table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Measured = dict[str, Any]

COLOURS = {"direct": "#8a8a8a", "im2col": "#0b5fa5", "fft": "#d95f02", "winograd": "#3b8a4e"}
MARKERS = {"direct": "s", "im2col": "o", "fft": "^", "winograd": "D"}
INK = "#222222"
LEGEND = """The slope is the exponent p of a power size^p, fitted to the larger half of the sizes; the
formula's is fitted to the textbook's count of operations at the same sizes."""


def text(sweeps: list[Measured]) -> str:
    """Return the slopes, the crossovers and the price of the default's choices in Markdown."""
    parts = []
    for sweep in sweeps:
        parts += [f"## {sweep['sweep'].capitalize()}: {sweep['fixed']}", _slopes(sweep), _crossovers(sweep)]
    return "\n\n".join([*parts, LEGEND])


def _slopes(sweep: Measured) -> str:
    """Return one row per algorithm: times at the ends, the slope, and the formula's."""
    sizes = sweep["sizes"]
    rows = [
        [
            name,
            f"{times[0]:.2f}",
            f"{times[-1]:.2f}",
            f"{slope(sizes, times):.2f}",
            f"{slope(sizes, sweep['operations'][name]):.2f}",
        ]
        for name, times in sweep["milliseconds"].items()
    ]
    return table(["algorithm", f"ms at {sizes[0]}", f"ms at {sizes[-1]}", "slope", "formula's slope"], rows)


def _crossovers(sweep: Measured) -> str:
    """Return where the default switches, where those curves cross, and what the default costs at worst."""
    times = sweep["milliseconds"]
    lines = []
    for size, before, now in sweep["switches"]:
        crossed = crossings(sweep["sizes"], times[before], times[now])
        where = " and ".join(f"{x:.0f}" for x in crossed) or "no size"
        lines.append(
            f"- the default switches from {before} to {now} at {size}; measured, the curves cross at {where}"
        )
    lines = lines or [f"- the default is {sweep['default'][0]} at every size"]
    size, excess = dearest_choice(sweep)
    lines.append(f"- the default takes at most {excess:.2f} times as long as the fastest (at {size})")
    return "\n".join(lines)


def dearest_choice(sweep: Measured) -> tuple[int, float]:
    """Return the size at which the default loses most against the fastest algorithm, and their ratio."""
    times = sweep["milliseconds"]
    excess = [
        times[name][place] / min(column[place] for column in times.values())
        for place, name in enumerate(sweep["default"])
    ]
    worst = max(range(len(excess)), key=lambda place: excess[place])
    return sweep["sizes"][worst], excess[worst]


def draw(sweeps: list[Measured]) -> Figure:
    """Return a log-log plot of time for each sweep, dashed lines where the default switches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 4.4), layout="constrained")
    panels = figure.subplots(1, len(sweeps), sharey=True, squeeze=False)[0]
    for ax, sweep in zip(panels, sweeps, strict=True):
        _curves(ax, sweep)
    figure.axes[0].set_ylabel("ms, one thread")
    return figure


def _curves(ax: Axes, sweep: Measured) -> None:
    """Draw the time of each algorithm with its slopes in the legend: measured, and the formula's."""
    sizes = sweep["sizes"]
    for name, times in sweep["milliseconds"].items():
        fitted, formula = slope(sizes, times), slope(sizes, sweep["operations"][name])
        label = f"{name}: slope {fitted:.1f} (formula {formula:.1f})"
        ax.loglog(
            sizes, times, color=COLOURS[name], marker=MARKERS[name], markersize=4, linewidth=1.4, label=label
        )
    for size, before, now in sweep["switches"]:
        ax.axvline(size, color=INK, linewidth=0.9, linestyle="--")
        ax.annotate(
            f"{before} → {now}",
            (size, 0.02),
            xycoords=("data", "axes fraction"),
            xytext=(-3, 0),
            textcoords="offset points",
            rotation=90,
            ha="right",
            va="bottom",
            fontsize=8,
            color=INK,
        )
    ax.set_xticks(sizes, [str(size) for size in sizes], fontsize=8)
    ax.minorticks_off()
    ax.set_xlabel(sweep["sweep"])
    ax.set_title(sweep["fixed"], fontsize=9, loc="left")
    ax.legend(frameon=False, fontsize=7.5, loc="upper left")
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", color="#e6e6e6", linewidth=0.6)
    ax.set_ylim(top=1e5)  # room for the legend above the curves
