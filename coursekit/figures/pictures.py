"""Real images: one alone, several side by side, a search for a template, and the two operations compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import (
    BLUE,
    INK,
    ORANGE,
    LectureFigure,
    by,
    fitting,
    frame,
    grey_panel,
    picture_array,
    picture_panel,
    quiet_panel,
    signed_panel,
    size_of_panels,
    tag,
)
from coursekit.figures.grids import number_grid

Scale = Literal["grey", "signed", "each"]


def picture(
    image: Any, *, title: str = "", box: tuple[int, int, int, int] | None = None, width: float = 9.0
) -> LectureFigure:
    """Show one picture; `box` is (row, column, height, width) in orange.

    Parameters
    ----------
    image : array of shape (H, W), grey, or (3, H, W), red, green, blue; from 0 (black) to 1 (white)
    width : inches of the figure, at most

    Raises
    ------
    ShapeError
    """
    image = picture_array("image", image)
    plane = image if image.ndim == 2 else image[0]
    words = f" The orange box is at row {box[0]}, column {box[1]}." if box else ""
    kind = "A grey image" if image.ndim == 2 else "A colour image"
    figure = LectureFigure(
        f"{title or kind}, {by(plane)} pixels.{words}", *fitting(*size_of_panels(plane, width))
    )
    axis = figure.subplots()
    picture_panel(axis, image, title)
    if box:
        axis.add_patch(frame(box[0], box[1], box[2:], ORANGE))
    return figure


def pictures(
    images: Mapping[str, Any], *, alt: str, columns: int = 3, scale: Scale = "grey", width: float = 11.0
) -> LectureFigure:
    """Show several pictures, each under its name, in rows of at most `columns`.

    Parameters
    ----------
    images : name to array of shape (H, W), or (3, H, W) for colour, which is shown from 0 to 1
    alt : the sentence that says what they show
    columns : int >= 1, most pictures in a row
    scale : how numbers become shades in pictures of shape (H, W)
        "grey": black is 0, white is 1; "signed": blue is negative, white 0, orange positive, on one scale
        for all; "each": every picture from its own smallest number (black) to its largest (white)
    width : inches of the figure; it is made smaller where its height would not fit on a projector

    Raises
    ------
    ShapeError, ParameterError
    """
    if scale not in ("grey", "signed", "each"):
        raise ParameterError(f"scale must be 'grey', 'signed' or 'each'; got {scale!r}")
    if not isinstance(columns, int) or columns < 1:
        raise ParameterError(f"columns must be an integer >= 1; got {columns!r}")
    if not images:
        raise ParameterError("images must hold at least one picture; got none")
    shown = {name: picture_array(repr(name), image) for name, image in images.items()}
    across = min(columns, len(shown))
    down = -(-len(shown) // across)
    tallest = max(shown.values(), key=lambda image: image.shape[-2] / image.shape[-1])
    panel = tallest if tallest.ndim == 2 else tallest[0]
    figure = LectureFigure(alt, *fitting(*size_of_panels(panel, width, across=across, down=down)))
    axes = figure.subplots(down, across, squeeze=False).ravel()
    limit = max(float(np.abs(image).max()) for image in shown.values()) or 1.0
    for axis, (name, image) in zip(axes, shown.items(), strict=False):
        if image.ndim == 3 or scale == "grey":
            picture_panel(axis, image, name)
        elif scale == "signed":
            signed_panel(axis, image, name, limit=limit)
        else:
            axis.imshow(image, cmap="gray")
            quiet_panel(axis, name)
    for axis in axes[len(shown) :]:
        axis.set_axis_off()
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
        *size_of_panels(image, 13.0, across=2),
    )
    if cut_from is not None:
        figure.alt += f" The template was cut out at row {cut_from[0]}, column {cut_from[1]}."
    left, right = figure.subplots(1, 2)
    grey_panel(left, image, "image, and the places found")
    if cut_from is not None:
        outline = frame(*cut_from, template.shape, BLUE)
        outline.set_linestyle((0, (2, 1)))
        left.add_patch(outline)
    shade = signed_panel(right, score, title) if score.min() < 0 else right.imshow(score, cmap="Oranges")
    quiet_panel(right, title)
    figure.colorbar(shade, ax=right, shrink=0.8).ax.tick_params(labelsize=12)
    for rank, (row, column) in enumerate(found, 1):
        left.add_patch(frame(row, column, template.shape, ORANGE, width=2.5))
        tag(left, str(rank), row + template.shape[0] / 2, column - 8)
        right.plot(column, row, "o", markersize=15, fillstyle="none", color=INK, markeredgewidth=2)
        tag(right, str(rank), row - 4, column + 8)
    return figure


def both_operations(image: Any, kernel: Any, *, title: str = "kernel") -> LectureFigure:
    """Show an image, a kernel, and what cross-correlation and convolution make of them, on one scale.

    Parameters
    ----------
    image : array of shape (H, W), from 0 to 1
    kernel : array of shape (KH, KW), at most 100 numbers

    Raises
    ------
    ShapeError
        image or kernel has not two axes, or no numbers.
    """
    image, kernel = np.asarray(image, dtype=float), np.asarray(kernel, dtype=float)
    for name, array in (("image", image), ("kernel", kernel)):
        if array.ndim != 2 or not array.size:
            raise ShapeError(f"{name} must have two axes, and numbers in it; got shape {array.shape}")
    # Exercise 2 shows this figure, and it is drawn for the feedback, too, where the reference is absent.
    ends = [(size // 2, size - 1 - size // 2) for size in kernel.shape]
    windows = sliding_window_view(np.pad(image, ends), kernel.shape)
    correlated, convolved = (np.einsum("yxij,ij->yx", windows, one) for one in (kernel, np.flip(kernel)))
    differ = float(np.abs(correlated - convolved).max())
    figure = LectureFigure(
        f"The image, the {title} of {by(kernel)} numbers, the cross-correlation (kernel as it is) and the "
        f"convolution (kernel flipped). The two results differ by at most {differ:.3g}.",
        *size_of_panels(image, 11.0, across=2, down=2),
    )
    axes = figure.subplots(2, 2).ravel()
    grey_panel(axes[0], image, "image")
    number_grid(axes[1], kernel, title, color=ORANGE)
    # The far tails would make everything else grey: each result is shown between its 1st and 99th percentile.
    low, high = np.percentile([correlated, convolved], [1, 99])
    for axis, result, name in (
        (axes[2], correlated, "cross-correlation: no flip"),
        (axes[3], convolved, "convolution: kernel flipped"),
    ):
        axis.imshow(result, cmap="gray", vmin=low, vmax=high)
        quiet_panel(axis, name)
    return figure
