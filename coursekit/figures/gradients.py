"""Gradients in pictures: what a tap meets, what an output sends back, the way there and back, and a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, INK, MOST_NUMBERS, ORANGE, QUIET, LectureFigure, by, frame
from coursekit.figures.grids import number_grid, row_of_grids, size_of_grids

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# name of a step, what goes in, and the gradient that comes back to it
CHAIN = (
    ("correlate", "image I", "∂L/∂I"),
    ("ReLU", "responses S", "∂L/∂S"),
    ("max pooling", "detected R", "∂L/∂R"),
    ("loss", "pooled Y", "∂L/∂Y"),
)


def tap_meets(image: Any, gradient: Any, tap: tuple[int, int]) -> LectureFigure:
    """Show which pixels one tap of a kernel meets, and the gradient of this tap: their products, summed.

    Parameters
    ----------
    image : array of shape (H, W), at most 100 numbers
    gradient : array of shape (H - KH + 1, W - KW + 1): what arrives at the output of `correlate`
    tap : (row, column) in the kernel; the taps up to it are filled in, the rest left blank

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.reference import correlate

    pixels, sent = _plane("image", image), _plane("gradient", gradient)
    slopes = correlate(pixels, sent)
    row, column = _inside("tap", tap, slopes.shape, "kernel")
    met = pixels[row : row + sent.shape[0], column : column + sent.shape[1]]
    pairs = zip(met.ravel(), sent.ravel(), strict=True)
    products = " + ".join(f"{_factor(x)}×{_factor(g)}" for x, g in pairs)
    sentence = f"{products} = {slopes[row, column]:g}".replace("-", "−")
    figure = LectureFigure(
        f"The {met.size} pixels that tap ({row}, {column}) meets, each times what arrives at its window: "
        f"{sentence}.",
        *size_of_grids(pixels, sent, slopes),
    )
    left, middle, right = row_of_grids(figure, pixels, sent, slopes)
    number_grid(left, pixels, f"image I, {by(pixels)}")
    left.add_patch(frame(row, column, sent.shape, ORANGE))
    number_grid(middle, sent, f"arrives: G, {by(sent)}", color=ORANGE)
    done = np.arange(slopes.size).reshape(slopes.shape) <= row * slopes.shape[1] + column
    number_grid(right, slopes, "∂L/∂K", color=BLUE, shown=done)
    right.add_patch(frame(row, column, (1, 1), BLUE))
    figure.supxlabel(sentence, fontsize=17, color=INK)
    return figure


