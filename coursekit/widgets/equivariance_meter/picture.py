"""The picture of the equivariance meter where no widget runs: both images, both outputs, their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.errors import CourseError
from coursekit.widgets.equivariance_meter.sentence import describe_result
from coursekit.widgets.shared.picture import BLUE, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coursekit.widgets.equivariance_meter.equivariance_meter import EquivarianceMeter

    Values = np.ndarray[Any, Any]

LARGEST_PRINTED = 12
"""Rows or columns up to which the numbers are printed in the cells."""


def draw_meter(demo: EquivarianceMeter, figure: Figure) -> None:
    """Draw five maps in a row, each pair in one scale, and the result in words below them."""
    panels = _panels(demo)
    for place, (title, values, limit) in enumerate(panels):
        axes = figure.add_subplot(1, 5, place + 1)
        axes.set_title(title, fontsize=11)
        axes.set_axis_off()
        if values is None:
            axes.text(0.5, 0.5, "?", fontsize=30, ha="center", va="center", transform=axes.transAxes)
        elif values.size:
            _draw(axes, np.atleast_2d(values), limit)
    figure.text(0.5, 0.05, describe_result(demo), ha="center", fontsize=11)
    figure.subplots_adjust(0.01, 0.12, 0.99, 0.88, wspace=0.06)


def _panels(demo: EquivarianceMeter) -> list[tuple[str, Any, float]]:
    """Return (title, values, the value of the strongest colour); values of None are to be predicted."""
    images = [("x", demo.image), ("shift x", demo.shifted_image)]
    strongest = _strongest(demo.image)
    panels: list[tuple[str, Any, float]] = [(title, image, strongest) for title, image in images]
    try:
        moved, direct, difference = demo.shifted_output, demo.output_of_shifted, demo.difference
    except (CourseError, ImportError):  # no window fits, or the reference is left out during grading
        return panels
    strongest = _strongest(moved, direct)
    hidden = demo.predict and not demo.answer
    return [
        *panels,
        ("shift f(x)", moved, strongest),
        ("f(shift x)", None if hidden else direct, strongest),
        ("difference", None if hidden else difference, _strongest(difference)),
    ]


def _strongest(*arrays: Values) -> float:
    return max(float(np.nanmax(np.abs(array), initial=0)) for array in arrays) or 1.0


def _draw(axes: Axes, values: Values, limit: float) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    is_printed = max(values.shape) <= LARGEST_PRINTED
    limit *= 1.6 if is_printed else 1
    scale = LinearSegmentedColormap.from_list("blue-orange", [BLUE, "white", ORANGE])
    colours = scale.with_extremes(bad="lightgrey")  # not known: nothing to compare with
    axes.imshow(values, cmap=colours, vmin=-limit, vmax=limit)
    height, width = values.shape
    axes.plot(
        [-0.5, width - 0.5, width - 0.5, -0.5, -0.5], [-0.5, -0.5, height - 0.5, height - 0.5, -0.5], "silver"
    )
    if is_printed:
        for (row, column), value in np.ndenumerate(values):
            text = "" if np.isnan(value) else f"{value:.3g}".replace("-", "−")
            axes.text(column, row, text, ha="center", va="center", fontsize=9)
