"""The figures of lecture 1 show the weights and connections that they are given, and count them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit import correlate, figures
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import INK, ORANGE, LectureFigure

IMAGE = np.arange(24).reshape(4, 6) / 23


def frames_in(figure: LectureFigure, panel: int) -> list[tuple[float, float]]:
    """Return (row, column) of each framed pixel."""
    boxes = [patch for patch in figure.axes[panel].patches if isinstance(patch, Rectangle)]
    return [(box.get_y() + 0.5, box.get_x() + 0.5) for box in boxes]


def dense_weights(kernel: Any, size: int) -> Any:
    """Return the weights (size, size, size, size) of one kernel for every place, NaN where none is."""
    reach = len(kernel) // 2
    weights = np.full((size,) * 4, np.nan)
    for i, j, k, m in np.ndindex(weights.shape):
        if max(abs(k - i), abs(m - j)) <= reach:
            weights[i, j, k, m] = kernel[k - i + reach, m - j + reach]
    return weights


def test_flattening_marks_the_same_three_pixels_in_image_and_row() -> None:
    figure = figures.flattening(IMAGE, pixel=(1, 2))
    assert frames_in(figure, 0) == [(1, 2), (1, 3), (2, 2)]
    assert frames_in(figure, 1) == [(0, 8), (0, 9), (0, 14)]
    assert "places 8, 9 and 14" in figure.alt
    assert "C is 6 places away" in figure.alt
    np.testing.assert_array_equal(figure.axes[1].images[0].get_array(), IMAGE.reshape(1, -1))


@pytest.mark.parametrize("pixel", [(3, 2), (1, 5), (-1, 0), (4, 0)])
def test_flattening_refuses_a_pixel_without_two_neighbours(pixel: tuple[int, int]) -> None:
    with pytest.raises(ParameterError, match=r"pixel must have a right and a lower neighbour in \(4, 6\)"):
        figures.flattening(IMAGE, pixel)


def test_flattening_refuses_what_is_no_small_image() -> None:
    for image in (np.zeros((11, 10)), np.zeros(5), np.zeros((0, 3))):
        with pytest.raises(ShapeError, match=r"image must have shape \(H, W\) and at most 100 pixels"):
            figures.flattening(image, (0, 0))


def test_a_mosaic_counts_connections_and_different_weights() -> None:
    kernel = np.arange(1, 10).reshape(3, 3)
    figure = figures.weight_mosaic({"kernel": dense_weights(kernel, 4)}, alt="Tiles.")
    assert figure.alt == "Tiles. kernel: 100 connections, 9 different weights."  # (2 + 3 + 3 + 2) squared
    assert figure.axes[0].get_title() == "kernel\n100 connections\n9 different weights"


def test_a_mosaic_has_a_tile_for_each_output_and_the_weights_of_its_inputs_in_it() -> None:
    kernel = np.arange(1.0, 10.0).reshape(3, 3)
    weights = dense_weights(kernel, 4)
    shown = figures.weight_mosaic({"kernel": weights}, alt="Tiles.").axes[0].images[0].get_array()
    assert shown.shape == (16, 16)
    for i, j in np.ndindex(4, 4):
        tile = shown[4 * i : 4 * i + 4, 4 * j : 4 * j + 4]
        np.testing.assert_array_equal(tile.mask, np.isnan(weights[i, j]))
        np.testing.assert_array_equal(tile.filled(0), np.nan_to_num(weights[i, j]))
    pixels = np.random.default_rng(0).integers(-9, 10, (4, 4))
    by_tiles = np.einsum("ikjl,kl->ij", shown.filled(0).reshape(4, 4, 4, 4), pixels)
    np.testing.assert_array_equal(by_tiles, correlate(pixels, kernel, padding=1))


def test_a_mosaic_refuses_what_has_no_four_axes() -> None:
    with pytest.raises(ShapeError, match=r"'flat' must have shape \(OH, OW, h, w\); got \(64, 64\)"):
        figures.weight_mosaic({"flat": np.zeros((64, 64))}, alt="Tiles.")
    with pytest.raises(ParameterError, match="weights must hold at least one layer"):
        figures.weight_mosaic({}, alt="Tiles.")


@pytest.mark.parametrize(
    ("kind", "edges", "weights"), [("dense", 25, 25), ("local", 13, 13), ("shared", 13, 3)]
)
def test_connections_are_drawn_and_counted(kind: Any, edges: int, weights: int) -> None:
    figure = figures.connections(5, 3, kinds=[kind])
    assert len(figure.axes[0].lines) == edges
    assert f"{edges} connections, {weights} weights" in figure.alt
    assert f"{edges} connections, {weights} weights" in figure.axes[0].get_title()


def test_edges_of_one_weight_look_alike_and_the_middle_one_is_black() -> None:
    looks: dict[int, set[Any]] = {}
    for line in figures.connections(5, 3, kinds=["shared"]).axes[0].lines:
        source, target = map(int, line.get_xdata())
        looks.setdefault(source - target, set()).add((line.get_color(), line.get_linestyle()))
    assert {tap: len(found) for tap, found in looks.items()} == {-1: 1, 0: 1, 1: 1}
    assert looks[0] == {(INK, "-")}
    assert len(set.union(*looks.values())) == 3

    black = [
        line for line in figures.connections(5, 3, kinds=["dense"]).axes[0].lines if line.get_color() == INK
    ]
    assert len(black) == 1


def test_a_marked_output_shows_the_inputs_that_it_reads() -> None:
    figure = figures.connections(6, 3, kinds=["local"], unit=0)
    read = [tuple(line.get_xdata()) for line in figure.axes[0].lines if line.get_color() == ORANGE]
    assert sorted(read) == [(0, 0), (1, 0)]  # the border: only two
    assert "Output h0 is marked" in figure.alt


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"inputs": 13, "kernel_size": 3}, "inputs must be an integer from 1 to 12; got 13"),
        ({"inputs": 5, "kernel_size": 2}, "kernel_size must be an odd integer from 1 to 5; got 2"),
        ({"inputs": 2, "kernel_size": 3}, "kernel_size must be an odd integer from 1 to 2; got 3"),
        ({"inputs": 5, "kernel_size": 3, "kinds": ["tiled"]}, "kinds must be some of dense, local, shared"),
        ({"inputs": 5, "kernel_size": 3, "unit": 5}, "unit must be an integer from 0 to 4; got 5"),
    ],
)
def test_connections_that_cannot_be_drawn_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        figures.connections(**arguments)


def test_bars_have_their_numbers_and_the_last_one_stands_out() -> None:
    figure = figures.log_bars({"dense\nlayer": 4096, "kernel": 9}, alt="Weights.")
    axis = figure.axes[0]
    assert figure.alt == "Weights. dense layer: 4,096, kernel: 9."
    assert [text.get_text() for text in axis.texts] == ["4,096", "9"]
    assert [bar.get_facecolor() for bar in axis.patches] != [axis.patches[0].get_facecolor()] * 2
    ends = [bar.get_x() + bar.get_width() for bar in axis.patches]
    assert ends == pytest.approx([4096.2, 9.2])
    assert axis.get_xscale() == "log"


@pytest.mark.parametrize("counts", [{}, {"none": 0}])
def test_bars_of_nothing_are_refused(counts: dict[str, int]) -> None:
    with pytest.raises(ParameterError, match="counts must be integers >= 1"):
        figures.log_bars(counts, alt="Weights.")
