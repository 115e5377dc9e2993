"""A signal and what is left of it when only every n-th sample is looked at."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, INK, ORANGE, QUIET, LectureFigure, open_axes


def every_nth(signal: Any, stride: int) -> LectureFigure:
    """Show a signal with the samples that a stride keeps, and these samples alone, on one axis.

    Parameters
    ----------
    signal : array of shape (N,), real; N at least 4 * stride
    stride : int >= 1, samples from one that is kept to the next

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.shapes import positive_int

    samples = np.asarray(signal, dtype=float)
    if samples.ndim != 1:
        raise ShapeError(f"signal must have shape (N,); got {samples.shape}")
    step = positive_int("stride", stride)
    if samples.size < 4 * step:
        raise ParameterError(f"signal must have at least 4 * stride = {4 * step} samples; got {samples.size}")
    places = np.arange(0, samples.size, step)
    before, behind = waves(samples), waves(samples[::step])
    figure = LectureFigure(
        f"Above: {samples.size} samples with about {before} waves, and a ring on each of the {places.size} "
        f"that stride {step} keeps. Below: these alone, joined: about {behind} waves.",
        11.0,
        4.4,
    )
    upper, lower = figure.subplots(2, 1, sharex=True, sharey=True)
    upper.plot(samples, "o-", color=QUIET, markersize=4, linewidth=1.6)
    for axis in (upper, lower):
        axis.plot(
            places, samples[::step], "o", markersize=10, fillstyle="none", color=ORANGE, markeredgewidth=2.2
        )
        open_axes(axis)
        axis.margins(x=0.02)
    lower.plot(places, samples[::step], color=BLUE, linewidth=2.2)
    upper.set_title(f"all samples: about {before} waves", fontsize=16, color=INK, loc="left")
    lower.set_title(f"stride {step}: about {behind} waves", fontsize=16, color=INK, loc="left")
    lower.set_xlabel("sample", fontsize=14, color=INK)
    return figure


def waves(samples: Any) -> int:
    """Return how many periods the strongest wave of `samples` (N,) has in them, rounded."""
    centred = np.asarray(samples, dtype=float)
    tapered = (centred - centred.mean()) * np.hanning(centred.size)
    return int(np.abs(np.fft.rfft(tapered)).argmax())
