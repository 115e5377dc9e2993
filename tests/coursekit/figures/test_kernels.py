"""The maps of how often a GPU kernel read each pixel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread

from coursekit import emulator, figures
from coursekit.errors import ParameterError, ShapeError

SUMS_OF_THREE = """
extern "C" __global__ void sums(const float *image, float *out, int width)
{
    int row = blockIdx.x, column = threadIdx.x;
    float sum = 0;
    for (int n = 0; n < 3; n++) sum += image[row * width + column + n];
    out[row * (width - 2) + column] = sum;
}
"""
ONCE, OFTEN = np.full((6, 8), 1), np.pad(np.full((4, 6), 9), 1, constant_values=3)


def numbers_in(figure: figures.LectureFigure, panel: int) -> dict[tuple[float, float], str]:
    """Return the numbers written on a panel, by (row, column)."""
    return {
        (text.get_position()[1], text.get_position()[0]): text.get_text() for text in figure.axes[panel].texts
    }


def test_what_the_emulator_counts_is_what_is_shown() -> None:
    image, out = np.ones((4, 8), np.float32), np.zeros((4, 6), np.float32)
    counts = emulator.run_kernel(SUMS_OF_THREE, [image, out, 8], grid=4, block=6)
    figure = figures.reads({"alone": counts.arrays["image"].times_read})
    assert figure.axes[0].images[0].get_array().tolist() == [[1, 2, 3, 3, 3, 3, 2, 1]] * 4
    assert figure.axes[0].get_title() == "alone: 2.25 on average"
    assert figure.alt == ("How often each of 4×8 pixels was read. alone: from 1 to 3 times, on average 2.25.")


def test_all_maps_are_on_one_scale_from_never_to_the_most() -> None:
    figure = figures.reads({"once": ONCE, "often": OFTEN})
    once, often = (figure.axes[panel].images[0] for panel in (0, 1))
    shades = [tuple(shown.cmap(shown.norm(times))) for shown in (once, often) for times in range(10)]
    assert shades[:10] == shades[10:]
    assert len(set(shades)) == 10
    assert shades[0] == pytest.approx((1, 1, 1, 1), abs=0.02)
    assert [round(tick) for tick in figure.axes[2].get_yticks()] == list(range(10))
    assert "once: each 1 times, on average 1; often: from 3 to 9 times, on average 6." in figure.alt


def test_a_number_stands_where_it_has_room() -> None:
    figure = figures.reads({"once": np.full((3, 3), 1), "often": OFTEN})
    assert numbers_in(figure, 0) == {(1, 1): "1"}
    assert numbers_in(figure, 1) == {(2.5, 3.5): "9"}  # the rim of 3 is a pixel wide: too thin


@pytest.mark.parametrize("most", [0, 1, 40])
def test_a_map_may_be_even_or_steep(most: int, tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    path.write_bytes(figures.reads({"steep": np.arange(24).reshape(4, 6) * most // 23}).to_png())
    inked = (imread(path)[..., :3] < 0.98).any(axis=2)
    assert np.ptp(np.flatnonzero(inked.any(axis=0))) > 0.8 * inked.shape[1]


@pytest.mark.parametrize(
    ("maps", "error", "message"),
    [
        ({}, ParameterError, "times_read must hold at least one map; got none"),
        ({"a": [1, 2]}, ShapeError, r"'a' must have shape \(H, W\), a count for each pixel; got \(2,\)"),
        ({"a": np.zeros((0, 3), int)}, ShapeError, r"got \(0, 3\)"),
        ({"a": [[0.5]]}, ParameterError, r"'a' must hold whole numbers >= 0; got float64, from 0\.5"),
        ({"a": [[-1, 2]]}, ParameterError, "got int64, from -1"),
        ({"a": None}, ShapeError, r"'a' must have shape .*; got \(\)"),  # counted without details
    ],
)
def test_what_is_no_map_is_refused(maps: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        figures.reads(maps)
