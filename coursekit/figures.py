"""Every plot of the lectures, one function each.

Each function returns a `LectureFigure`: a matplotlib figure that shows itself in a notebook, together
with a sentence for readers who do not see it (its `alt`). No function touches pyplot's global state.
Orange marks what is asked for (the window, the kernel), blue what comes out of it.
"""

from __future__ import annotations

import base64
import html
import io
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.errors import ParameterError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

BLUE, ORANGE, INK, QUIET = "#0b5fa5", "#d95f02", "#222222", "#8a8a8a"
SIGNED = LinearSegmentedColormap.from_list("signed", ["#08407a", "#5b9bd5", "#ffffff", "#f5a45d", "#b34700"])
PIXELS_PER_INCH = 80  # on the screen
# Image pixels for each screen pixel: two for sharp projectors; the grader asks for one.
PIXEL_RATIO = 1 if os.environ.get("COURSEKIT_PIXEL_RATIO") == "1" else 2
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
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=PIXEL_RATIO * PIXELS_PER_INCH)
        return buffer.getvalue()

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


def window_step(image: Any, kernel: Any, position: tuple[int, int]) -> LectureFigure:
    """Show one step of cross-correlation: the window, the kernel on it, and the output so far.

    Parameters
    ----------
    image : array of shape (H, W), at most 100 numbers
    kernel : array of shape (KH, KW)
    position : (row, column) of the output; the outputs up to it are filled in, the rest left blank

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.reference import correlate

    image, kernel = np.asarray(image), np.asarray(kernel)
    output = correlate(image, kernel)
    row, column = position
    if not (0 <= row < output.shape[0] and 0 <= column < output.shape[1]):
        raise ParameterError(f"position must lie in the output of shape {output.shape}; got {position!r}")
    if image.size > MOST_NUMBERS:
        raise ParameterError(f"image must have at most {MOST_NUMBERS} numbers; got {image.size}")
    window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
    sum_of_products = " + ".join(f"{x:g}×{k:g}" for x, k in zip(window.ravel(), kernel.ravel(), strict=True))
    figure = LectureFigure(
        f"The window at row {row}, column {column} of the input, multiplied by the kernel and summed: "
        f"{sum_of_products} = {output[row, column]:g}.",
        *_size_of_grids(image, kernel, output),
    )
    axes = _row_of_grids(figure, image, kernel, output)
    number_grid(axes[0], image, f"input {_by(image)}")
    axes[0].add_patch(_frame(row, column, kernel.shape, ORANGE))
    number_grid(axes[1], kernel, f"kernel {_by(kernel)}", color=ORANGE)
    done = np.arange(output.size).reshape(output.shape) <= row * output.shape[1] + column
    number_grid(axes[2], output, f"output {_by(output)}", color=BLUE, shown=done)
    axes[2].add_patch(_frame(row, column, (1, 1), BLUE))
    figure.supxlabel(f"{sum_of_products} = {output[row, column]:g}", fontsize=17, color=INK)
    return figure


def grids(arrays: Mapping[str, Any], *, alt: str) -> LectureFigure:
    """Show small arrays side by side, each a grid of numbers under its name, on one scale of colour.

    Parameters
    ----------
    arrays : name to array of shape (H, W) or (N,), at most 100 numbers each
    alt : the sentence that says what they show
    """
    shown = {name: np.atleast_2d(array) for name, array in arrays.items()}
    figure = LectureFigure(alt, *_size_of_grids(*shown.values()))
    axes = _row_of_grids(figure, *shown.values())
    limit = max(float(np.abs(array).max()) for array in shown.values()) or 1.0
    for axis, (name, array) in zip(axes, shown.items(), strict=True):
        number_grid(axis, array, name, limit=limit)
    return figure


def picture(image: Any, *, title: str = "", box: tuple[int, int, int, int] | None = None) -> LectureFigure:
    """Show a grey image from 0 (black) to 1 (white); `box` is (row, column, height, width) in orange."""
    image = np.asarray(image)
    words = f" The orange box is at row {box[0]}, column {box[1]}." if box else ""
    figure = LectureFigure(f"{title or 'A grey image'}, {_by(image)} pixels.{words}", *_size(image, 9.0))
    axis = figure.subplots()
    _grey(axis, image, title)
    if box:
        axis.add_patch(_frame(box[0], box[1], box[2:], ORANGE))
    return figure


def search(
    image: Any,
    template: Any,
    score: Any,
    *,
    title: str = "score",
    found: Sequence[tuple[int, int]] = (),
    cut_from: tuple[int, int] | None = None,
) -> LectureFigure:
    """Show where a template was looked for and how every position answered.

    Parameters
    ----------
    image : array of shape (H, W), from 0 to 1
    template : array of shape (TH, TW), from 0 to 1
    score : array of shape (H - TH + 1, W - TW + 1): entry [row, column] is for the window that starts there
    title : what the score is called
    found : positions to mark on image and score, best first; the first is numbered 1
    cut_from : where the template was cut out, drawn as a dashed blue box
    """
    image, template, score = np.asarray(image), np.asarray(template), np.asarray(score)
    places = ", ".join(f"{rank} at row {r}, column {c}" for rank, (r, c) in enumerate(found, 1))
    figure = LectureFigure(
        f"Left: the image with the places found ({places or 'none marked'}). Right: the {title} at every "
        f"position, from {score.min():.3g} to {score.max():.3g}.",
        *_size(image, 13.0, across=2),
    )
    if cut_from is not None:
        figure.alt += f" The template was cut out at row {cut_from[0]}, column {cut_from[1]}."
    left, right = figure.subplots(1, 2)
    _grey(left, image, "image, and the places found")
    if cut_from is not None:
        outline = _frame(*cut_from, template.shape, BLUE)
        outline.set_linestyle((0, (2, 1)))
        left.add_patch(outline)
    shade = _signed(right, score, title) if score.min() < 0 else right.imshow(score, cmap="Oranges")
    _quiet(right, title)
    figure.colorbar(shade, ax=right, shrink=0.8).ax.tick_params(labelsize=12)
    for rank, (row, column) in enumerate(found, 1):
        left.add_patch(_frame(row, column, template.shape, ORANGE, width=2.5))
        _tag(left, str(rank), row + template.shape[0] / 2, column - 8)
        right.plot(column, row, "o", markersize=15, fillstyle="none", color=INK, markeredgewidth=2)
        _tag(right, str(rank), row - 4, column + 8)
    return figure


def both_operations(image: Any, kernel: Any, *, title: str = "kernel") -> LectureFigure:
    """Show an image, a kernel, and what cross-correlation and convolution make of them, on one scale.

    Parameters
    ----------
    image : array of shape (H, W), from 0 to 1
    kernel : array of shape (KH, KW), at most 100 numbers
    """
    from coursekit.reference import convolve, correlate

    image, kernel = np.asarray(image, dtype=float), np.asarray(kernel, dtype=float)
    correlated, convolved = correlate(image, kernel, mode="same"), convolve(image, kernel, mode="same")
    differ = float(np.abs(correlated - convolved).max())
    figure = LectureFigure(
        f"The image, the {title} of {_by(kernel)} numbers, the cross-correlation (kernel as it is) and the "
        f"convolution (kernel flipped). The two results differ by at most {differ:.3g}.",
        *_size(image, 11.0, across=2, down=2),
    )
    axes = figure.subplots(2, 2).ravel()
    _grey(axes[0], image, "image")
    number_grid(axes[1], kernel, title, color=ORANGE)
    # The far tails would make everything else grey: each result is shown between its 1st and 99th percentile.
    low, high = np.percentile([correlated, convolved], [1, 99])
    for axis, result, name in (
        (axes[2], correlated, "cross-correlation: no flip"),
        (axes[3], convolved, "convolution: kernel flipped"),
    ):
        axis.imshow(result, cmap="gray", vmin=low, vmax=high)
        _quiet(axis, name)
    return figure


def number_grid(
    axis: Axes, array: Any, title: str, *, color: str = INK, shown: Any = None, limit: float | None = None
) -> None:
    """Draw `array` (H, W) on `axis` as cells with their numbers; `shown` (H, W) hides those that are False.

    With `limit`, cells are shaded from blue (-limit) through white (0) to orange (limit).
    """
    rows, columns = array.shape
    visible = np.ones(array.shape, dtype=bool) if shown is None else shown
    shades = array if limit else np.zeros(array.shape)
    axis.imshow(shades, cmap=SIGNED, vmin=-(limit or 1) * 1.6, vmax=(limit or 1) * 1.6)
    size = min(24.0, 110.0 / max(rows, columns))
    for row in range(rows):
        for column in range(columns):
            text = f"{array[row, column]:.3g}".replace("-", "−") if visible[row, column] else ""
            axis.text(column, row, text, ha="center", va="center", fontsize=size, color=color)
    axis.set_xticks(np.arange(columns + 1) - 0.5, [])
    axis.set_yticks(np.arange(rows + 1) - 0.5, [])
    axis.grid(color=QUIET, linewidth=1.2)
    axis.tick_params(length=0)
    axis.spines[:].set_color(QUIET)
    axis.set_title(title, fontsize=16, color=INK)


def _size_of_grids(*arrays: Any) -> tuple[float, float]:
    """Return the width and height in inches of a row of number grids whose cells all have one size."""
    cell = min(0.95, 11.0 / sum(array.shape[1] for array in arrays))
    width = sum(max(array.shape[1] * cell, 1.9) + 0.45 for array in arrays)
    return width, max(array.shape[0] for array in arrays) * cell + 1.2


def _row_of_grids(figure: LectureFigure, *arrays: Any) -> list[Axes]:
    """Return one axis for each array, as wide as its columns ask."""
    widths = [array.shape[1] for array in arrays]
    return list(figure.subplots(1, len(arrays), squeeze=False, width_ratios=widths)[0])


def _grey(axis: Axes, image: Any, title: str) -> None:
    axis.imshow(image, cmap="gray", vmin=0, vmax=1)
    _quiet(axis, title)


def _signed(axis: Axes, array: Any, title: str) -> AxesImage:
    limit = float(np.abs(array).max())
    return axis.imshow(array, cmap=SIGNED, vmin=-limit, vmax=limit)


def _quiet(axis: Axes, title: str) -> None:
    axis.set_title(title, fontsize=16, color=INK)
    axis.set_xticks([])
    axis.set_yticks([])
    axis.spines[:].set_color(QUIET)


def _frame(row: int, column: int, shape: Sequence[int], color: str, width: float = 3.5) -> Rectangle:
    """Return the outline of the window of `shape` (height, width) that starts at (row, column)."""
    corner = (column - 0.5, row - 0.5)
    return Rectangle(corner, shape[1], shape[0], fill=False, edgecolor=color, linewidth=width, zorder=3)


def _tag(axis: Axes, text: str, row: float, column: float) -> None:
    style = {"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": ORANGE, "linewidth": 2}
    axis.text(column, row, text, ha="center", va="center", fontsize=13, color=INK, bbox=style, zorder=4)


def _size(image: Any, width: float, *, across: int = 1, down: int = 1) -> tuple[float, float]:
    """Return `width` and the height in inches that so many panels of the image's shape, with titles, need."""
    margin = 0.3 if across == 1 else 0.75  # titles and, beside another panel, a colour bar
    panel = (width / across - margin) * image.shape[0] / image.shape[1]
    return width, down * (panel + 0.55)


def _by(array: Any) -> str:
    return "×".join(map(str, array.shape))
