"""Figures show what they are given, carry words for it, and render without a warning."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread
from matplotlib.patches import Rectangle

from coursekit import convolve, correlate, data, figures
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import LectureFigure, Reveal

IMAGE, KERNEL = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
PAGE = data.page()
WORD = PAGE[68:80, 133:188]
SHARED = ["BLUE", "INK", "ORANGE", "QUIET", "LectureFigure", "Reveal", "number_grid", "pictures", "signals"]


def search_figure() -> LectureFigure:
    score = correlate(PAGE, WORD - WORD.mean())
    return figures.search(PAGE, WORD, score, found=[(50, 167), (68, 133)], cut_from=(68, 133))


EVERY_FIGURE: dict[str, Callable[[], LectureFigure]] = {
    "window_step": lambda: figures.window_step(IMAGE, KERNEL, (1, 0)),
    "grids": lambda: figures.grids({"a": IMAGE, "b": [1, -2]}, alt="two arrays"),
    "picture": lambda: figures.picture(PAGE, box=(68, 133, 12, 55)),
    "search": search_figure,
    "both_operations": lambda: figures.both_operations(PAGE, [[-1, 0], [0, 2]]),
}


def test_every_topic_is_listed_as_it_is() -> None:
    """Each public name loads, is its file's own, and no file shadows it."""
    listed = {name: topic for topic, names in figures.TOPICS.items() for name in names}
    for name, topic in listed.items():
        assert getattr(figures, name).__module__ == f"coursekit.figures.{topic}", name
    assert not set(listed) & set(figures.TOPICS)
    assert set(figures.__all__) - set(listed) == {*EVERY_FIGURE, *SHARED}
    with pytest.raises(AttributeError, match=r"module 'coursekit\.figures' has no attribute 'plot'"):
        figures.plot  # noqa: B018  # reading it is the test


def numbers_in(figure: LectureFigure, panel: int) -> list[str]:
    return [text.get_text() for text in figure.axes[panel].texts]


def frames_in(figure: LectureFigure, panel: int) -> list[tuple[float, float, float, float]]:
    """Return (row, column, height, width) of each outlined window."""
    boxes = [patch for patch in figure.axes[panel].patches if isinstance(patch, Rectangle)]
    return [(b.get_y() + 0.5, b.get_x() + 0.5, b.get_height(), b.get_width()) for b in boxes]


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_a_notebook_shows_every_figure_as_an_image_with_words(name: str) -> None:
    figure = EVERY_FIGURE[name]()
    bundle = figure._repr_mimebundle_()
    assert len(figure.alt) >= 10
    assert re.match(r'<img alt="[^"<>]+" width="\d+" ', bundle["text/html"])
    assert bundle["text/plain"] == figure.alt
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_every_figure_uses_its_canvas(name: str, tmp_path: Any) -> None:
    path = tmp_path / "figure.png"
    path.write_bytes(EVERY_FIGURE[name]().to_png())
    pixels = imread(path)[..., :3]
    inked = (pixels < 0.98).any(axis=2)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    assert np.ptp(rows) > 0.6 * pixels.shape[0]
    assert np.ptp(columns) > 0.8 * pixels.shape[1]


def test_a_window_step_shows_window_products_and_the_outputs_so_far() -> None:
    figure = figures.window_step(IMAGE, KERNEL, (1, 0))
    assert numbers_in(figure, 0) == [str(number) for number in range(9)]
    assert numbers_in(figure, 2) == ["19", "25", "37", ""]
    assert frames_in(figure, 0) == [(1, 0, 2, 2)]
    assert frames_in(figure, 2) == [(1, 0, 1, 1)]
    assert "3×0 + 4×1 + 6×2 + 7×3 = 37" in figure.alt


def test_a_window_step_outside_the_output_is_refused() -> None:
    with pytest.raises(
        ParameterError, match=r"position must lie in the output of shape \(2, 2\); got \(2, 0\)"
    ):
        figures.window_step(IMAGE, KERNEL, (2, 0))
    with pytest.raises(ParameterError, match="image must have at most 100 numbers; got 110"):
        figures.window_step(np.ones((11, 10)), KERNEL, (0, 0))
    with pytest.raises(ShapeError):
        figures.window_step(IMAGE, np.ones((4, 4)), (0, 0))


def test_a_search_marks_the_places_on_image_and_score_in_order() -> None:
    figure = search_figure()
    assert frames_in(figure, 0) == [(68, 133, 12, 55), (50, 167, 12, 55), (68, 133, 12, 55)]
    assert numbers_in(figure, 0) == ["1", "2"]
    circles = [(line.get_ydata()[0], line.get_xdata()[0]) for line in figure.axes[1].lines]
    assert circles == [(50, 167), (68, 133)]
    assert "1 at row 50, column 167, 2 at row 68, column 133" in figure.alt


@pytest.mark.parametrize("kernel", [[[-1, 0], [0, 2]], [[1, 2, 3]], np.arange(20.0).reshape(4, 5)])
def test_both_operations_shows_each_result_on_the_same_scale(kernel: Any) -> None:
    figure = figures.both_operations(PAGE, kernel)
    first, second = (figure.axes[panel].images[0] for panel in (2, 3))
    np.testing.assert_allclose(first.get_array(), correlate(PAGE, kernel, mode="same"))
    np.testing.assert_allclose(second.get_array(), convolve(PAGE, kernel, mode="same"))
    assert first.get_clim() == second.get_clim()


@pytest.mark.parametrize(
    ("image", "kernel", "said"),
    [
        (PAGE, [1, 2, 3], r"kernel must have two axes, and numbers in it; got shape \(3,\)"),
        (PAGE, [[]], r"kernel must have two axes, and numbers in it; got shape \(1, 0\)"),
        (PAGE[None], [[1]], r"image must have two axes, and numbers in it; got shape \(1, "),
    ],
)
def test_both_operations_refuses_what_is_no_image_or_no_kernel(image: Any, kernel: Any, said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        figures.both_operations(image, kernel)


def test_a_reveal_hides_its_parts_until_it_is_opened() -> None:
    figure = figures.picture(PAGE, title="a page")
    reveal = Reveal("1 < 2", figure, label="Show <it>")
    page = reveal._repr_html_()
    assert page.startswith("<details><summary")
    assert "Show &lt;it&gt;" in page
    assert "<p>1 &lt; 2</p>" in page
    assert f'alt="{figure.alt}"' in page
    assert repr(reveal) == f"Reveal('1 < 2', {figure.alt!r})"
