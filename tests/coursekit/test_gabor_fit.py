"""A fit finds the Gabor filter that a kernel is, and says how far a kernel is from being one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coursekit import fit_gabor, gabor
from coursekit.errors import ParameterError, ShapeError


@pytest.mark.parametrize(("angle", "phase"), [(130, 40), (0, 90), (75, -120), (170, 10)])
def test_a_gabor_filter_is_found_again(angle: float, phase: float) -> None:
    settings = {"wavelength": 6.0, "width": 2.2, "aspect": 0.6}
    kernel = 3 * gabor((13, 12), angle=angle, phase=phase, centre=(5.5, 7.0), **settings)
    fit = fit_gabor(kernel)
    assert fit.explained == pytest.approx(1)
    assert_allclose(fit.kernel, kernel, atol=1e-5)
    assert fit.centre == pytest.approx((5.5, 7), abs=1e-4)
    assert fit.strength == pytest.approx(3, rel=1e-4)
    assert {name: getattr(fit, name) for name in settings} == pytest.approx(settings, rel=1e-4)


def test_what_is_reported_makes_the_kernel_that_is_reported() -> None:
    taps = gabor(12, wavelength=5, angle=200, phase=70) + np.random.default_rng(0).normal(0, 0.05, (12, 12))
    fit = fit_gabor(taps)
    assert 0 <= fit.angle < 180
    again = fit.strength * gabor(
        12,
        wavelength=fit.wavelength,
        angle=fit.angle,
        phase=fit.phase,
        width=fit.width,
        aspect=fit.aspect,
        centre=fit.centre,
    )
    assert_allclose(again, fit.kernel, atol=1e-9)


def test_noise_is_no_gabor_filter() -> None:
    noise = np.random.default_rng(0).normal(size=(12, 12))
    assert fit_gabor(noise).explained < 0.3
    explained = fit_gabor(gabor(12, wavelength=6, width=2.5) + 0.1 * noise).explained
    assert 0.85 < explained < 0.99


def test_what_cannot_be_fitted_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"at least 4 × 4; got \(3, 12\)"):
        fit_gabor(np.ones((3, 12)))
    with pytest.raises(ParameterError, match="not all 0"):
        fit_gabor(np.zeros((5, 5)))
    with pytest.raises(ParameterError, match="finite"):
        fit_gabor(np.full((5, 5), np.nan))
