"""Gabor filters, the usual model of simple cells, and gratings, the stripes they are tested with."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, isfinite, pi, radians, sin
from numbers import Real
from typing import Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.shapes import per_axis

Kernel = np.ndarray[Any, np.dtype[np.float64]]


def gabor(
    size: int | Sequence[int],
    *,
    wavelength: float,
    angle: float = 0.0,
    phase: float = 0.0,
    width: float | None = None,
    aspect: float = 1.0,
    centre: Sequence[float] | None = None,
) -> Kernel:
    """Return stripes that fade out from the centre: a cosine wave under a bell.

    g = exp(-(a^2 + (aspect * b)^2) / (2 width^2)) * cos(2 pi a / wavelength + phase)

    where, with x pixels to the right and y pixels **up** from the centre and t the angle,
    a = x cos(t) + y sin(t) runs across the stripes and b = y cos(t) - x sin(t) along them.

    Parameters
    ----------
    size : int >= 1 for a square kernel, or (rows, columns), in pixels
    wavelength : from one bright stripe to the next, in pixels, > 0
    angle : the direction across the stripes, in degrees, anticlockwise from "to the right":
        0 gives vertical stripes, 90 horizontal ones
    phase : in degrees: 0 has a bright stripe in the centre (even), 90 an edge there (odd)
    width : standard deviation of the bell across the stripes, in pixels, > 0; by default half a wavelength
    aspect : the bell is 1 / aspect times as long along the stripes; below 1 the stripes are longer, > 0
    centre : (row, column) of the bell's centre, in pixels; by default the middle of the kernel

    Returns
    -------
    array of shape (rows, columns), float64, from -1 to 1

    Raises
    ------
    ParameterError

    Notes
    -----
    The kernel is meant for `correlate`, which does not flip it. Turned by 180 degrees it has the phase
    -phase. An even Gabor filter has a small mean other than 0, so it answers to plain grey as well;
    subtract the mean where that matters.
    Source: Daugman, Journal of the Optical Society of America A 2 (1985); fitted to cells of the cat by
    Jones and Palmer, Journal of Neurophysiology 58 (1987).
    """
    rows, columns = per_axis("size", size, 2, least=1)
    length = _positive("wavelength", wavelength)
    bell = _positive("width", length / 2 if width is None else width)
    narrow = _positive("aspect", aspect)
    middle = ((rows - 1) / 2, (columns - 1) / 2) if centre is None else tuple(centre)
    if len(middle) != 2:
        raise ParameterError(f"centre must be (row, column); got {centre!r}")
    row, column = (_real(f"centre[{axis}]", value) for axis, value in enumerate(middle))
    across, along = _turned((rows, columns), (row, column), _real("angle", angle))
    wave: Kernel = np.cos(2 * pi * across / length + radians(_real("phase", phase)))
    return np.exp(-(across**2 + (narrow * along) ** 2) / (2 * bell**2)) * wave


def grating(
    shape: int | Sequence[int], *, wavelength: float, angle: float = 0.0, phase: float = 0.0
) -> Kernel:
    """Return stripes over the whole image: 0.5 + 0.5 * cos(2 pi a / wavelength + phase), a as in `gabor`.

    Parameters
    ----------
    shape : int >= 1, or (H, W), in pixels
    wavelength, angle, phase : as in `gabor`, counted from the middle of the image

    Returns
    -------
    array of shape (H, W), float64, from 0 (black) to 1 (white)

    Raises
    ------
    ParameterError
    """
    height, width = per_axis("shape", shape, 2, least=1)
    length, turn = _positive("wavelength", wavelength), radians(_real("phase", phase))
    across, _ = _turned((height, width), ((height - 1) / 2, (width - 1) / 2), _real("angle", angle))
    stripes: Kernel = 0.5 + 0.5 * np.cos(2 * pi * across / length + turn)
    return stripes


def _turned(shape: tuple[int, int], centre: tuple[float, float], angle: float) -> tuple[Kernel, Kernel]:
    """Return how far each pixel lies across and along the stripes, in pixels."""
    rows, columns = np.indices(shape)
    up, right, turn = centre[0] - rows, columns - centre[1], radians(angle)
    return right * cos(turn) + up * sin(turn), up * cos(turn) - right * sin(turn)


def _real(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value):
        raise ParameterError(f"{name} must be a real number; got {value!r}")
    return float(value)


def _positive(name: str, value: object) -> float:
    number = _real(name, value)
    if number <= 0:
        raise ParameterError(f"{name} must be a number > 0; got {value!r}")
    return number
