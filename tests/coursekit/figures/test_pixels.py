"""A figure as pixels: drawn with less work than matplotlib takes, and yet the same to the last pixel."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator
from PIL import Image

from coursekit.figures.pixels import drawn, png
from coursekit.figures.ticks import BOXES, TICKS

DPI = 80
IMAGE = np.arange(12).reshape(3, 4)


def two_scales() -> Figure:
    figure = Figure()
    axes = figure.subplots()
    axes.plot([1, 30, 20], label="a line")
    axes.set(title="title", xlabel="time", ylabel="height")
    axes.legend()
    axes.twinx().plot([1e6, 3e6 + 1, 2e6], "r")
    axes.inset_axes((0.5, 0.1, 0.4, 0.3)).plot([5, 9])
    return figure


def laid_out_while_it_is_drawn() -> Figure:
    figure = Figure(layout="constrained")
    left, right = figure.subplots(1, 2)
    left.loglog([1, 10, 1e5], [1e-3, 1, 5])
    left.grid(which="both")
    figure.colorbar(right.imshow(IMAGE), ax=right, label="metres")
    right.set_title("two\nlines")
    return figure


def shared_and_aligned() -> Figure:
    figure = Figure(layout="tight")
    above, below = figure.subplots(2, 1, sharex=True)
    above.plot([1, 1e5], [-2, 5])
    below.bar([10, 1000], [1, 2])
    above.set_ylabel("u")
    below.set_ylabel("v")
    below.spines["left"].set_position("zero")
    figure.align_labels()
    return figure


def round_and_deep() -> Figure:
    figure = Figure()
    figure.add_subplot(121, projection="polar").plot([0, 1, 2], [1, 2, 3])
    figure.add_subplot(122, projection="3d").plot([0, 1, 2], [1, 2, 3], [1, 5, 2])
    return figure


@pytest.mark.parametrize("make", [two_scales, laid_out_while_it_is_drawn, shared_and_aligned, round_and_deep])
def test_a_figure_and_its_extent_are_those_of_matplotlib(make: Callable[[], Figure]) -> None:
    figure, stock = make(), make()
    stock.dpi = DPI
    canvas: Any = FigureCanvasAgg(stock)
    canvas.draw()
    with drawn(figure, DPI) as once:
        np.testing.assert_array_equal(once.pixels, canvas.buffer_rgba())
        renderer: Any = once.renderer
        ours, theirs = figure.get_tightbbox(renderer), stock.get_tightbbox(canvas.renderer)
        np.testing.assert_array_equal(ours.extents, theirs.extents)


class Counted(FixedLocator):
    """Ticks that know how often they were asked for."""

    count = 0

    def __call__(self) -> Any:
        self.count += 1
        return super().__call__()  # type: ignore[no-untyped-call]  # matplotlib's is untyped


def test_the_ticks_of_an_axis_are_worked_out_once() -> None:
    figure = Figure()
    axes = figure.subplots()
    axes.plot([1, 2, 3])
    axes.set(title="title", xlabel="a label")
    locator = Counted([0, 1, 2])
    axes.xaxis.set_major_locator(locator)
    with drawn(figure, DPI) as canvas:
        figure.get_tightbbox(canvas.renderer)
    assert locator.count == 1


def test_ticks_follow_limits_that_change_while_it_is_drawn() -> None:
    figure = Figure(dpi=DPI)
    axes = figure.subplots()
    axes.plot([1, 2, 3])

    def extents() -> Any:
        box: Any = axes.xaxis.get_tightbbox(canvas.renderer)
        return box.extents

    with drawn(figure, DPI) as canvas:
        first = extents()
        axes.set_xlim(0, 1e-9)
        second = extents()
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(second, extents())  # matplotlib's own, once more


class Broken(Artist):
    """What cannot be drawn."""

    def draw(self, renderer: object) -> None:
        raise ValueError("cannot be drawn")


@pytest.mark.parametrize("broken", [False, True])
def test_nothing_is_left_on_a_figure_by_drawing_it(broken: bool) -> None:
    figure = Figure()
    axes, canvas, during = figure.subplots(), figure.canvas, set()
    if broken:
        axes.add_artist(Broken())
    axes.draw = lambda renderer: (during.update(vars(axes.xaxis)), type(axes).draw(axes, renderer))
    with pytest.raises(ValueError, match="drawn") if broken else nullcontext(), drawn(figure, DPI):
        pass
    assert {TICKS, BOXES} <= during
    assert not {TICKS, BOXES} & set(vars(axes.xaxis))
    assert figure.canvas is canvas


@pytest.mark.parametrize(
    ("mode", "values"),
    [
        ("L", np.repeat(np.arange(60, dtype=np.uint8).reshape(4, 15, 1), 3, axis=2)),
        ("RGB", np.arange(180, dtype=np.uint8).reshape(4, 15, 3)),
        ("RGBA", np.arange(180, dtype=np.uint8).reshape(4, 15, 3)),
    ],
)
def test_a_picture_read_back_is_the_one_that_was_written(mode: str, values: Any) -> None:
    pixels = np.full((4, 15, 4), 255, np.uint8)
    pixels[..., :3] = values
    pixels[1, 2, 3] = 7 if mode == "RGBA" else 255
    read = Image.open(io.BytesIO(png(pixels[:, 1:], DPI)))
    assert read.mode == mode
    assert read.info["dpi"] == pytest.approx((DPI, DPI), abs=0.02)
    np.testing.assert_array_equal(np.asarray(read.convert("RGBA")), pixels[:, 1:])
