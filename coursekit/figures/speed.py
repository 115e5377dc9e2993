"""How fast: times as bars, measured growth, the roofline, and what a tile of a GPU reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import FuncFormatter, NullFormatter

from coursekit.digits import three_digits
from coursekit.errors import ParameterError
from coursekit.figures.base import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    SIGNED,
    LectureFigure,
    chart,
    frame,
    quiet_panel,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

MEASURED = Path(__file__).parent / "results"
# A colour, a marker and a dash for each algorithm, so that a curve is known by any of the three.
STYLES = {
    "direct": (QUIET, "s", (0, (1, 1.5))),
    "im2col": (BLUE, "o", "solid"),
    "fft": (ORANGE, "^", "solid"),
    "winograd": (INK, "D", (0, (4, 2))),
}
UNITS = ((60_000, "min"), (1_000, "s"), (1, "ms"), (0.001, "µs"))


def measured(name: str) -> dict[str, Any]:
    """Return what a benchmark of this course measured: the copy in `results/`.

    Parameters
    ----------
    name : "correlate" (the reference against PyTorch) or "growth" (time against size)

    Returns
    -------
    dict with "command", "date", "machine", "versions" and "measurements", as `python -m benchmarks` wrote it

    Raises
    ------
    ParameterError
    """
    known = sorted(path.stem for path in MEASURED.glob("*.json"))
    if name not in known:
        raise ParameterError(f"name must be one of {known}; got {name!r}")
    results: dict[str, Any] = json.loads((MEASURED / f"{name}.json").read_text())
    return results


def duration(milliseconds: float) -> str:
    """Return a time in words, two digits and a unit: 0.45 ms, 38 s, 6.2 min."""
    size, unit = next((pair for pair in UNITS if milliseconds >= pair[0]), UNITS[-1])
    number = milliseconds / size
    return f"{number:.0f} {unit}" if number >= 9.95 else f"{number:.1f} {unit}"


def times(milliseconds: Mapping[str, float], *, title: str, guessed: tuple[str, ...] = ()) -> LectureFigure:
    """Show times as bars on a logarithmic scale, each with its number.

    Parameters
    ----------
    milliseconds : name to a time > 0
    title : what was timed
    guessed : names whose time was extrapolated, not measured: hatched, and "about"

    Raises
    ------
    ParameterError
    """
    if not milliseconds or min(milliseconds.values()) <= 0:
        raise ParameterError(f"milliseconds must hold times > 0; got {dict(milliseconds)!r}")
    unknown = [name for name in guessed if name not in milliseconds]
    if unknown:
        raise ParameterError(f"guessed must be names of milliseconds; got {unknown[0]!r}")
    words = {name: ("about " if name in guessed else "") + duration(ms) for name, ms in milliseconds.items()}
    told = "; ".join(f"{name}: {words[name]}" for name in milliseconds)
    figure = LectureFigure(f"{title}. {told}.", 11.0, 1.5 + 0.55 * len(milliseconds))
    axis = figure.subplots()
    for row, (name, ms) in enumerate(milliseconds.items()):
        hatch = "//" if name in guessed else ""
        axis.barh(row, ms, color="white" if hatch else BLUE, edgecolor=BLUE, hatch=hatch, height=0.6)
        axis.text(ms * 1.15, row, words[name], va="center", fontsize=14, color=INK)
    axis.set_xscale("log")
    axis.set_xlim(min(milliseconds.values()) / 3, max(milliseconds.values()) * 12)
    axis.set_yticks(range(len(milliseconds)), list(milliseconds), fontsize=14)
    axis.invert_yaxis()
    _quiet_chart(axis, title, "time; each line is ten times the one before")
    axis.xaxis.set_major_formatter(
        FuncFormatter(lambda ms, _: f"{ms:g} ms" if ms < 1000 else f"{ms / 1000:g} s")
    )
    return figure


def growth(sweep: str) -> LectureFigure:
    """Show how the measured time of each algorithm grows with a size, both on logarithmic scales.

    Parameters
    ----------
    sweep : "image size", "kernel size" or "channels"

    Raises
    ------
    ParameterError
    """
    results = measured("growth")
    known = {entry["sweep"]: entry for entry in results["measurements"]}
    if sweep not in known:
        raise ParameterError(f"sweep must be one of {list(known)}; got {sweep!r}")
    entry = known[sweep]
    sizes = entry["sizes"]
    ends = "; ".join(
        f"{name} from {duration(curve[0])} to {duration(curve[-1])}"
        for name, curve in entry["milliseconds"].items()
    )
    turns = "".join(f" The default changes from {old} to {new} at {n}." for n, old, new in entry["switches"])
    figure = LectureFigure(
        f"Measured times against {sweep}, {entry['fixed']}. From {sizes[0]} to {sizes[-1]}: {ends}.{turns}",
        10.0,
        4.2,
    )
    axis = figure.subplots()
    for name, curve in entry["milliseconds"].items():
        color, marker, dash = STYLES[name]
        axis.plot(
            sizes, curve, color=color, marker=marker, linestyle=dash, linewidth=2, markersize=8, label=name
        )
    for size, _, _ in entry["switches"]:
        axis.axvline(size, color=QUIET, linestyle=(0, (5, 4)))
    axis.set_xscale("log")
    axis.set_yscale("log")
    plain_powers(axis.yaxis)
    axis.set_xticks(sizes, [str(size) for size in sizes])
    axis.set_xticks([], minor=True)
    axis.set_ylabel("milliseconds", fontsize=14, color=INK)
    axis.legend(fontsize=13, frameon=False)
    _quiet_chart(axis, entry["fixed"].replace("x", "×"), sweep)
    return figure


def roofline(
    *,
    peak: float,
    bandwidth: float,
    points: Mapping[str, tuple[float, float | None]],
    title: str = "the roofline",
) -> LectureFigure:
    """Show the most that a machine can do at each arithmetic intensity, and where programs stand.

    Parameters
    ----------
    peak : GFLOP/s of the arithmetic, > 0
    bandwidth : GB/s of the memory, > 0
    points : name to (intensity in FLOP per byte, GFLOP/s measured, or None to stand on the roof)
    title : whose roof it is

    Raises
    ------
    ParameterError
    """
    for name, value in (("peak", peak), ("bandwidth", bandwidth)):
        if not value > 0:
            raise ParameterError(f"{name} must be a number > 0; got {value!r}")
    ridge = peak / bandwidth
    placed = {
        name: (x, min(peak, bandwidth * x) if y is None else y, y is None) for name, (x, y) in points.items()
    }
    told = "; ".join(
        f"{name} at {x:.3g} FLOP per byte, {'at most ' if roof else ''}{three_digits(y)} GFLOP/s"
        for name, (x, y, roof) in placed.items()
    )
    figure = LectureFigure(
        f"A roof over arithmetic intensity: it rises with {three_digits(bandwidth)} GB/s up to {ridge:.3g} "
        f"FLOP per byte, and is flat at {three_digits(peak)} GFLOP/s from there. {told}.",
        10.0,
        4.2,
    )
    axis = figure.subplots()
    left = min([ridge, *(x for x, _, _ in placed.values())]) / 3
    right = max([ridge, *(x for x, _, _ in placed.values())]) * 12
    axis.plot([left, ridge, right], [bandwidth * left, peak, peak], color=INK, linewidth=2.5)
    axis.axvline(ridge, color=QUIET, linestyle=(0, (5, 4)))
    for rank, (name, (x, y, roof)) in enumerate(placed.items()):
        color, marker, _ = list(STYLES.values())[(rank + 1) % len(STYLES)]
        face = "white" if roof else color
        axis.plot(x, y, marker, markersize=11, color=color, markerfacecolor=face, markeredgewidth=2)
        axis.annotate(name, (x, y), (12, -6), textcoords="offset points", fontsize=13, color=INK, va="top")
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlim(left, right)
    lowest = min([bandwidth * left, *(y for _, y, _ in placed.values())])
    axis.set_ylim(bottom=lowest / 3)  # a name stands below its point
    plain_powers(axis.xaxis)
    plain_powers(axis.yaxis)
    axis.set_ylabel("GFLOP/s", fontsize=14, color=INK)
    _quiet_chart(axis, title, "arithmetic intensity: FLOP for each byte from memory")
    return figure


def tile_reads(outputs: int, taps: int) -> LectureFigure:
    """Show how often each pixel under a square tile of outputs is used: what a tile can read once and share.

    Parameters
    ----------
    outputs : int >= 1, side of the tile of outputs
    taps : int >= 1, side of the kernel

    Raises
    ------
    ParameterError
    """
    for name, value in (("outputs", outputs), ("taps", taps)):
        if not isinstance(value, int) or value < 1:
            raise ParameterError(f"{name} must be an integer >= 1; got {value!r}")
    side = outputs + taps - 1
    along = np.convolve(np.ones(outputs, dtype=int), np.ones(taps, dtype=int))
    uses = np.outer(along, along)
    alone, shared = outputs**2 * taps**2, side**2
    figure = LectureFigure(
        f"{outputs}×{outputs} outputs of a {taps}×{taps} kernel look at {side}×{side} pixels. "
        f"Alone they read {alone} pixels, together {shared}: {alone / shared:.1f} times fewer. "
        f"Pixels are used from once at the corners to {uses.max()} times inside.",
        11.0,
        5.2,
    )
    left, right = figure.subplots(1, 2)
    left.imshow(uses, cmap=SIGNED, vmin=-uses.max() * 1.3, vmax=uses.max() * 1.3)
    left.add_patch(frame(taps // 2, taps // 2, (outputs, outputs), BLUE))
    left.add_patch(frame(0, 0, (taps, taps), ORANGE))
    quiet_panel(left, f"how often each of {side}×{side} pixels is used")
    for row in range(0, side, max(1, side // 6)):
        for column in range(0, side, max(1, side // 6)):
            left.text(column, row, str(uses[row, column]), ha="center", va="center", fontsize=12, color=INK)
    bars = {"each output\nreads its own": alone, "the tile\nreads once": shared}
    for place, (count, hatch) in enumerate(zip(bars.values(), ("", "//"), strict=True)):
        color = "white" if hatch else ORANGE
        right.bar(place, count, color=color, edgecolor=ORANGE, hatch=hatch, width=0.6)
        right.text(place, count, f"{count}", ha="center", va="bottom", fontsize=14, color=INK)
    right.set_xticks(range(len(bars)), list(bars), fontsize=13)
    right.set_yticks([])
    right.margins(y=0.12)
    right.set_title("pixels read from memory", fontsize=16, color=INK)
    right.spines[["top", "right", "left"]].set_visible(False)
    return figure


def plain_powers(axis: Axis, words: Callable[[float], str] = "{:g}".format) -> None:
    """Write the powers of ten on a logarithmic `axis` as 0.1, 1, 10: no exponents, and nothing between."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: words(value)))
    axis.set_minor_formatter(NullFormatter())


def _quiet_chart(axis: Axes, title: str, xlabel: str) -> None:
    chart(axis, title, xlabel)
    axis.set_axisbelow(True)
