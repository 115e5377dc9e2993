"""What every figure of the lectures is made of: the figure with its sentence, colours, and kinds of panel.

Orange marks what is asked for (the window, the kernel), blue what comes out of it. Colour never says
alone what a shape, a pattern or a word does not say too. No function touches pyplot's global state.
"""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.errors import ShapeError
from coursekit.figures.pixels import drawn, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

BLUE, ORANGE, INK, QUIET = "#0b5fa5", "#d95f02", "#222222", "#8a8a8a"
SIGNED = LinearSegmentedColormap.from_list("signed", ["#08407a", "#5b9bd5", "#ffffff", "#f5a45d", "#b34700"])
PIXELS_PER_INCH = 80  # on the screen
# Image pixels for each screen pixel: two for sharp projectors; the grader asks for one.
PIXEL_RATIO = 1 if os.environ.get("COURSEKIT_PIXEL_RATIO") == "1" else 2
# What fits below the toolbars of a JupyterLab page of 1280x720, in inches.
MOST_WIDTH, MOST_HEIGHT = 13.0, 6.4
# Above this many cells the numbers would be too small to read from the back row.
MOST_NUMBERS = 100


class LectureFigure(Figure):
    """A figure with alternative text, shown in a notebook as an image that carries it.

    `alt` says in words what the figure shows.
    """

    def __init__(self, alt: str, width: float, height: float) -> None:
        """Make an empty figure of `width` by `height` inches."""
        super().__init__(figsize=(width, height), layout="constrained", facecolor="white")
        self.get_layout_engine().set(w_pad=0.12, h_pad=0.08)  # type: ignore[union-attr,call-arg]  # constrained
        self.alt = alt

    def to_png(self) -> bytes:
        """Return the figure as PNG, PIXEL_RATIO image pixels for each screen pixel."""
        dpi = PIXEL_RATIO * PIXELS_PER_INCH
        with drawn(self, dpi) as canvas:
            return png(canvas.pixels, dpi)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        png = base64.b64encode(self.to_png()).decode("ascii")
        width = round(self.get_figwidth() * PIXELS_PER_INCH)
        image = (
            f'<img alt="{html.escape(self.alt)}" width="{width}" style="max-width:100%;height:auto" '
            f'src="data:image/png;base64,{png}">'
        )
        return {"text/html": image, "image/png": png, "text/plain": self.alt}

    def _ipython_display_(self) -> None:
        """Show the bundle alone: IPython would also ask matplotlib's own formatter, and draw it all again."""
        from IPython.display import display

        display(self._repr_mimebundle_(), raw=True)


class Reveal:
    """Figures and sentences that stay hidden until the reader asks: for "predict first" in a lecture.

    >>> Reveal("The answer is 42.", label="Show the answer")
    Reveal('The answer is 42.')

    Parameters
    ----------
    *parts : what to hide: a LectureFigure, or a sentence as plain text
    label : the words to click on
    """

    def __init__(self, *parts: LectureFigure | str, label: str = "Show the answer") -> None:
        """Hide `parts` behind `label`."""
        self.parts, self.label = parts, label

    def __repr__(self) -> str:
        words = (part.alt if isinstance(part, LectureFigure) else part for part in self.parts)
        return f"Reveal({', '.join(map(repr, words))})"

    def _repr_html_(self) -> str:
        shown = "".join(
            part._repr_mimebundle_()["text/html"]
            if isinstance(part, LectureFigure)
            else f"<p>{html.escape(part)}</p>"
            for part in self.parts
        )
        summary = f'<summary style="cursor:pointer;padding:6px 0"><b>{html.escape(self.label)}</b></summary>'
        return f"<details>{summary}{shown}</details>"


def picture_array(name: str, image: Any) -> Any:
    """Return `image` as an array of shape (H, W) or (3, H, W); else raise ShapeError."""
    array = np.asarray(image)
    if array.ndim != 2 and (array.ndim != 3 or array.shape[0] != 3):
        raise ShapeError(f"{name} must have shape (H, W) or, in colour, (3, H, W); got {array.shape}")
    return array


