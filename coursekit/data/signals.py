"""Signals over time: sensors on a head, and sounds with the recipes that make them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from coursekit.data.files import matplotlib_sample
from coursekit.errors import ParameterError, ShapeError

if TYPE_CHECKING:
    from coursekit.data.files import Numbers

SAMPLE_RATE = 8000
"""Samples a second of every sound here, as on a telephone."""

SEED = 1
DECIBELS = 80.0  # what a spectrogram shows below its loudest place


def eeg() -> Numbers:
    """Return ten seconds of the electric field at four places of a head (electroencephalogram).

    Returns
    -------
    array of shape (4, 800), float64: sensors PG3, PG5, PG7, PG9, then time, 80 samples a second

    Raises
    ------
    ImportError
        matplotlib is not installed.

    Notes
    -----
    Source: `eeg.dat` of matplotlib's sample data, which states no unit.
    Licence: that of matplotlib, which carries it.
    """
    samples = np.frombuffer(matplotlib_sample("eeg.dat"), np.float64).reshape(800, 4)
    return np.ascontiguousarray(samples.T)


def pluck(frequency: float = 220.0, seconds: float = 1.0) -> Numbers:
    """Return the sound of a plucked string.

    Recipe (Karplus and Strong): fill one period with random numbers, then let each next period be the mean
    of the last one and of the last one a sample earlier.

    Parameters
    ----------
    frequency : periods a second, at least 20 and at most half of `SAMPLE_RATE`
    seconds : length, > 0

    Returns
    -------
    array of shape (seconds * SAMPLE_RATE,), float64 from -1 to 1; the same in each call

    Raises
    ------
    ParameterError

    Notes
    -----
    Source: made here, after K. Karplus and A. Strong, "Digital synthesis of plucked-string and drum
    timbres", Computer Music Journal 7(2), 1983. Licence: that of this course.
    """
    if not 20 <= frequency <= SAMPLE_RATE / 2:
        raise ParameterError(f"frequency must be from 20 to {SAMPLE_RATE / 2:g}; got {frequency!r}")
    if not 0 < seconds <= 60:
        raise ParameterError(f"seconds must be > 0 and at most 60; got {seconds!r}")
    string = np.random.default_rng(SEED).uniform(-1, 1, round(SAMPLE_RATE / frequency))
    length = round(seconds * SAMPLE_RATE)
    periods = []
    for _ in range(math.ceil(length / string.size)):
        periods.append(string)
        string = (string + np.roll(string, 1)) / 2
    sound: Numbers = np.concatenate(periods)[:length]
    return sound


def melody() -> Numbers:
    """Return four plucked notes, one after the other, each half a second: A, C sharp, E, A.

    Returns
    -------
    array of shape (16000,), float64 from -1 to 1: two seconds

    Notes
    -----
    Source: made here, by `pluck` at 220, 277.2, 329.6 and 440 periods a second. Licence: that of this course.
    """
    return np.concatenate([pluck(frequency, 0.5) for frequency in (220.0, 277.2, 329.6, 440.0)])


def room() -> Numbers:
    """Return how a large room answers a single clap: the impulse response.

    Recipe: the clap itself, three echoes from near walls, then random echoes that die away by 60 decibels
    in 0.6 seconds. To hear a sound in this room, convolve it with this.

    Returns
    -------
    array of shape (4800,), float64: 0.6 seconds; sample 0 is the clap itself, 1.0

    Notes
    -----
    Source: made here; no room was measured. Licence: that of this course.
    """
    time = np.arange(round(0.6 * SAMPLE_RATE)) / SAMPLE_RATE
    response: Numbers = 0.08 * np.random.default_rng(SEED).standard_normal(time.size)
    response *= 10 ** (-60 * time / 0.6 / 20)
    response[time < 0.05] = 0
    for seconds, strength in ((0.0, 1.0), (0.021, 0.5), (0.034, -0.35), (0.047, 0.3)):
        response[round(seconds * SAMPLE_RATE)] = strength
    return response


def spectrogram(samples: Numbers, *, window: int = 256, step: int = 64) -> Numbers:
    """Return how loud each pitch of a sound is at each moment, as a picture.

    Parameters
    ----------
    samples : array of shape (N,), N >= window
    window : int >= 2, even, samples that are looked at together, weighted by a Hann window
    step : int >= 1, samples from one window to the next

    Returns
    -------
    array of shape (window // 2 + 1, (N - window) // step + 1), float64
        From 0 (80 decibels below the loudest, or less) to 1 (the loudest). Row 0 is the highest pitch,
        `SAMPLE_RATE / 2`; the last row is 0.

    Raises
    ------
    ShapeError, ParameterError

    Notes
    -----
    Source: made here, by `numpy.fft.rfft`. Licence: that of this course.
    """
    samples = np.asarray(samples, dtype=np.float64)
    if window < 2 or window % 2 or step < 1:
        raise ParameterError(f"window must be even and >= 2, step >= 1; got {window!r} and {step!r}")
    if samples.ndim != 1 or samples.size < window:
        raise ShapeError(f"samples must have shape (N,), N >= {window}; got {samples.shape}")
    pieces = np.lib.stride_tricks.sliding_window_view(samples, window)[::step]
    loudness = np.abs(np.fft.rfft(pieces * np.hanning(window), axis=1)).T[::-1]
    loudest = loudness.max() or 1.0
    quietest = 10 ** (-DECIBELS / 20)
    picture: Numbers = 1 + 20 * np.log10(np.maximum(loudness / loudest, quietest)) / DECIBELS
    return picture
