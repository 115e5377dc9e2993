"""Signals: numbers along one axis, as curves or as stems, one panel below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, INK, MOST_HEIGHT, ORANGE, QUIET, LectureFigure, open_axes

PANEL_INCHES = 1.7


def signals(
    curves: Mapping[str, Any],
    *,
    alt: str,
    stems: bool = False,
    rate: float | None = None,
    shared: bool = True,
    kernel: str | None = None,
) -> LectureFigure:
    """Show signals one below the other, each under its name, on one time axis.

    Parameters
    ----------
    curves : name to array of shape (N,); they may differ in length
    alt : the sentence that says what they show
    stems : a stem for each sample in place of a curve: for a few samples that one should count
    rate : samples a second; then the axis is in seconds, else it counts samples
    shared : one scale of values for all panels
    kernel : the name of the curve to draw in orange

    Raises
    ------
    ShapeError, ParameterError
    """
    if not curves:
        raise ParameterError("curves must hold at least one signal; got none")
    if kernel is not None and kernel not in curves:
        raise ParameterError(f"kernel must be one of {list(curves)}; got {kernel!r}")
    if rate is not None and not rate > 0:
        raise ParameterError(f"rate must be a number > 0, in samples a second; got {rate!r}")
    height = min(MOST_HEIGHT, PANEL_INCHES * len(curves) + 0.6)
    figure = LectureFigure(alt, 11.0, height)
    axes = figure.subplots(len(curves), 1, sharex=True, sharey=shared, squeeze=False)[:, 0]
    for axis, (name, curve) in zip(axes, curves.items(), strict=True):
        samples = np.asarray(curve)
        if samples.ndim != 1 or samples.size == 0:
            raise ShapeError(f"{name!r} must have shape (N,) and a sample; got {samples.shape}")
        places = np.arange(samples.size) / (rate or 1)
        signal_panel(axis, places, samples, name, stems=stems, color=ORANGE if name == kernel else BLUE)
    axes[-1].set_xlabel("time in seconds" if rate else "sample", fontsize=14, color=INK)
    return figure


def signal_panel(
    axis: Any, places: Any, samples: Any, title: str, *, stems: bool = False, color: str = BLUE
) -> None:
    """Draw `samples` (N,) at `places` (N,) on `axis`, with a quiet line at 0."""
    axis.axhline(0, color=QUIET, linewidth=1)
    if stems:
        axis.vlines(places, 0, samples, color=color, linewidth=2.5)
        axis.plot(places, samples, "o", color=color, markersize=8)
    else:
        axis.plot(places, samples, color=color, linewidth=1.8)
    axis.set_title(title, fontsize=16, color=INK, loc="left")
    open_axes(axis)
    axis.margins(x=0.02)