def picture_panel(axis: Axes, image: Any, title: str) -> None:
    """Show `image`, (H, W) or (3, H, W), from 0 (black) to 1 (white); what lies outside is cut off."""
    if image.ndim == 3:
        image = np.moveaxis(image, 0, -1).clip(0, 1)
    grey_panel(axis, image, title)


def grey_panel(axis: Axes, image: Any, title: str) -> None:
    """Show `image` (H, W) from 0 (black) to 1 (white)."""
    axis.imshow(image, cmap="gray", vmin=0, vmax=1)
    quiet_panel(axis, title)


def signed_panel(axis: Axes, array: Any, title: str, *, limit: float | None = None) -> AxesImage:
    """Show `array` (H, W) from blue (-limit) through white (0) to orange (limit, by default its largest)."""
    limit = limit or float(np.abs(array).max()) or 1.0
    shown = axis.imshow(array, cmap=SIGNED, vmin=-limit, vmax=limit)
    quiet_panel(axis, title)
    return shown


def quiet_panel(axis: Axes, title: str) -> None:
    """Give `axis` its title, and take its ticks away."""
    axis.set_title(title, fontsize=16, color=INK)
    axis.set_xticks([])
    axis.set_yticks([])
    axis.spines[:].set_color(QUIET)


def open_axes(axis: Axes, *, size: float = 12) -> None:
    """Leave `axis` its left and its lower line, in grey, and write its numbers in `size` points."""
    axis.tick_params(labelsize=size, colors=INK)
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color(QUIET)


def chart(axis: Axes, title: str, xlabel: str) -> None:
    """Give `axis` its title, the name of what runs along it, and a quiet grid."""
    axis.set_title(title, fontsize=16, color=INK)
    axis.set_xlabel(xlabel, fontsize=14, color=INK)
    axis.grid(color=QUIET, alpha=0.3)
    open_axes(axis)


def frame(row: int, column: int, shape: Sequence[int], color: str, width: float = 3.5) -> Rectangle:
    """Return the outline of the window of `shape` (height, width) that starts at (row, column)."""
    corner = (column - 0.5, row - 0.5)
    return Rectangle(corner, shape[1], shape[0], fill=False, edgecolor=color, linewidth=width, zorder=3)


def tag(axis: Axes, text: str, row: float, column: float) -> None:
    """Write `text` in a small orange circle."""
    style = {"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": ORANGE, "linewidth": 2}
    axis.text(column, row, text, ha="center", va="center", fontsize=13, color=INK, bbox=style, zorder=4)


def fitting(width: float, height: float) -> tuple[float, float]:
    """Return the two in the same proportion, made smaller where they would not fit on a projector."""
    factor = min(1.0, MOST_WIDTH / width, MOST_HEIGHT / height)
    return width * factor, height * factor


def size_of_panels(image: Any, width: float, *, across: int = 1, down: int = 1) -> tuple[float, float]:
    """Return `width` and the height in inches that so many panels of the image's shape, with titles, need."""
    margin = 0.3 if across == 1 else 0.75  # titles and, beside another panel, a colour bar
    panel = (width / across - margin) * image.shape[0] / image.shape[1]
    return width, down * (panel + 0.55)


def by(array: Any) -> str:
    """Return the shape of `array` in words: 3×4."""
    return shape_in_words(array.shape)


def shape_in_words(shape: int | Sequence[int]) -> str:
    """Return a shape as 3×32×32; an int stands for two axes."""
    sizes = (shape, shape) if isinstance(shape, int) else tuple(shape)
    return "×".join(map(str, sizes))


def printed(value: float, digits: str = ".3g") -> str:
    """Return a number with the sign that is as long as a digit: −3."""
    return f"{value:{digits}}".replace("-", "−")
