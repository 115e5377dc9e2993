"""Learning: the loss and its valley, kernels on their way, banks of kernels, guesses right and wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, INK, ORANGE, QUIET, SIGNED, LectureFigure, chart, quiet_panel
from coursekit.figures.grids import number_grid
from coursekit.figures.speed import plain_powers

FRAME = -0.12  # a faint shade of the signed scale, for the frame of a small kernel
LINES = ((BLUE, "solid"), (ORANGE, (0, (5, 2))), (INK, (0, (1, 1.5))), (QUIET, (0, (4, 1.5, 1, 1.5))))


def descent(losses: Sequence[float], kernels: Mapping[int, Any], *, wanted: Any = None) -> LectureFigure:
    """Show how a loss falls step by step, and the kernel at some of the steps.

    Parameters
    ----------
    losses : the loss before each step, > 0
    kernels : step to kernel, an array of shape (KH, KW)
    wanted : the kernel that should be found, of the same shape, or None

    Raises
    ------
    ParameterError
    """
    curve = np.asarray(losses, dtype=float)
    if curve.ndim != 1 or curve.size == 0 or not (curve > 0).all():
        raise ParameterError("losses must hold numbers > 0, one for each step")
    shown = {f"step {step}": np.asarray(kernel) for step, kernel in kernels.items()}
    if wanted is not None:
        shown["wanted"] = np.asarray(wanted)
    figure = LectureFigure(
        f"The loss falls from {curve[0]:.2g} to {curve[-1]:.2g} in {curve.size} steps. "
        f"Below it the kernel: {', '.join(shown)}.",
        11.0,
        4.1,
    )
    halves: Any = figure.subfigures(2, 1, height_ratios=[1.1, 1])
    top, bottom = halves
    axis = top.subplots()
    axis.plot(np.arange(curve.size), curve, color=BLUE, linewidth=2.5)
    axis.set_yscale("log")
    plain_powers(axis.yaxis)
    chart(axis, "loss: mean square of the error", "step")
    for panel, (name, kernel) in zip(
        bottom.subplots(1, len(shown), squeeze=False)[0], shown.items(), strict=True
    ):
        number_grid(panel, np.round(kernel, 2), name, color=ORANGE if name == "wanted" else INK)
        for number in panel.texts:
            number.set_fontsize(14)  # −0.25 has room in its cell
    return figure


def loss_valley(
    surfaces: Mapping[str, Any], extent: tuple[float, float], *, axes: tuple[str, str]
) -> LectureFigure:
    """Show losses over two numbers as contour lines: a bowl has one lowest point, a trench a line of them.

    Parameters
    ----------
    surfaces : name to array of shape (N, N), loss >= 0; a row for each second number, a column for each first
    extent : (lowest, highest) of both numbers
    axes : what the first and the second number are

    Raises
    ------
    ShapeError
    """
    grids = {name: np.asarray(surface, dtype=float) for name, surface in surfaces.items()}
    for name, grid in grids.items():
        if grid.ndim != 2:
            raise ShapeError(f"{name!r} must have shape (N, N); got {grid.shape}")
    lowest = {name: int((grid <= grid.min() + 1e-9 * np.ptp(grid)).sum()) for name, grid in grids.items()}
    told = "; ".join(
        f"{name}: lowest at {count} of the {grids[name].size} points" for name, count in lowest.items()
    )
    figure = LectureFigure(f"Contour lines of the loss over {axes[0]} and {axes[1]}. {told}.", 11.0, 3.4)
    for axis, (name, grid) in zip(
        figure.subplots(1, len(grids), squeeze=False)[0], grids.items(), strict=True
    ):
        first = np.linspace(*extent, grid.shape[1])
        second = np.linspace(*extent, grid.shape[0])
        levels = grid.min() + np.ptp(grid) * np.linspace(0, 1, 12) ** 2
        axis.contourf(first, second, grid, levels=levels, cmap="Blues")
        axis.contour(first, second, grid, levels=levels, colors=INK, linewidths=0.7)
        rows, columns = np.nonzero(grid <= grid.min() + 1e-9 * np.ptp(grid))
        axis.plot(first[columns], second[rows], "o", color=ORANGE, markersize=7)
        axis.set_aspect("equal")
        chart(axis, name, axes[0])
        axis.set_ylabel(axes[1], fontsize=14, color=INK)
    return figure


def learnt_kernels(
    banks: Mapping[str, Any], *, alt: str, columns: int = 8, own_scale: bool = True, height: float = 5.4
) -> LectureFigure:
    """Show banks of kernels as small pictures: blue is negative, white 0, orange positive.

    Parameters
    ----------
    banks : name to array of shape (F, KH, KW)
    alt : the sentence that says what they show
    columns : int >= 1, kernels in a row of each bank
    own_scale : each kernel on its own scale; else all kernels of a bank on one
    height : inches of the tallest bank, at most

    Raises
    ------
    ShapeError, ParameterError
    """
    if not isinstance(columns, int) or columns < 1:
        raise ParameterError(f"columns must be an integer >= 1; got {columns!r}")
    shown = {name: np.asarray(bank, dtype=float) for name, bank in banks.items()}
    for name, bank in shown.items():
        if bank.ndim != 3 or bank.shape[0] == 0:
            raise ShapeError(f"{name!r} must have shape (F, KH, KW), with F >= 1; got {bank.shape}")
    mosaics = {name: _mosaic(bank, columns, own_scale=own_scale) for name, bank in shown.items()}
    widths = [mosaic.shape[1] for mosaic in mosaics.values()]
    tallest = max(mosaic.shape[0] for mosaic in mosaics.values())
    inch = min(11.0 / sum(widths), height / tallest)
    figure = LectureFigure(alt, max(3.0, inch * sum(widths)), inch * tallest + 0.6)
    axes = figure.subplots(1, len(mosaics), squeeze=False, width_ratios=widths)[0]
    for axis, (name, mosaic) in zip(axes, mosaics.items(), strict=True):
        axis.imshow(mosaic, cmap=SIGNED, vmin=-1, vmax=1)
        quiet_panel(axis, name)
        axis.spines[:].set_visible(False)
    return figure


def _mosaic(bank: Any, columns: int, *, own_scale: bool) -> Any:
    """Return kernels (F, KH, KW) side by side in one array, from -1 to 1, with frames of a quiet shade."""
    size = np.abs(bank).max(axis=(1, 2), keepdims=True) if own_scale else np.abs(bank).max()
    scaled = bank / np.where(size == 0, 1.0, size)
    count, height, width = bank.shape
    fine = 8 if max(height, width) < 8 else 3  # picture elements for each number, so that frames are thin
    tall, wide = height * fine + 2, width * fine + 2
    across = min(columns, count)
    mosaic = np.zeros((-(-count // across) * (tall + 4), across * (wide + 4)))
    for index, kernel in enumerate(scaled):
        row, column = divmod(index, across)
        top, left = row * (tall + 4) + 2, column * (wide + 4) + 2
        mosaic[top : top + tall, left : left + wide] = FRAME
        cells = np.repeat(np.repeat(kernel, fine, axis=0), fine, axis=1)
        mosaic[top + 1 : top + tall - 1, left + 1 : left + wide - 1] = cells
    return mosaic


def curves(lines: Mapping[str, Sequence[float]], *, title: str, xlabel: str = "epoch") -> LectureFigure:
    """Show numbers that change from epoch to epoch, one line for each name; the first epoch is 1.

    Parameters
    ----------
    lines : name to numbers, one for each epoch; at most four
    title : what the numbers are

    Raises
    ------
    ParameterError
    """
    if not 1 <= len(lines) <= len(LINES):
        raise ParameterError(f"lines must hold 1 to {len(LINES)} curves; got {len(lines)}")
    told = "; ".join(f"{name} from {line[0]:.3g} to {line[-1]:.3g}" for name, line in lines.items())
    figure = LectureFigure(f"{title}, {xlabel} by {xlabel}. {told}.", 10.0, 4.2)
    axis = figure.subplots()
    for (name, line), (color, dash) in zip(lines.items(), LINES, strict=False):
        axis.plot(range(1, len(line) + 1), line, color=color, linestyle=dash, linewidth=2.5, label=name)
    axis.legend(fontsize=13, frameon=False)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    chart(axis, title, xlabel)
    return figure


def confusion(truth: Any, guesses: Any, *, classes: int) -> LectureFigure:
    """Show how often each class was taken for each: rows are what it is, columns what was said.

    Parameters
    ----------
    truth, guesses : arrays of shape (N,), whole numbers from 0 to classes - 1
    classes : int >= 2

    Raises
    ------
    ShapeError
    """
    truth, guesses = np.asarray(truth), np.asarray(guesses)
    if truth.ndim != 1 or truth.shape != guesses.shape:
        raise ShapeError(
            f"truth and guesses must both have shape (N,); got {truth.shape} and {guesses.shape}"
        )
    table = np.zeros((classes, classes), dtype=int)
    np.add.at(table, (truth, guesses), 1)
    wrong = table - np.diag(np.diag(table))
    worst = np.argsort(wrong, axis=None)[::-1][:3]
    told = "; ".join(
        f"{cell // classes} taken for {cell % classes} ({wrong.ravel()[cell]} of them)"
        for cell in worst
        if wrong.ravel()[cell]
    )
    figure = LectureFigure(
        f"{int(np.trace(table))} of {truth.size} right, on the diagonal. "
        f"Most often wrong: {told or 'nothing'}.",
        7.2,
        6.2,
    )
    axis = figure.subplots()
    axis.imshow(wrong, cmap="Oranges", vmax=max(1, wrong.max()) * 1.5)
    for row in range(classes):
        for column in range(classes):
            if table[row, column]:
                weight = "normal" if row == column else "bold"
                color = QUIET if row == column else INK
                text = str(table[row, column])
                axis.text(
                    column, row, text, ha="center", va="center", fontsize=13, color=color, weight=weight
                )
    axis.set_xticks(range(classes))
    axis.set_yticks(range(classes))
    axis.tick_params(labelsize=13, length=0)
    axis.set_xlabel("what the network says", fontsize=14, color=INK)
    axis.set_ylabel("what it is", fontsize=14, color=INK)
    axis.set_title(f"{int(np.trace(table))} of {truth.size} right", fontsize=16, color=INK)
    return figure


def thumbnails(images: Any, names: Sequence[str], *, alt: str, columns: int = 8) -> LectureFigure:
    """Show many small grey images, each under its name.

    Parameters
    ----------
    images : array of shape (N, H, W) or (N, 1, H, W), each shown from its own darkest to its brightest
    names : N short words
    alt : the sentence that says what they show
    columns : int >= 1, images in a row

    Raises
    ------
    ShapeError
    """
    planes = np.asarray(images, dtype=float)
    if planes.ndim == 4 and planes.shape[1] == 1:
        planes = planes[:, 0]
    if planes.ndim != 3 or len(planes) == 0 or len(planes) != len(names):
        raise ShapeError(
            f"images must have shape (N, H, W), one for each of {len(names)} names; got {np.shape(images)}"
        )
    across = min(columns, len(planes))
    down = -(-len(planes) // across)
    height, width = planes.shape[1:]
    tall, wide = 1.45 * height, 1.25 * width  # room for the name above, and a gap beside
    inch = min(11.0 / (across * wide), 6.0 / (down * tall), 1.3 / width)
    figure = LectureFigure(alt, across * wide * inch, down * tall * inch)
    axis = figure.subplots()
    for index, (plane, name) in enumerate(zip(planes, names, strict=True)):
        row, column = divmod(index, across)
        left, top = column * wide, row * tall + 0.4 * height
        axis.imshow(plane, cmap="gray", extent=(left, left + width, top + height, top))
        axis.text(
            left + width / 2, top - 0.06 * height, name, ha="center", va="bottom", fontsize=15, color=INK
        )
    axis.set_xlim(0, across * wide - 0.25 * width)
    axis.set_ylim(down * tall, 0)
    axis.set_axis_off()
    return figure
