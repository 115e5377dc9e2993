"""Every plot of the lectures, one function each.

Each function returns a `LectureFigure`: a matplotlib figure that shows itself in a notebook, together
with a sentence for readers who do not see it (its `alt`). Orange marks what is asked for (the window,
the kernel), blue what comes out of it. One topic a file; `base` holds what they share.
"""

from __future__ import annotations

from coursekit.figures.aliasing import every_nth
from coursekit.figures.base import BLUE, INK, ORANGE, QUIET, LectureFigure, Reveal
from coursekit.figures.blocks import directions, layer_shapes
from coursekit.figures.channels import channel_step, data_types, response_maps
from coursekit.figures.convolution import flip_and_slide, operations_compared, overlap, stamps
from coursekit.figures.cortex import filter_bank, kernels_compared, made_of
from coursekit.figures.costs import compare_blocks, grows_with_the_image, where_it_sits
from coursekit.figures.counting import kernel_bank, total_parameters
from coursekit.figures.dense_layers import connections, flattening, log_bars, weight_mosaic
from coursekit.figures.equivariance import both_ways, chain, lines, two_questions, what_changed
from coursekit.figures.gradients import forward_and_backward, loss_along_gradient, sent_back, tap_meets
from coursekit.figures.grids import grids, number_grid, window_step
from coursekit.figures.learning import (
    confusion,
    curves,
    descent,
    learnt_kernels,
    loss_valley,
    thumbnails,
)
from coursekit.figures.matrices import matrix_pictures, non_zeros, written_out
from coursekit.figures.networks import layer_terminology, network_diagram, network_maps
from coursekit.figures.padding import border_cases, padding_modes, pixel_uses, to_scale
from coursekit.figures.pictures import both_operations, picture, pictures, search
from coursekit.figures.pooling import global_pooling, pool_row, pool_step
from coursekit.figures.receptive_field import dilated_taps, fields_on_image, unit_sees
from coursekit.figures.signals import signals
from coursekit.figures.speed import duration, growth, measured, roofline, tile_reads, times
from coursekit.figures.stride import places, strided_units, zero_insertion

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
