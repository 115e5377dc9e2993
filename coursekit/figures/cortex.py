"""Kernels as pictures: a bank of them, and learnt ones beside what was fitted to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import (
    INK,
    MOST_HEIGHT,
    MOST_WIDTH,
    ORANGE,
    SIGNED,
    LectureFigure,
    by,
    quiet_panel,
    signed_panel,
)


def filter_bank(
    kernels: Any, *, alt: str, title: str = "", columns: int = 12, marked: Sequence[int] = ()
) -> LectureFigure:
    """Show many kernels, each on its own scale: orange is positive, blue negative, white 0.

    Parameters
    ----------
    kernels : array of shape (F, KH, KW)
    alt : the sentence that says what they show
    columns : int >= 1, kernels in a row
    marked : indices of kernels to frame

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.shapes import positive_int

    taps = np.asarray(kernels, dtype=float)
    if taps.ndim != 3 or taps.size == 0:
        raise ShapeError(f"kernels must have shape (F, KH, KW) and hold one at least; got {taps.shape}")
    across = min(positive_int("columns", columns), len(taps))
    for index in marked:
        if index not in range(len(taps)):
            raise ParameterError(f"marked must hold indices from 0 to {len(taps) - 1}; got {index!r}")
    down = -(-len(taps) // across)
    cell = min(0.98 * MOST_WIDTH / across, (MOST_HEIGHT - 0.6) / down * taps.shape[2] / taps.shape[1], 1.6)
    above = 0.5 if title else 0.1  # inches
    height = down * cell * taps.shape[1] / taps.shape[2] + above
    figure = LectureFigure(alt, across * cell, height)
    figure.set_layout_engine(None)  # a grid without texts: to search for its layout would take a second
    figure.subplots_adjust(0.002, 0.005, 0.998, 1 - above / height, wspace=0.04, hspace=0.04)
    axes = figure.subplots(down, across, squeeze=False).ravel()
    for index, axis in enumerate(axes):
        if index >= len(taps):
            axis.set_axis_off()
            continue
        signed_panel(axis, taps[index], "")
        if index in marked:
            axis.spines[:].set(color=ORANGE, linewidth=4)
    if title:
        figure.suptitle(title, fontsize=16, color=INK, y=1 - 0.08 / height, va="top")
    return figure


def kernels_compared(rows: Mapping[str, Any], *, alt: str, below: Sequence[str] = ()) -> LectureFigure:
    """Show rows of kernels under each other, such as learnt ones over what was fitted to them.

    Parameters
    ----------
    rows : name of the row to array of shape (F, KH, KW), or (F, H, W) of any size; F is the same for all.
        The kernels of a column share a scale; orange is positive, blue negative.
    alt : the sentence that says what they show
    below : F short texts, one under each column

    Raises
    ------
    ShapeError
    """
    banks = {name: np.asarray(bank, dtype=float) for name, bank in rows.items()}
    counts = {len(bank) for bank in banks.values()} | ({len(below)} if below else set())
    if len(counts) != 1 or any(bank.ndim != 3 for bank in banks.values()):
        given = ", ".join(f"{name!r} {bank.shape}" for name, bank in banks.items())
        raise ShapeError(
            f"rows must all have shape (F, KH, KW) with one F, and below F texts; got {given}, {len(below)}"
        )
    across, down = counts.pop(), len(banks)
    cell = min((MOST_WIDTH - 1.2) / across, (MOST_HEIGHT - 0.6) / down)
    figure = LectureFigure(alt, across * cell + 1.2, down * cell + (0.6 if below else 0.2))
    axes = figure.subplots(down, across, squeeze=False)
    for column in range(across):
        limit = max(float(np.abs(bank[column]).max()) for bank in banks.values())
        for row, (name, bank) in enumerate(banks.items()):
            axis = axes[row, column]
            axis.imshow(bank[column], cmap=SIGNED, vmin=-limit, vmax=limit)
            quiet_panel(axis, "")
            if column == 0:
                axis.set_ylabel(name, fontsize=15, color=INK)
        if below:
            axes[-1, column].set_xlabel(below[column], fontsize=14, color=INK)
    return figure


def made_of(parts: Mapping[str, Any], *, sign: str = "×", alt: str = "") -> LectureFigure:
    """Show arrays as factors or terms of the last one: first × second = last, each on its own scale.

    Parameters
    ----------
    parts : name to array of shape (H, W), two at least; the last is the result
    sign : what stands between the others
    alt : the sentence that says what they show; by default made from the names

    Raises
    ------
    ParameterError
    """
    if len(parts) < 2:
        raise ParameterError(f"parts must hold two arrays at least; got {len(parts)}")
    names, arrays = list(parts), [np.asarray(array, dtype=float) for array in parts.values()]
    words = f" {sign} ".join(names[:-1]) + f" = {names[-1]}"
    shape = by(arrays[-1])
    figure = LectureFigure(alt or f"{words}, arrays of {shape} numbers.", min(11.0, 3.4 * len(arrays)), 3.6)
    axes = figure.subplots(1, len(arrays))
    for index, (axis, name, array) in enumerate(zip(axes, names, arrays, strict=True)):
        signed_panel(axis, array, name)
        if index:
            between = "=" if index == len(arrays) - 1 else sign
            axis.set_ylabel(between, fontsize=26, color=INK, rotation=0, labelpad=16, va="center")
    return figure
