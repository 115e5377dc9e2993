"""What a shift of the input does to an output: both ways round, measured over shifts, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import (
    BLUE,
    INK,
    MOST_HEIGHT,
    MOST_WIDTH,
    ORANGE,
    QUIET,
    LectureFigure,
    by,
    fitting,
    frame,
    open_axes,
    picture_array,
    picture_panel,
    quiet_panel,
    signed_panel,
    size_of_panels,
)

STYLES = ((BLUE, "o", "-"), (ORANGE, "s", "--"), (INK, "^", ":"), (QUIET, "D", "-."))


def two_questions(inputs: Sequence[Any], answers: Sequence[str], masks: Sequence[Any]) -> LectureFigure:
    """Show an input and its shift, with the answer of a detector (invariant) and a mask (equivariant).

    Parameters
    ----------
    inputs : the input and the shifted input, each (H, W) or (3, H, W), from 0 to 1
    answers : what the detector says of each
    masks : for each an array of shape (H, W): 1 where the pixel belongs to the object, else 0

    Raises
    ------
    ShapeError, ParameterError
    """
    if not len(inputs) == len(answers) == len(masks) == 2:
        raise ParameterError(
            "inputs, answers and masks must hold two each, the input and the shifted input; "
            f"got {len(inputs)}, {len(answers)} and {len(masks)}"
        )
    shown = [picture_array(f"inputs[{index}]", image) for index, image in enumerate(inputs)]
    plane = shown[0] if shown[0].ndim == 2 else shown[0][0]
    columns = [float(np.nonzero(np.asarray(mask))[1].mean()) for mask in masks]
    figure = LectureFigure(
        f"Two rows, the input x and the shifted input. The detector says {answers[0]!r} and {answers[1]!r}: "
        f"{'the same' if answers[0] == answers[1] else 'not the same'}. The mask moves: the mean column of "
        f"its pixels is {columns[0]:.0f}, then {columns[1]:.0f}.",
        *fitting(*size_of_panels(plane, 8.6, across=3, down=2)),
    )
    axes = figure.subplots(2, 3)
    for row, name in enumerate(("input x", "shifted input")):
        picture_panel(axes[row, 0], shown[row], name)
        quiet_panel(axes[row, 1], "is there one?" if row == 0 else "")
        axes[row, 1].text(0.5, 0.5, answers[row], ha="center", va="center", fontsize=26, color=BLUE)
        axes[row, 1].set_box_aspect(plane.shape[0] / plane.shape[1])
        picture_panel(axes[row, 2], 1 - np.asarray(masks[row]), "which pixels? (black)" if row == 0 else "")
    axes[1, 1].set_title("invariant: it stays", fontsize=16, color=INK)
    axes[1, 2].set_title("equivariant: it moves", fontsize=16, color=INK)
    return figure


def both_ways(
    image: Any,
    function: Callable[[Any], Any],
    *,
    shift: tuple[int, int] = (0, 1),
    step: int = 1,
    name: str = "f",
) -> LectureFigure:
    """Show the shifted x, f(shift x), shift f(x) and their difference, where a shift wraps around the border.

    Parameters
    ----------
    image : array of shape (H, W)
    function : called with (H, W), returns (H', W')
    shift : (pixels down, pixels right) of the input
    step : pixels of the input for one of the output, >= 1; the output is shifted by shift / step, rounded
    name : what the function is called in the titles

    Raises
    ------
    ShapeError
    """
    pixels = picture_array("image", image)
    expected = np.roll(function(pixels), [round(pixels_ / step) for pixels_ in shift], axis=(-2, -1))
    moved = np.roll(pixels, shift, axis=(-2, -1))
    found = function(moved)
    difference = found - expected
    differ = int((~np.isclose(difference, 0, atol=1e-9 * max(1.0, float(np.abs(expected).max())))).sum())
    figure = LectureFigure(
        f"{name} of the shifted image beside the shifted {name} of the image, shifted by {shift[0]} pixels "
        f"down and {shift[1]} right. They differ at {differ} of {difference.size} places, by at most "
        f"{np.abs(difference).max():.2g}.",
        *fitting(*size_of_panels(found, 13.0, across=4)),
    )
    limit = max(float(np.abs(expected).max()), float(np.abs(found).max()))
    parts = {f"{name}(shift x)": found, f"shift {name}(x)": expected}
    axes = figure.subplots(1, 4)
    picture_panel(axes[0], moved, "shift x")
    for axis, (title, part) in zip(axes[1:3], parts.items(), strict=True):
        signed_panel(axis, part, title, limit=limit)
    signed_panel(axes[3], difference, f"difference: {differ} of {difference.size}", limit=limit)
    return figure


def lines(
    places: Any,
    curves: Mapping[str, Any],
    *,
    alt: str,
    xlabel: str,
    ylabel: str,
    ticks: Sequence[float] | None = None,
) -> LectureFigure:
    """Show at most four measured curves over one axis, told apart by marker, dash and name.

    Parameters
    ----------
    places : array of shape (N,), what was varied
    curves : name to array of shape (N,), what was measured
    alt : the sentence that says what they show
    xlabel, ylabel : what the axes are, with units
    ticks : where the axis of `places` has its numbers

    Raises
    ------
    ShapeError, ParameterError
    """
    if not 1 <= len(curves) <= len(STYLES):
        raise ParameterError(f"curves must hold one to {len(STYLES)} curves; got {len(curves)}")
    where = np.asarray(places)
    figure = LectureFigure(alt, 11.0, 4.1)
    axis = figure.subplots()
    for (color, marker, dash), (name, curve) in zip(STYLES, curves.items(), strict=False):
        values = np.asarray(curve)
        if where.ndim != 1 or values.shape != where.shape:
            raise ShapeError(f"{name!r} must have the shape of places, {where.shape}; got {values.shape}")
        crowded = where.size > 24
        axis.plot(
            where,
            values,
            color=color,
            marker=None if crowded else marker,
            linestyle=dash,
            linewidth=2.5,
            markersize=8,
            label=name,
        )
    axis.set_xlabel(xlabel, fontsize=15, color=INK)
    axis.set_ylabel(ylabel, fontsize=15, color=INK)
    open_axes(axis, size=13)
    if ticks is not None:
        axis.set_xticks(list(ticks))
    axis.set_ylim(bottom=min(0.0, axis.get_ylim()[0]))
    axis.legend(fontsize=13, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=3)
    return figure


def what_changed(rows: Mapping[str, tuple[Any, Any]]) -> LectureFigure:
    """Show numbers before and after a shift, one pair of rows for each stage; a dashed frame marks a change.

    Parameters
    ----------
    rows : name of the stage to (numbers before, numbers after), each of shape (N,), at most 12

    Raises
    ------
    ShapeError
    """
    pairs = {name: (np.asarray(old), np.asarray(new)) for name, (old, new) in rows.items()}
    for name, (old, new) in pairs.items():
        if old.ndim != 1 or old.shape != new.shape or not 1 <= old.size <= 12:
            raise ShapeError(
                f"{name!r} must hold two arrays of one shape (N,), N from 1 to 12; "
                f"got {old.shape}, {new.shape}"
            )
    count = {name: int((old != new).sum()) for name, (old, new) in pairs.items()}
    words = "; ".join(f"{name}: {count[name]} of {old.size} change" for name, (old, _) in pairs.items())
    longest = max(old.size for old, _ in pairs.values())
    figure = LectureFigure(
        f"Numbers before and after a shift by one. {words}.",
        min(MOST_WIDTH, 0.85 * longest + 3.2),
        min(MOST_HEIGHT, 2.35 * len(pairs) + 0.2),
    )
    axes = figure.subplots(len(pairs), 1, squeeze=False)[:, 0]
    for axis, (name, (old, new)) in zip(axes, pairs.items(), strict=True):
        for row, numbers in enumerate((old, new)):
            label = "x" if row == 0 else "shift x"
            axis.text(-0.75, row, label, ha="right", va="center", fontsize=15, color=INK)
            for column, number in enumerate(numbers):
                axis.add_patch(frame(row, column, (1, 1), QUIET, width=1.0))
                axis.text(column, row, f"{number:g}", ha="center", va="center", fontsize=17, color=INK)
        for changed in np.flatnonzero(old != new):
            mark = frame(1, int(changed), (1, 1), ORANGE)
            mark.set_linestyle((0, (2, 1)))
            axis.add_patch(mark)
        axis.set_xlim(-2.4, longest - 0.3)
        axis.set_ylim(1.65, -0.65)
        axis.set_aspect("equal")
        axis.set_axis_off()
        axis.set_title(f"{name}: {count[name]} of {old.size} change", fontsize=16, color=INK)
    return figure


def chain(rows: Mapping[str, tuple[Any, Any, str]], *, titles: tuple[str, str, str]) -> LectureFigure:
    """Show how an answer comes about: for each row an input, its map, and the number or word at the end.

    Parameters
    ----------
    rows : name of the row to (input (H, W) or (3, H, W), map (H', W'), the answer as text)
    titles : what the three columns are

    Raises
    ------
    ShapeError
    """
    shown = {
        name: (picture_array(f"input of {name!r}", image), np.asarray(response), answer)
        for name, (image, response, answer) in rows.items()
    }
    first = next(iter(shown.values()))[0]
    plane = first if first.ndim == 2 else first[0]
    words = "; ".join(
        f"{name}: the map of {by(response)} is largest at {_peak(response)}, the answer is {answer}"
        for name, (_, response, answer) in shown.items()
    )
    size = size_of_panels(plane, 9.0, across=3, down=len(shown))
    figure = LectureFigure(f"{', '.join(titles)}. {words}.", *fitting(*size))
    axes = figure.subplots(len(shown), 3, squeeze=False, width_ratios=[1, 1, 0.8])
    limit = max(float(np.abs(response).max()) for _, response, _ in shown.values())
    for row, (name, (image, response, answer)) in enumerate(shown.items()):
        above = row == 0
        picture_panel(axes[row, 0], image, titles[0] if above else "")
        axes[row, 0].set_ylabel(name, fontsize=15, color=INK)
        signed_panel(axes[row, 1], response, titles[1] if above else "", limit=limit)
        axes[row, 2].set_title(titles[2] if above else "", fontsize=16, color=INK)
        axes[row, 2].set_axis_off()
        axes[row, 2].text(0.5, 0.5, f"→ {answer}", ha="center", va="center", fontsize=24, color=BLUE)
    return figure


def _peak(response: Any) -> str:
    row, column = np.unravel_index(response.argmax(), response.shape)
    return f"row {row}, column {column}"
