"""Gabor filters are a bell times stripes, turn as they say, and come in pairs whose energy has no phase."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coursekit import gabor, grating
from coursekit.errors import ParameterError


def by_definition(shape: tuple[int, int], wavelength: float, angle: float, phase: float, width: float) -> Any:
    """One pixel at a time, x to the right and y up from the centre."""
    out = np.zeros(shape)
    for row in range(shape[0]):
        for column in range(shape[1]):
            x, y, t = column - (shape[1] - 1) / 2, (shape[0] - 1) / 2 - row, math.radians(angle)
            across, along = x * math.cos(t) + y * math.sin(t), y * math.cos(t) - x * math.sin(t)
            bell = math.exp(-(across**2 + 0.25 * along**2) / (2 * width**2))
            out[row, column] = bell * math.cos(2 * math.pi * across / wavelength + math.radians(phase))
    return out


@pytest.mark.parametrize("angle", [0, 30, 90, 135])
@pytest.mark.parametrize("phase", [0, 90, -40])
def test_a_gabor_filter_is_its_formula(angle: float, phase: float) -> None:
    expected = by_definition((7, 10), 5.5, angle, phase, 2.2)
    found = gabor((7, 10), wavelength=5.5, angle=angle, phase=phase, width=2.2, aspect=0.5)
    assert_allclose(found, expected, atol=1e-14)


def test_an_even_filter_is_1_in_its_centre_and_an_odd_one_changes_its_sign_when_turned() -> None:
    even, odd = (gabor(9, wavelength=6, phase=phase) for phase in (0, 90))
    assert even[4, 4] == 1
    assert_allclose(even, even[::-1, ::-1])
    assert_allclose(odd, -odd[::-1, ::-1], atol=1e-15)


def test_angle_0_gives_vertical_stripes_and_45_stripes_that_fall_to_the_right() -> None:
    upright = grating((6, 8), wavelength=4)
    assert_allclose(upright, np.broadcast_to(upright[0], (6, 8)))
    falling = grating(9, wavelength=4, angle=45)
    assert_allclose(falling[1:, 1:], falling[:-1, :-1], atol=1e-12)


def test_the_bell_can_stand_anywhere() -> None:
    moved = gabor((9, 9), wavelength=5, centre=(2, 6))
    assert moved[2, 6] == 1
    assert_allclose(moved[0:5, 4:9], gabor(5, wavelength=5))


@pytest.mark.parametrize("phase", range(0, 360, 30))
def test_the_energy_of_a_pair_hardly_depends_on_the_phase_of_a_grating(phase: float) -> None:
    even, odd = (gabor(31, wavelength=8, phase=turn, width=4) for turn in (0, 90))
    stripes = grating(31, wavelength=8, phase=phase) - 0.5
    assert_allclose((stripes * even).sum() ** 2 + (stripes * odd).sum() ** 2, 633, rtol=0.01)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"wavelength": 0}, r"wavelength must be a number > 0; got 0"),
        ({"wavelength": 4, "width": -1}, r"width must be a number > 0; got -1"),
        ({"wavelength": 4, "aspect": 0}, r"aspect must be a number > 0; got 0"),
        ({"wavelength": 4, "angle": "up"}, r"angle must be a real number; got 'up'"),
        ({"wavelength": math.nan}, r"wavelength must be a real number; got nan"),
        ({"wavelength": 4, "centre": (1, 2, 3)}, r"centre must be \(row, column\); got \(1, 2, 3\)"),
    ],
)
def test_wrong_settings_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        gabor(5, **settings)


def test_wrong_sizes_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"size must be an integer >= 1; got 0"):
        gabor(0, wavelength=4)
    with pytest.raises(ParameterError, match=r"shape\[1\] must be an integer >= 1; got 2.5"):
        grating((3, 2.5), wavelength=4)  # type: ignore[arg-type]