def sent_back(gradient: Any, kernel: Any, position: tuple[int, int]) -> LectureFigure:
    """Show how each output of `correlate` sends its gradient back: the kernel times it, where its window was.

    Parameters
    ----------
    gradient : array of shape (OH, OW), at most 100 numbers: what arrives at the output
    kernel : array of shape (KH, KW)
    position : (row, column) of the output; what those up to it sent back is added up

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.reference import convolve

    sent, taps = _plane("gradient", gradient), _plane("kernel", kernel)
    row, column = _inside("position", position, sent.shape, "gradient")
    done = np.arange(sent.size).reshape(sent.shape) <= row * sent.shape[1] + column
    back = convolve(np.where(done, sent, 0), taps, mode="full")
    number = f"{sent[row, column]:g}".replace("-", "−")
    sentence = f"{number} × kernel is added at row {row}, column {column}"
    figure = LectureFigure(
        f"{sentence}. The image's gradient so far: {back.tolist()}.", *size_of_grids(sent, taps, back)
    )
    left, middle, right = row_of_grids(figure, sent, taps, back)
    number_grid(left, sent, f"arrives: G, {by(sent)}", color=ORANGE)
    left.add_patch(frame(row, column, (1, 1), ORANGE))
    number_grid(middle, taps, f"kernel K, {by(taps)}")
    number_grid(right, back, f"∂L/∂I so far, {by(back)}", color=BLUE)
    right.add_patch(frame(row, column, taps.shape, ORANGE))
    figure.supxlabel(sentence, fontsize=17, color=INK)
    return figure


def forward_and_backward() -> LectureFigure:
    """Show the way from an image to a loss, step by step, and the gradients on the way back."""
    steps = ", ".join(name for name, _, _ in CHAIN)
    slopes = ", ".join(slope for _, _, slope in reversed(CHAIN))
    figure = LectureFigure(
        f"Forward, above: the image goes through {steps}. Backward, below, dashed: {slopes}; and from "
        "correlate, aside, the gradients of kernel and bias.",
        11.5,
        3.7,
    )
    axis = figure.subplots()
    axis.set_axis_off()
    axis.set_xlim(-0.1, 12.3)
    axis.set_ylim(-1.9, 1.6)
    for index, (name, goes_in, comes_back) in enumerate(CHAIN):
        left = 3.0 * index
        _arrow(axis, (left, 0.35), (left + 1.25, 0.35), INK)
        axis.text(left + 0.6, 0.62, goes_in, ha="center", fontsize=13, color=INK)
        _arrow(axis, (left + 1.25, -0.35), (left, -0.35), ORANGE, dashed=True)
        axis.text(left + 0.6, -0.92, comes_back, ha="center", fontsize=15, color=ORANGE)
        _step(axis, left + 1.3, name)
    _arrow(axis, (2.1, -0.75), (2.1, -1.45), ORANGE, dashed=True)
    axis.text(2.3, -1.5, "∂L/∂K,  ∂L/∂b", ha="left", fontsize=15, color=ORANGE)
    axis.text(0.0, 1.3, "forward →", fontsize=14, color=INK)
    axis.text(12.2, -1.5, "← backward", ha="right", fontsize=14, color=ORANGE)
    return figure


def loss_along_gradient(
    step_sizes: Sequence[float], losses: Sequence[float], *, taken: float
) -> LectureFigure:
    """Show the loss after one step against the gradient, for many sizes of the step.

    Parameters
    ----------
    step_sizes : growing numbers, 0 first: no step at all
    losses : the loss after each of them
    taken : the step size to mark; it is one of `step_sizes`

    Raises
    ------
    ShapeError, ParameterError
    """
    sizes, heights = np.asarray(step_sizes, dtype=float), np.asarray(losses, dtype=float)
    if sizes.ndim != 1 or sizes.shape != heights.shape or sizes.size < 2:
        raise ShapeError(
            f"step_sizes and losses must have one shape (N,), N >= 2; got {sizes.shape} and {heights.shape}"
        )
    if taken not in sizes:
        raise ParameterError(f"taken must be one of step_sizes; got {taken!r}")
    height = heights[int(np.flatnonzero(sizes == taken)[0])]
    best = sizes[heights.argmin()]
    figure = LectureFigure(
        f"The loss is {heights[0]:.3g} without a step and {height:.3g} after one of size {taken:g}; it is "
        f"smallest, {heights.min():.3g}, at {best:g}, and {heights[-1]:.3g} at {sizes[-1]:g}.",
        9.5,
        4.4,
    )
    axis = figure.subplots()
    axis.plot(sizes, heights, color=BLUE, linewidth=3)
    axis.axhline(heights[0], color=QUIET, linestyle="--", linewidth=1.5)
    axis.text(sizes[-1], heights[0], "no step", ha="right", va="bottom", fontsize=13, color=INK)
    axis.plot(taken, height, "o", color=ORANGE, markersize=13, clip_on=False, zorder=3)
    axis.annotate(
        f"taken: {taken:g}", (taken, height), (10, 12), textcoords="offset points", fontsize=14, color=ORANGE
    )
    axis.set_xlabel("size of the step", fontsize=14, color=INK)
    axis.set_ylabel("loss after it", fontsize=14, color=INK)
    axis.set_ylim(0, None)
    axis.tick_params(labelsize=12)
    axis.spines[["top", "right"]].set_visible(False)
    return figure


def _plane(name: str, array: Any) -> Any:
    plane = np.asarray(array)
    if plane.ndim != 2:
        raise ShapeError(f"{name} must have shape (H, W); got {plane.shape}")
    if plane.size > MOST_NUMBERS:
        raise ParameterError(f"{name} must have at most {MOST_NUMBERS} numbers; got {plane.size}")
    return plane


def _inside(name: str, place: tuple[int, int], shape: Sequence[int], what: str) -> tuple[int, int]:
    row, column = place
    if not (0 <= row < shape[0] and 0 <= column < shape[1]):
        raise ParameterError(f"{name} must lie in the {what} of shape {tuple(shape)}; got {place!r}")
    return row, column


def _factor(number: float) -> str:
    return f"({number:g})" if number < 0 else f"{number:g}"


def _arrow(
    axis: Axes, start: tuple[float, float], end: tuple[float, float], color: str, *, dashed: bool = False
) -> None:
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 2.5, "linestyle": "--" if dashed else "-"}
    axis.annotate("", end, start, arrowprops=style)


def _step(axis: Axes, left: float, name: str) -> None:
    from matplotlib.patches import Rectangle

    axis.add_patch(Rectangle((left, -0.7), 1.65, 1.4, facecolor="#eef3f9", edgecolor=INK, linewidth=1.5))
    axis.text(left + 0.825, 0, name.replace(" ", "\n"), ha="center", va="center", fontsize=15, color=INK)
