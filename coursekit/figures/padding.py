"""The border: how often pixels are used, what layers leave of an image, and what is put around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Rectangle

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    LectureFigure,
    frame,
    grey_panel,
    picture_panel,
    quiet_panel,
)
from coursekit.figures.grids import number_grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MODES = ("constant", "reflect", "edge", "wrap")
MOST_CELLS = 16
Case = tuple[int, int, Any]


def pixel_uses(image: Any, kernel_shape: tuple[int, int], *, corner: int = 6) -> LectureFigure:
    """Show how many windows use each pixel of an image, without padding and with stride 1.

    Parameters
    ----------
    image : array of shape (H, W), from 0 to 1
    kernel_shape : (h, w) of the window
    corner : int from 1 to 10, rows and columns of the top-left corner whose counts are printed

    Raises
    ------
    ShapeError, ParameterError
    """
    image = np.asarray(image)
    if image.ndim != 2:
        raise ShapeError(f"image must be (H, W); got shape {image.shape}")
    if not 1 <= corner <= 10:
        raise ParameterError(f"corner must be from 1 to 10; got {corner!r}")
    counts = use_counts(image.shape, kernel_shape)
    by = f"{kernel_shape[0]}×{kernel_shape[1]}"
    figure = LectureFigure(
        f"An image of {image.shape[0]}×{image.shape[1]} pixels, and in how many windows of {by} each pixel "
        f"lies: {counts[0, 0]} at the corner, {counts.max()} in the middle.",
        11.0,
        11.0 / 3 * image.shape[0] / image.shape[1] + 1.3,
    )
    left, middle, right = figure.subplots(1, 3)
    grey_panel(left, image, "image")
    for panel in (left, middle):
        panel.add_patch(frame(0, 0, (corner, corner), ORANGE))
    shades = middle.imshow(counts, cmap="Blues", vmin=0, vmax=counts.max())
    quiet_panel(middle, f"windows of {by}\nthat use a pixel")
    figure.colorbar(shades, ax=middle, shrink=0.7).ax.tick_params(labelsize=12)
    number_grid(right, counts[:corner, :corner], "the corner", color=INK)
    return figure


def use_counts(shape: Sequence[int], kernel_shape: Sequence[int]) -> Any:
    """Return in how many windows (h, w) each pixel of an image (H, W) lies, with stride 1 and no padding.

    >>> use_counts((3, 4), (2, 2)).tolist()
    [[1, 2, 2, 1], [2, 4, 4, 2], [1, 2, 2, 1]]

    Raises
    ------
    ShapeError
        The window does not fit.
    """
    from coursekit.shapes import output_shape

    along = []
    for size, taps, places in zip(shape, kernel_shape, output_shape(shape, kernel_shape), strict=True):
        pixel = np.arange(size)
        first, last = np.maximum(pixel - taps + 1, 0), np.minimum(pixel, int(places) - 1)
        along.append(last - first + 1)
    return np.multiply.outer(*along)


def to_scale(images: Mapping[str, Any], *, alt: str) -> LectureFigure:
    """Show grey images side by side, all to one scale, in the middle of the frame of the first.

    Parameters
    ----------
    images : name to array of shape (H, W), from 0 to 1, the largest first
    alt : the sentence that says what they show

    Raises
    ------
    ParameterError
        No image, or one that is larger than the first.
    """
    shown = {name: np.asarray(image) for name, image in images.items()}
    if not shown:
        raise ParameterError("images must hold at least one image; got none")
    rows, columns = next(iter(shown.values())).shape
    panel = min(11.0 / len(shown), 3.2 * columns / rows)
    figure = LectureFigure(alt, panel * len(shown), panel * rows / columns + 0.6)
    for axis, (name, image) in zip(
        figure.subplots(1, len(shown), squeeze=False)[0], shown.items(), strict=True
    ):
        height, width = image.shape
        if height > rows or width > columns:
            raise ParameterError(
                f"images must not be larger than the first; got {name!r} of {height}×{width}"
            )
        top, left = (rows - height) / 2, (columns - width) / 2
        grey_panel(axis, image, name)
        axis.images[0].set_extent((left - 0.5, left + width - 0.5, top + height - 0.5, top - 0.5))
        axis.set_xlim(-0.5, columns - 0.5)
        axis.set_ylim(rows - 0.5, -0.5)
        for spine in axis.spines.values():
            spine.set_linestyle((0, (3, 3)))
    return figure


def border_cases(cases: Mapping[str, Case]) -> LectureFigure:
    """Show square inputs with the zeros around them, the first and the last window, and the output.

    Parameters
    ----------
    cases : title to (size, kernel, padding), for rows and columns alike: pixels of the input, taps of the
        kernel, and zeros at each end or a pair (before, after). At most 4 cases of 16 padded pixels.

    Raises
    ------
    ParameterError, ShapeError
    """
    from coursekit.shapes import both_ends, output_shape

    if not 1 <= len(cases) <= 4:
        raise ParameterError(f"cases must be 1 to 4; got {len(cases)}")
    drawn = {name: (n, k, *both_ends("padding", p)) for name, (n, k, p) in cases.items()}
    sizes = {
        name: int(output_shape((n,), (k,), padding=((b, a),))[0]) for name, (n, k, b, a) in drawn.items()
    }
    largest = max(n + b + a for n, _, b, a in drawn.values())
    if largest > MOST_CELLS:
        raise ParameterError(f"an input with its zeros must have at most {MOST_CELLS} pixels; got {largest}")
    words = [
        f"{name}: input {n}×{n}, kernel {k}×{k}, {_zeros(b, a)}, output {sizes[name]}×{sizes[name]}"
        for name, (n, k, b, a) in drawn.items()
    ]
    figure = LectureFigure(". ".join(words).replace("\n", " ") + ".", 2.75 * len(cases), 5.2)
    tallest = largest + 1.6 + max(sizes.values())
    for axis, (name, (n, k, before, after)) in zip(
        figure.subplots(1, len(cases), squeeze=False)[0], drawn.items(), strict=True
    ):
        axis.set_axis_off()
        axis.set_aspect("equal")
        axis.set_title(name, fontsize=16, color=INK)
        _one_border(axis, n, k, before, after, sizes[name], largest)
        axis.set_xlim(-0.2, largest + 0.2)
        axis.set_ylim(tallest + 3.4, -0.3)
    return figure


def padding_modes(image: Any, padding: int, *, modes: Sequence[str] = MODES) -> LectureFigure:
    """Show an image with a border of `padding` pixels, filled in several ways; dashed is where it ended.

    Parameters
    ----------
    image : array of shape (H, W) or (3, H, W), from 0 to 1
    padding : int >= 1, pixels at each end; less than H and W
    modes : some of "constant" (zeros), "reflect" (mirrored at the outermost pixel), "edge" (the outermost
        pixel again and again), "wrap" (the other end), as `numpy.pad` names them

    Raises
    ------
    ParameterError, ShapeError
    """
    image = np.asarray(image)
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[0] != 3):
        raise ShapeError(f"image must be (H, W) or (3, H, W); got shape {image.shape}")
    unknown = [mode for mode in modes if mode not in MODES]
    if unknown or not modes:
        raise ParameterError(f"modes must be some of {MODES}; got {tuple(modes)!r}")
    rows, columns = image.shape[-2:]
    if not 1 <= padding < min(rows, columns):
        raise ParameterError(f"padding must be from 1 to {min(rows, columns) - 1}; got {padding!r}")
    around = [(0, 0)] * (image.ndim - 2) + [(padding, padding)] * 2
    across = 2 if len(modes) > 1 else 1
    down = -(-len(modes) // across)
    height = min(5.4, down * (5.0 * (rows + 2 * padding) / (columns + 2 * padding) + 0.5))
    figure = LectureFigure(
        f"An image of {rows}×{columns} pixels with a border of {padding} pixels, "
        f"filled in {len(modes)} ways: {', '.join(modes)}.",
        10.4 if across > 1 else 6.0,
        height,
    )
    axes = figure.subplots(down, across, squeeze=False).ravel()
    for axis in axes[len(modes) :]:
        axis.set_axis_off()
    for axis, mode in zip(axes, modes, strict=False):
        padded = np.pad(image, around, mode=mode)  # type: ignore[call-overload]  # one of MODES
        picture_panel(axis, padded, _mode_name(mode))
        edge = frame(padding, padding, (rows, columns), ORANGE, width=2.5)
        edge.set_linestyle((0, (3, 2)))
        axis.add_patch(edge)
    return figure


def _one_border(axis: Axes, n: int, k: int, before: int, after: int, out: int, largest: int) -> None:
    total = n + before + after
    left = (largest - total) / 2
    for row in range(total):
        for column in range(total):
            inside = before <= row < before + n and before <= column < before + n
            style: dict[str, Any] = (
                {"facecolor": "#d9d9d9", "edgecolor": INK, "linewidth": 1.0, "zorder": 2}
                if inside
                else {"facecolor": "white", "edgecolor": QUIET, "linewidth": 0.9, "linestyle": ":"}
            )
            axis.add_patch(Rectangle((left + column, row), 1, 1, **style))
            if not inside:
                axis.text(
                    left + column + 0.5, row + 0.5, "0", ha="center", va="center", fontsize=12, color=QUIET
                )
    first: dict[str, Any] = {"fill": False, "edgecolor": ORANGE, "linewidth": 3.5, "zorder": 5}
    axis.add_patch(Rectangle((left, 0), k, k, **first))
    axis.add_patch(Rectangle((left + total - k, total - k), k, k, **first, linestyle=(0, (2, 1))))
    start = largest + 1.0
    for row in range(out):
        for column in range(out):
            corner = ((largest - out) / 2 + column, start + row)
            axis.add_patch(Rectangle(corner, 1, 1, facecolor="#dcebf7", edgecolor=BLUE, linewidth=1.0))
    zeros = f"2·{before}" if before == after else f"{before} + {after}"
    axis.text(
        largest / 2,
        start + out + 0.4,
        f"{n} − {k} + 1 + {zeros} = {out}\noutput {out}×{out}",
        ha="center",
        va="top",
        fontsize=14,
        color=INK,
    )


def _zeros(before: int, after: int) -> str:
    if before == after:
        return f"{_count(before)} at each end" if before else "no zeros"
    return f"{_count(before)} in front and {after} behind"


def _count(zeros: int) -> str:
    return "1 zero" if zeros == 1 else f"{zeros} zeros"


def _mode_name(mode: str) -> str:
    return {"constant": "zeros", "edge": "edge: repeated", "reflect": "reflect", "wrap": "wrap"}[mode]
