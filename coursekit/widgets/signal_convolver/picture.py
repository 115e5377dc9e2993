"""The picture shown where no widget runs, and its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from coursekit.widgets.shared.picture import BLUE, ORANGE
from coursekit.widgets.signal_convolver.state import kept_range

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Values = np.ndarray[Any, Any]

MOST_STEMS = 60
"""Samples on the axis up to which stems can be told apart; more are drawn as a curve."""

LONGEST_SUM = 9
"""Products of a sum that are written out; of a longer one the middle is left out."""


class State(Protocol):
    """What the picture needs to know of the demo."""

    signal: Values
    kernel: Values
    mode: str
    position: int
    continuous: bool
    dt: float
    growing: bool

    @property
    def flipped(self) -> bool: ...

    @property
    def taps(self) -> Values: ...

    @property
    def products(self) -> Values: ...

    @property
    def time(self) -> float: ...

    def computed(self, mode: str) -> Values: ...


def describe(state: State) -> str:
    """Return operation, sizes, mode, time and sum as two sentences."""
    operation = (
        "convolution, the kernel is flipped"
        if state.flipped
        else "cross-correlation, the kernel is not flipped"
    )
    start = (
        f"Signal of {state.signal.size} samples under a kernel of {state.kernel.size} taps: "
        f"{operation}, mode {state.mode}."
    )
    total = float(state.products.sum())
    if state.continuous:
        area = f"{written(state.dt)} × {written(total)} = {written(total * state.dt)}"
        return f"{start} At t = {written(state.time)} the area under the products is {area}."
    return f"{start} At t = {written(state.time)}: {written_sum(state)} = {written(total)}."


def written_sum(state: State) -> str:
    """Return the products where the kernel lies on the signal, "2×1 + 5×(−1)", shortened if they are many."""
    places = state.position - state.kernel.size + 1 + np.arange(state.kernel.size)
    terms = [
        f"{_factor(state.signal[place])}×{_factor(tap)}"
        for place, tap in zip(places, state.taps, strict=True)
        if 0 <= place < state.signal.size
    ]
    if len(terms) > LONGEST_SUM:
        terms = [*terms[:4], "…", *terms[-2:]]
    return " + ".join(terms)


def written(value: float) -> str:
    """Return a number as a reader wants it: short, with a true minus sign."""
    return f"{round(float(value), 9) + 0.0:.5g}".replace("-", "−")


def _factor(value: float) -> str:
    return f"({written(value)})" if value < 0 else written(value)


def draw_picture(state: State, figure: Figure) -> None:
    """Draw signal and kernel, the products, and the output on one axis of time."""
    axes = figure.subplots(3, 1, sharex=True, gridspec_kw={"height_ratios": [1.3, 1, 1.2]})
    step = state.dt if state.continuous else 1.0
    taps = state.kernel.size
    curves = state.continuous or state.signal.size + 2 * taps - 2 > MOST_STEMS
    window = (state.position - taps + 1 + np.arange(taps)) * step
    _draw_window(axes[0], state, window, curves, step)
    _draw_signed(axes[1], window, state.products, curves)
    axes[1].set_title("Product" if curves else "Products", **_heading())
    _draw_output(axes[2], state, curves, step)
    for each in axes:
        each.axhline(0, color="gray", linewidth=0.8)
        each.axvline(state.time, color="gray", linewidth=0.8, linestyle=":")
        each.tick_params(labelsize=8)
        for side in ("top", "right"):
            each.spines[side].set_visible(False)
    axes[2].set_xlim((1 - taps - 0.5) * step, (state.signal.size + taps - 1.5) * step)
    axes[2].set_xlabel("t: where the kernel's number 0 stands", fontsize=9)
    figure.subplots_adjust(0.06, 0.12, 0.99, 0.93, hspace=0.5)


def _heading() -> dict[str, Any]:
    return {"fontsize": 10, "loc": "left", "pad": 4}


def _draw_window(axes: Axes, state: State, window: Values, curves: bool, step: float) -> None:
    """The signal in grey with the kernel over it in black, in a band."""
    samples = np.arange(state.signal.size) * step
    axes.axvspan(window[0] - step / 2, window[-1] + step / 2, color="#00000014", linewidth=0)
    if curves:
        axes.plot(samples, state.signal, color="gray", linewidth=1.5)
        axes.plot(window, state.taps, color="black", linewidth=1.5, linestyle="--")
    else:
        _stems(axes, samples, state.signal, color="gray", marker="o")
        _stems(axes, window, state.taps, color="black", marker="s", fill=False)
    turned = "flipped kernel, black" if state.flipped else "kernel, black, not flipped"
    axes.set_title(f"Signal, grey, and {turned}", **_heading())


def _draw_output(axes: Axes, state: State, curves: bool, step: float) -> None:
    """The output as far as it is shown, what the mode cuts off in grey, the present value marked."""
    axes.set_title("Output", **_heading())
    try:
        output = state.computed("full").astype(float)
    except ImportError:  # the reference is left out while work is graded
        return
    times = (
        np.arange(output.size) if state.flipped else np.arange(output.size) - state.kernel.size + 1
    ) * step
    first, after = kept_range(state.signal.size, state.kernel.size, state.mode)
    shown = np.arange(output.size) <= state.position if state.growing else np.ones(output.size, bool)
    kept = (np.arange(output.size) >= first) & (np.arange(output.size) < after)
    for part, colour in ((shown & ~kept, "lightgray"), (shown & kept, "black")):
        if part.any() and curves:
            axes.plot(times, np.where(part, output, np.nan), color=colour, linewidth=1.5)
        elif part.any():
            _stems(axes, times[part], output[part], color=colour, marker="o")
    axes.plot(
        times[state.position], output[state.position], "o", color="black", markersize=9, fillstyle="none"
    )
    axes.set_ylim(*_limits(output))
    if after > first and state.mode != "full":
        axes.axvspan(times[first] - step / 2, times[after - 1] + step / 2, fill=False, linestyle="--")
        axes.set_title(f"Output; the frame is what mode {state.mode} keeps", **_heading())


def _draw_signed(axes: Axes, places: Values, values: Values, curves: bool) -> None:
    """Products: positive orange, negative blue."""
    if curves:
        axes.plot(places, values, color="black", linewidth=1)
        step = places[1] - places[0] if places.size > 1 else 1.0
        colours = [ORANGE if value > 0 else BLUE for value in values]
        axes.bar(places, values, width=step, color=colours, alpha=0.7)
    else:
        for sign, colour in ((values > 0, ORANGE), (values < 0, BLUE), (values == 0, "gray")):
            if sign.any():
                _stems(axes, places[sign], values[sign], color=colour, marker="o")
    axes.set_ylim(*_limits(values))


def _stems(axes: Axes, places: Values, values: Values, *, color: str, marker: str, fill: bool = True) -> None:
    axes.vlines(places, 0, values, color=color, linewidth=1.5)
    axes.plot(places, values, marker, color=color, markersize=5, fillstyle="full" if fill else "none")


def _limits(values: Iterable[float]) -> tuple[float, float]:
    """Return the limits of an axis that shows the values and 0, with room around."""
    known = [0.0, *(float(value) for value in values)]
    low, high = min(known), max(known)
    room = 0.15 * ((high - low) or 1)
    return low - room, high + room
