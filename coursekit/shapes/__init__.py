"""Exact shape arithmetic, and the steps that lead to each number.

Sizes are counted in pixels (or samples). Division is floor unless a function is asked for ceil: a window
that does not fit is not taken.
"""

from coursekit.shapes.counting import count_connections, count_macs, count_parameters, dense_parameters
from coursekit.shapes.derivation import Derivation, DerivedNumber, Step
from coursekit.shapes.inverse import FoundWindow, FoundWindows, find_windows
from coursekit.shapes.layers import Convolution, Dense, Flatten, GlobalPooling, Pooling, ReLU, Softmax, Tanh
from coursekit.shapes.numbers import (
    Padding,
    Pairs,
    both_ends,
    is_sequence,
    non_negative_int,
    padding_pairs,
    per_axis,
    positive_int,
)
from coursekit.shapes.output import OutputSize, Rounding, output_shape, output_size
from coursekit.shapes.presets import alexnet, lenet5, vgg16
from coursekit.shapes.receptive_field import ReceptiveField, receptive_field
from coursekit.shapes.same import Extra, SamePadding, same_padding, same_padding_strided
from coursekit.shapes.summary import LayerSummary, NetworkSummary, summarise
from coursekit.shapes.transposed import TransposedSize, transposed_shape, transposed_size
from coursekit.shapes.window_layer import Layer

__all__ = [
    "Convolution",
    "Dense",
    "Derivation",
    "DerivedNumber",
    "Extra",
    "Flatten",
    "FoundWindow",
    "FoundWindows",
    "GlobalPooling",
    "Layer",
    "LayerSummary",
    "NetworkSummary",
    "OutputSize",
    "Padding",
    "Pairs",
    "Pooling",
    "ReLU",
    "ReceptiveField",
    "Rounding",
    "SamePadding",
    "Softmax",
    "Step",
    "Tanh",
    "TransposedSize",
    "alexnet",
    "both_ends",
    "count_connections",
    "count_macs",
    "count_parameters",
    "dense_parameters",
    "find_windows",
    "is_sequence",
    "lenet5",
    "non_negative_int",
    "output_shape",
    "output_size",
    "padding_pairs",
    "per_axis",
    "positive_int",
    "receptive_field",
    "same_padding",
    "same_padding_strided",
    "summarise",
    "transposed_shape",
    "transposed_size",
    "vgg16",
]
