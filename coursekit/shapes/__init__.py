"""Exact shape arithmetic, and the steps that lead to each number.

Sizes are counted in pixels (or samples). Division is floor unless a function is asked for ceil: a window
that does not fit is not taken.
"""

from coursekit.shapes.derivation import Derivation, DerivedNumber, Step
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
from coursekit.shapes.same import Extra, SamePadding, same_padding, same_padding_strided
from coursekit.shapes.transposed import TransposedSize, transposed_shape, transposed_size

__all__ = [
    "Derivation",
    "DerivedNumber",
    "Extra",
    "OutputSize",
    "Padding",
    "Pairs",
    "Rounding",
    "SamePadding",
    "Step",
    "TransposedSize",
    "both_ends",
    "is_sequence",
    "non_negative_int",
    "output_shape",
    "output_size",
    "padding_pairs",
    "per_axis",
    "positive_int",
    "same_padding",
    "same_padding_strided",
    "transposed_shape",
    "transposed_size",
]
