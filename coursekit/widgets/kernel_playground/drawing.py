"""The playground's picture where no widget runs: image, kernel, both responses, their peaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from coursekit.errors import ShapeError
from coursekit.widgets.shared.picture import BLUE, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = np.ndarray[Any, Any]
Place = tuple[int, int]


class Playground(Protocol):
    """What the picture needs to know of the demo."""

    kernel: Array
    picture: str
    padding: str
    conventions: Any

    @property
    def image(self) -> Array:
        """Of shape (H, W)."""
        ...

    @property
    def response(self) -> Array:
        """Raises ShapeError where the kernel does not fit."""
        ...

    @property
    def flipped_response(self) -> Array:
        """The same, flipped."""
        ...

    @property
    def found(self) -> list[Place]:
        """The peaks, highest first."""
        ...


def draw_playground(figure: Figure, demo: Playground) -> None:
    """Draw four panels; the responses are missing where they cannot be computed."""
    image = demo.image
    axes = figure.subplots(1, 4, width_ratios=[3, 1.6, 3, 3])
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.1, top=0.82, wspace=0.06)
    low, high = shown_range(image)
    axes[0].imshow(image, cmap="gray", vmin=low, vmax=high)
    _title(axes[0], demo.picture, f"{image.shape[0]} × {image.shape[1]}")
    _draw_kernel(axes[1], demo.kernel)
    flipped = demo.conventions.operation == "convolution"
    try:
        both, found = (demo.response, demo.flipped_response), demo.found
    except (ShapeError, ImportError):  # no window fits, or the reference is left out while work is graded
        for axis in axes[2:]:
            axis.set_axis_off()
        _title(axes[2], "no response", "")
        return
    limit = max(float(np.abs(map_).max()) for map_ in both) or 1.0
    for axis, map_, title, marked in (
        (axes[2], both[0], "kernel as it is:\ncross-correlation", not flipped),
        (axes[3], both[1], "kernel flipped:\nconvolution", flipped),
    ):
        _draw_response(axis, map_, limit)
        _title(axis, title, "")
        if marked:
            _mark(axis, found, (0, 0))
    _mark(axes[0], found, _middle(demo))


def shown_range(image: Array) -> tuple[float, float]:
    """Return the values shown as black and white: 0 and 1 if nothing lies beyond, else the extremes."""
    low, high = float(image.min()), float(image.max())
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    return low, high if high > low else low + 1


def _draw_kernel(axis: Axes, kernel: Array) -> None:
    colours = _blue_orange()
    limit = 1.6 * (float(np.abs(kernel).max()) or 1.0)
    axis.imshow(kernel, cmap=colours, vmin=-limit, vmax=limit)
    _title(axis, "kernel", f"{kernel.shape[0]} × {kernel.shape[1]}")
    if max(kernel.shape) > 7:
        return
    for row, column in np.ndindex(*kernel.shape):
        text = f"{kernel[row, column]:.2g}".replace("-", "−")
        axis.text(column, row, text, ha="center", va="center", fontsize=30 / max(3, *kernel.shape))


def _draw_response(axis: Axes, response: Array, limit: float) -> None:
    axis.imshow(response, cmap=_blue_orange(), vmin=-limit, vmax=limit)
    text = f"{response.min():.3g} to {response.max():.3g}".replace("-", "−")
    axis.set_xlabel(text, fontsize=9)


def _blue_orange() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("blue-orange", [BLUE, "white", ORANGE])


def _middle(demo: Playground) -> Place:
    """Return how far the middle of a window lies below and right of its place in the response."""
    if demo.padding != "valid":
        return (0, 0)
    return demo.kernel.shape[0] // 2, demo.kernel.shape[1] // 2


def _mark(axis: Axes, found: list[Place], offset: Place) -> None:
    for rank, (row, column) in enumerate(found, 1):
        place = (column + offset[1], row + offset[0])
        for colour, width in (("white", 4), ("black", 1.5)):
            axis.plot(*place, "o", markersize=11, fillstyle="none", color=colour, markeredgewidth=width)
        box = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"}
        axis.annotate(
            str(rank), place, (7, 5), textcoords="offset points", fontsize=8, color="black", bbox=box
        )


def _title(axis: Axes, title: str, size: str) -> None:
    axis.set_title(f"{title} {size}".strip(), fontsize=10)
    axis.set_xticks([])
    axis.set_yticks([])
