"""Fitting a Gabor filter to a kernel, as physiologists fit one to what they measure of a simple cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.gabor import gabor

Kernel = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class GaborFit:
    """The Gabor filter nearest to a kernel.

    kernel : array of shape (rows, columns), strength times the Gabor filter
    explained : which part of the kernel's sum of squares it explains, at most 1; 1 is a perfect fit
    wavelength, width : in pixels
    angle : in degrees from 0 to 180, as in `gabor`
    phase : in degrees from -180 to 180, as in `gabor`
    aspect : as in `gabor`
    centre : (row, column), in pixels
    strength : what the Gabor filter is multiplied by, > 0
    """

    kernel: Kernel
    explained: float
    wavelength: float
    angle: float
    phase: float
    width: float
    aspect: float
    centre: tuple[float, float]
    strength: float


def fit_gabor(kernel: Any) -> GaborFit:
    """Return the Gabor filter that is nearest to `kernel` in the sum of squares.

    Parameters
    ----------
    kernel : array of shape (rows, columns), at least 4 × 4, real and finite, not all zero

    Raises
    ------
    ShapeError, ParameterError
    ImportError
        SciPy is not installed.

    Notes
    -----
    For a given wave and bell, phase and strength come from a linear fit: A cos(w + phase) is
    a cos(w) - b sin(w). The other six numbers are searched for by least squares, starting from the
    strongest frequency of the kernel and its neighbours.
    """
    from scipy.optimize import least_squares  # type: ignore[import-untyped]  # SciPy publishes no types

    taps = np.asarray(kernel, dtype=float)
    if taps.ndim != 2 or min(taps.shape) < 4:
        raise ShapeError(f"kernel must have shape (rows, columns), at least 4 × 4; got {taps.shape}")
    if not np.isfinite(taps).all() or not taps.any():
        raise ParameterError("kernel must hold finite numbers that are not all 0")
    size = max(taps.shape)
    least = [2.0, -np.inf, 0.6, 0.2, -0.5, -0.5]
    most = [3.0 * size, np.inf, float(size), 3.0, taps.shape[0] - 0.5, taps.shape[1] - 0.5]

    def left_over(numbers: Kernel) -> Kernel:
        differences: Kernel = (_nearest(taps, numbers)[0] - taps).ravel()
        return differences

    searches = [least_squares(left_over, start, bounds=(least, most), max_nfev=60) for start in _starts(taps)]
    best = min(searches, key=lambda search: float(search.cost))
    fitted, strength, phase = _nearest(taps, best.x)
    wavelength, angle, width, aspect, row, column = (float(number) for number in best.x)
    if angle % 360 >= 180:  # the same stripes, looked at from the other side
        phase = -phase
    explained = 1 - float(((fitted - taps) ** 2).sum() / (taps**2).sum())
    return GaborFit(fitted, explained, wavelength, angle % 180, phase, width, aspect, (row, column), strength)


def _nearest(taps: Kernel, numbers: Kernel) -> tuple[Kernel, float, float]:
    """Return the nearest Gabor filter with this wave and bell, its strength and its phase in degrees."""
    wavelength, angle, width, aspect, row, column = (float(number) for number in numbers)
    even, odd = (
        gabor(
            taps.shape,
            wavelength=wavelength,
            angle=angle,
            phase=phase,
            width=width,
            aspect=aspect,
            centre=(row, column),
        )
        for phase in (0.0, 90.0)
    )
    pair = np.stack([even.ravel(), odd.ravel()], axis=1)
    weights = np.linalg.lstsq(pair, taps.ravel(), rcond=None)[0]
    fitted: Kernel = (pair @ weights).reshape(taps.shape)
    return fitted, float(np.hypot(*weights)), float(np.degrees(np.arctan2(weights[1], weights[0])))


def _starts(taps: Kernel) -> list[list[float]]:
    """Return first guesses: the strongest frequency in three directions, around the centre of energy."""
    energy = taps**2 / (taps**2).sum()
    rows, columns = np.indices(taps.shape)
    row, column = float((rows * energy).sum()), float((columns * energy).sum())
    spectrum = np.abs(np.fft.fft2(taps - taps.mean(), (32, 32)))
    up, right = -np.fft.fftfreq(32)[:, None], np.fft.fftfreq(32)[None, :]
    frequency = np.hypot(up, right)
    spectrum[frequency < 1 / 16] = 0
    peak = np.unravel_index(spectrum.argmax(), spectrum.shape)
    wavelength = float(np.clip(1 / frequency[peak], 2.5, max(taps.shape)))
    angle = float(np.degrees(np.arctan2(up[peak[0], 0], right[0, peak[1]])))
    return [
        [wavelength, angle + turn, 0.4 * wavelength + 0.3, aspect, row, column]
        for turn, aspect in ((0.0, 0.7), (20.0, 0.7), (-20.0, 0.7))
    ]
