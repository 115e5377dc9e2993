"""Every plot of the lectures, one function each.

Each function returns a `LectureFigure`: a matplotlib figure that shows itself in a notebook, together
with a sentence for readers who do not see it (its `alt`). Orange marks what is asked for (the window,
the kernel), blue what comes out of it. One topic a file; `base` holds what they share.
"""

from __future__ import annotations

from coursekit.figures.base import BLUE, INK, ORANGE, QUIET, LectureFigure, Reveal
from coursekit.figures.grids import grids, number_grid, window_step
from coursekit.figures.networks import layer_terminology, network_diagram, network_maps
from coursekit.figures.pictures import both_operations, picture, pictures, search
from coursekit.figures.pooling import global_pooling, pool_row, pool_step
from coursekit.figures.signals import signals

__all__ = [
    "BLUE",
    "INK",
    "ORANGE",
    "QUIET",
    "LectureFigure",
    "Reveal",
    "both_operations",
    "global_pooling",
    "grids",
    "layer_terminology",
    "network_diagram",
    "network_maps",
    "number_grid",
    "picture",
    "pictures",
    "pool_row",
    "pool_step",
    "search",
    "signals",
    "window_step",
]
