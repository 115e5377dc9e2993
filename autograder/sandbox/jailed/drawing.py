"""JAILED SIDE: draws a notebook's figures for the feedback: each once, and only what somebody will look at.

A student's own drawing (`savefig`, `canvas.draw`) is not touched: only what a cell shows comes through here.
"""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from IPython.core.pylabtools import print_figure
from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba_array
from matplotlib.figure import Figure

from coursekit.figures.pixels import drawn, png

if TYPE_CHECKING:
    from coursekit.figures.pixels import Pixels

# Dots per inch of a figure on a feedback page, at most: matplotlib's own default, so what Jupyter shows.
FEEDBACK_DPI = 100.0
NOT_DRAWN = "[figure not drawn]"


class DrawnWhenRead(FigureCanvasAgg):
    """The canvas of a figure that was shown and not drawn: in a notebook its pixels could be read now."""

    def __getattr__(self, name: str) -> Any:
        """Draw when somebody asks for what drawing leaves behind: only then is this called."""
        if name != "renderer":
            raise AttributeError(f"'FigureCanvasAgg' object has no attribute {name!r}")
        self.draw()  # type: ignore[no-untyped-call]  # matplotlib's is untyped
        return self.renderer


DrawnWhenRead.__name__ = DrawnWhenRead.__qualname__ = FigureCanvasAgg.__name__


class Drawing:
    """How the figures that a cell shows become pictures, or not."""

    def __init__(self) -> None:
        self.wanted = True  # False: a line of text stands where a figure would
        self._last: tuple[Figure, str] | None = None

    def begin_cell(self, wanted: bool) -> None:
        """Say whether figures of the cell that begins are drawn."""
        self.wanted, self._last = wanted, None

    def is_figure(self, shown: object) -> bool:
        """Whether `shown` is one of matplotlib's figures, a lecture's included."""
        return isinstance(shown, Figure)

    def take_over(self, formatter: Any) -> None:
        """Have figures drawn here, each time: `%config InlineBackend` puts its own way in the place."""
        formatter.for_type(Figure, self.picture)

    def stand_in(self, figure: Figure) -> str:
        """Return what stands for a figure that is not drawn, with its sentence for readers."""
        if type(figure.canvas) is FigureCanvasAgg:
            figure.canvas.__class__ = DrawnWhenRead
        words = getattr(figure, "alt", "")
        return f"{NOT_DRAWN} {words}" if isinstance(words, str) and words else NOT_DRAWN

    def remember(self, figure: Figure, picture: str) -> None:
        """Keep the picture of a cell's last expression: the inline backend shows the same figure again."""
        self._last = (figure, picture)

    def picture(self, figure: Figure) -> str | None:
        """Return `figure` as PNG in base64, cut to what is on it as in a notebook; None for an empty one."""
        if not figure.axes and not figure.lines:
            return None
        if self._last is not None and self._last[0] is figure and not figure.stale:
            return self._last[1]
        dpi = min(figure.dpi, FEEDBACK_DPI)
        with drawn(figure, dpi) as canvas:
            renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]  # matplotlib's is untyped
            pixels = _cut(canvas.pixels, figure, renderer, dpi)
            content = None if pixels is None else png(pixels, dpi)
        if content is None:  # it reaches beyond the canvas, which must be made larger and drawn again
            return str(print_figure(figure, base64=True, dpi=dpi))
        return base64.b64encode(content).decode()


def _cut(pixels: Pixels, figure: Figure, renderer: Any, dpi: float) -> Pixels | None:
    """Return the part of the canvas on which there is something, with matplotlib's margin around it.

    Where the margin reaches beyond the canvas it is filled. None if something is drawn beyond the canvas.
    """
    height, width = pixels.shape[:2]
    box: Any = figure.get_tightbbox(renderer)
    if not all(map(math.isfinite, box.extents)):
        return None
    left, bottom, right, top = (edge * dpi for edge in box.extents)
    if min(left, bottom) < -1 or right > width + 1 or top > height + 1:  # a pixel off is a rounded edge
        return None
    margin = rcParams["savefig.pad_inches"] * dpi
    rows = (math.floor(height - top - margin), math.ceil(height - bottom + margin))
    columns = (math.floor(left - margin), math.ceil(right + margin))
    inside = pixels[max(0, rows[0]) : rows[1], max(0, columns[0]) : columns[1]]
    outside = (max(0, -rows[0]), max(0, rows[1] - height)), (max(0, -columns[0]), max(0, columns[1] - width))
    return _framed(inside, outside, figure)


def _framed(pixels: Pixels, sides: tuple[tuple[int, int], tuple[int, int]], figure: Figure) -> Pixels:
    (above, below), (before, after) = sides
    if not any((above, below, before, after)):
        return pixels
    height, width = pixels.shape[:2]
    ground = np.rint(255 * to_rgba_array(figure.get_facecolor())[0]).astype(np.uint8)
    larger = np.empty((height + above + below, width + before + after, 4), np.uint8)
    larger[:] = ground
    larger[above : above + height, before : before + width] = pixels
    return larger
