"""Every plot of the lectures, one function each.

Each function returns a `LectureFigure`: a matplotlib figure that shows itself in a notebook, together
with a sentence for readers who do not see it (its `alt`). Orange marks what is asked for (the window,
the kernel), blue what comes out of it. One topic a file; `base` holds what they share.

The topics load when they are first named: a notebook needs few of them, and they draw what the reference
computes, which is absent where work is graded.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from coursekit.figures.base import BLUE, INK, ORANGE, QUIET, LectureFigure, Reveal
from coursekit.figures.grids import grids, number_grid, window_step
from coursekit.figures.pictures import both_operations, picture, pictures, search
from coursekit.figures.signals import signals

if TYPE_CHECKING:
    from coursekit.figures.aliasing import every_nth
    from coursekit.figures.blocks import directions, layer_shapes
    from coursekit.figures.channels import channel_step, data_types, response_maps
    from coursekit.figures.convolution import flip_and_slide, operations_compared, overlap, stamps
    from coursekit.figures.cortex import filter_bank, kernels_compared, made_of
    from coursekit.figures.costs import compare_blocks, grows_with_the_image, where_it_sits
    from coursekit.figures.counting import kernel_bank, total_parameters
    from coursekit.figures.dense_layers import connections, flattening, log_bars, weight_mosaic
    from coursekit.figures.equivariance import both_ways, chain, lines, two_questions, what_changed
    from coursekit.figures.gradients import forward_and_backward, loss_along_gradient, sent_back, tap_meets
    from coursekit.figures.kernels import reads
    from coursekit.figures.learning import confusion, curves, descent, learnt_kernels, loss_valley, thumbnails
    from coursekit.figures.matrices import matrix_pictures, non_zeros, written_out
    from coursekit.figures.networks import layer_terminology, network_diagram, network_maps
    from coursekit.figures.padding import border_cases, padding_modes, pixel_uses, to_scale
    from coursekit.figures.pool_rows import pool_row
    from coursekit.figures.pooling import global_pooling, pool_step
    from coursekit.figures.receptive_field import dilated_taps, fields_on_image, unit_sees
    from coursekit.figures.speed import duration, growth, measured, roofline, tile_reads, times
    from coursekit.figures.stride import places, strided_units, zero_insertion

TOPICS = {
    "aliasing": ("every_nth",),
    "blocks": ("directions", "layer_shapes"),
    "channels": ("channel_step", "data_types", "response_maps"),
    "convolution": ("flip_and_slide", "operations_compared", "overlap", "stamps"),
    "cortex": ("filter_bank", "kernels_compared", "made_of"),
    "costs": ("compare_blocks", "grows_with_the_image", "where_it_sits"),
    "counting": ("kernel_bank", "total_parameters"),
    "dense_layers": ("connections", "flattening", "log_bars", "weight_mosaic"),
    "equivariance": ("both_ways", "chain", "lines", "two_questions", "what_changed"),
    "gradients": ("forward_and_backward", "loss_along_gradient", "sent_back", "tap_meets"),
    "kernels": ("reads",),
    "learning": ("confusion", "curves", "descent", "learnt_kernels", "loss_valley", "thumbnails"),
    "matrices": ("matrix_pictures", "non_zeros", "written_out"),
    "networks": ("layer_terminology", "network_diagram", "network_maps"),
    "padding": ("border_cases", "padding_modes", "pixel_uses", "to_scale"),
    "pool_rows": ("pool_row",),
    "pooling": ("global_pooling", "pool_step"),
    "receptive_field": ("dilated_taps", "fields_on_image", "unit_sees"),
    "speed": ("duration", "growth", "measured", "roofline", "tile_reads", "times"),
    "stride": ("places", "strided_units", "zero_insertion"),
}
"""The functions of each file that loads at its first use."""

__all__ = [
    "BLUE",
    "INK",
    "ORANGE",
    "QUIET",
    "LectureFigure",
    "Reveal",
    "border_cases",
    "both_operations",
    "both_ways",
    "chain",
    "channel_step",
    "compare_blocks",
    "confusion",
    "connections",
    "curves",
    "data_types",
    "descent",
    "dilated_taps",
    "directions",
    "duration",
    "every_nth",
    "fields_on_image",
    "filter_bank",
    "flattening",
    "flip_and_slide",
    "forward_and_backward",
    "global_pooling",
    "grids",
    "grows_with_the_image",
    "growth",
    "kernel_bank",
    "kernels_compared",
    "layer_shapes",
    "layer_terminology",
    "learnt_kernels",
    "lines",
    "log_bars",
    "loss_along_gradient",
    "loss_valley",
    "made_of",
    "matrix_pictures",
    "measured",
    "network_diagram",
    "network_maps",
    "non_zeros",
    "number_grid",
    "operations_compared",
    "overlap",
    "padding_modes",
    "picture",
    "pictures",
    "pixel_uses",
    "places",
    "pool_row",
    "pool_step",
    "reads",
    "response_maps",
    "roofline",
    "search",
    "sent_back",
    "signals",
    "stamps",
    "strided_units",
    "tap_meets",
    "thumbnails",
    "tile_reads",
    "times",
    "to_scale",
    "total_parameters",
    "two_questions",
    "unit_sees",
    "weight_mosaic",
    "what_changed",
    "where_it_sits",
    "window_step",
    "written_out",
    "zero_insertion",
]

_HOME = {name: topic for topic, names in TOPICS.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
