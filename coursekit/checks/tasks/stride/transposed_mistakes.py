"""Wrong transposed convolutions of an image (H, W) with a kernel (KH, KW).

The stride is a pair (rows, columns).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.stride.shared import (
    FIRST_TAP_SKIPPED,
    KERNEL_TRANSPOSED,
    LAST_TAP_SKIPPED,
    ONE_AXIS_FLIPPED,
    ONE_STRIDE_FOR_THE_OTHER,
    OUTPUT_TRANSPOSED,
    Arguments,
    Pair,
    kernel_flipped,
    stride_ignored,
)
from coursekit.checks.tasks.stride.strided_mistakes import correlated

Array = NDArray[Any]


def transposed(image: Array, kernel: Array, stride: Pair) -> Array:
    """Return the right answer, as `coursekit.reference.conv_transpose` does, but quicker for small images."""
    reach = [(size - 1) * step for size, step in zip(image.shape, stride, strict=True)]
    shape = [last + taps for last, taps in zip(reach, kernel.shape, strict=True)]
    out = np.zeros(shape, np.result_type(image, kernel))
    for (u, v), tap in np.ndenumerate(kernel):
        out[u : u + reach[0] + 1 : stride[0], v : v + reach[1] + 1 : stride[1]] += image * tap
    return out


def copies(image: Array, kernel: Array, stride: Pair) -> Iterator[tuple[tuple[slice, slice], Array]]:
    """Yield, pixel by pixel, where its copy of the kernel stands, and the copy."""
    for (row, column), pixel in np.ndenumerate(image):
        top, left = row * stride[0], column * stride[1]
        place = slice(top, top + kernel.shape[0]), slice(left, left + kernel.shape[1])
        yield place, pixel * kernel


def copies_in_the_corner(answer: Array, image: Array, kernel: Array, stride: Pair) -> Array:
    """Take the right size, and lay the copies down one pixel apart."""
    close = transposed(image, kernel, (1, 1))
    return np.pad(close, [(0, right - size) for right, size in zip(answer.shape, close.shape, strict=True)])


def last_copy_wins(answer: Array, *arguments: Any) -> Array:
    """Write each copy over those before it."""
    out = np.zeros_like(answer)
    for place, copy in copies(*arguments):
        out[place] = copy
    return out


def first_copy_wins(answer: Array, *arguments: Any) -> Array:
    """Go through the taps and write the whole image for each, over what the taps before it wrote."""
    out = np.zeros_like(answer)
    for place, copy in reversed(list(copies(*arguments))):
        out[place] = copy
    return out


def mean_on_overlap(answer: Array, image: Array, kernel: Array, stride: Pair) -> Array:
    """Divide each number by how many copies lie there."""
    counts = np.zeros(answer.shape)
    for place, _ in copies(image, kernel, stride):
        counts[place] += 1
    return answer / np.maximum(counts, 1)


def truncated_at_every_step(answer: Array, image: Array, kernel: Array, stride: Pair) -> Array:
    """Add the copies up in an array of integers, which cuts the decimals off again and again."""
    out = np.zeros(answer.shape, np.int64)
    for place, copy in copies(image, kernel, stride):
        out[place] = np.trunc(out[place] + copy)
    return out


def input_dtype_kept(answer: Array, image: Array, kernel: Array, stride: Pair) -> Array:
    """Add the copies up in an array of the image's dtype."""
    if image.dtype.kind == "f":
        return answer
    return truncated_at_every_step(answer, image, kernel, stride)


def size_is_stride_times_image(answer: Array, image: Array, kernel: Array, stride: Pair) -> Array:
    """Make the output `stride` times as large as the image; IndexError where a copy reaches beyond it."""
    if any(taps > step for taps, step in zip(kernel.shape, stride, strict=True)):
        raise IndexError("index is out of bounds")
    return np.pad(answer, [(0, step - taps) for taps, step in zip(kernel.shape, stride, strict=True)])


def cut_to_the_spread_image(answer: Array, image: Array, kernel: Array, stride: Pair) -> Array:
    """Keep as many numbers as the image has with zeros between its pixels ("same")."""
    return answer[
        tuple(
            slice((taps - 1) // 2, (taps - 1) // 2 + (size - 1) * step + 1)
            for size, taps, step in zip(image.shape, kernel.shape, stride, strict=True)
        )
    ]


def no_border(answer: Array, image: Array, kernel: Array, stride: Pair) -> Array:
    """Slide over the image with zeros between its pixels, but with none around it."""
    if any(size < 2 * taps - 1 for size, taps in zip(answer.shape, kernel.shape, strict=True)):
        raise ValueError("the kernel does not fit")
    return answer[
        tuple(slice(taps - 1, size - taps + 1) for size, taps in zip(answer.shape, kernel.shape, strict=True))
    ]


def pixels_repeated(image: Array, kernel: Array, stride: Pair) -> Arguments:
    """Repeat each pixel instead of putting zeros behind it."""
    return np.repeat(np.repeat(image, stride[0], 0), stride[1], 1), kernel, (1, 1)


MISCONCEPTIONS = (
    Misconception(
        "kernel_flipped",
        "This is what you get when the kernel is turned by half a turn before its copies are laid down.",
        "Lay the kernel down as it is. Flip it only if you slide it over an image with zeros in it.",
        "L3.29",
        before=kernel_flipped,
    ),
    Misconception(
        "stride_ignored",
        "This is what you get when the copies stand one pixel apart, whatever the stride is.",
        "The copy of the pixel in row i starts in row `i * stride[0]` of the output.",
        "L3.29",
        before=stride_ignored,
    ),
    *ONE_STRIDE_FOR_THE_OTHER,
    Misconception(
        "stride_as_zeros_between",
        "This is what you get when stride s puts s zeros between two pixels: it puts s - 1.",
        "With stride 1 nothing stands between the pixels: the copies start `stride` apart.",
        "L3.29",
        before=lambda image, kernel, stride: (image, kernel, (stride[0] + 1, stride[1] + 1)),
    ),
    *ONE_AXIS_FLIPPED,
    KERNEL_TRANSPOSED,
    FIRST_TAP_SKIPPED,
    LAST_TAP_SKIPPED,
    Misconception(
        "copies_never_overlap",
        "This is what you get when the copies stand side by side, whatever the stride is.",
        "The copies start `stride` apart. Where the kernel is longer than that, they overlap and are added.",
        "L3.29",
        before=lambda image, kernel, stride: (image, kernel, kernel.shape),
    ),
    Misconception(
        "nearest_neighbour",
        "This is the image with each pixel repeated; the kernel has no part in it.",
        "Each pixel lays down a copy of the kernel, times the pixel.",
        "L3.29",
        lambda image, kernel, stride: pixels_repeated(image, kernel, stride)[0],
    ),
    Misconception(
        "forward_correlation",
        "This is an ordinary correlation with a stride: it makes the image smaller instead of larger.",
        "Go the other way: each pixel of the image writes a whole window of the output.",
        "L3.29",
        lambda image, kernel, stride: correlated(image, kernel, stride, (1, 1)),
    ),
    Misconception(
        "stride_ignored_in_place",
        "The size is right, but the copies start one pixel apart, all in one corner.",
        "The copy of the pixel in row i starts in row `i * stride[0]` of the output, not in row i.",
        "L3.29",
        after=copies_in_the_corner,
    ),
    Misconception(
        "overwritten_on_overlap",
        "This is what you get when a copy replaces what lies under it: the last one is left.",
        "Add each copy to what is there already: `+=`, not `=`.",
        "L3.29",
        after=last_copy_wins,
    ),
    Misconception(
        "only_the_first_copy_on_overlap",
        "This is what you get when only one copy counts where several overlap: that of the first pixel.",
        "Add up all that lies on each other: `+=`, not `=`.",
        "L3.29",
        after=first_copy_wins,
    ),
    Misconception(
        "mean_on_overlap",
        "This is what you get when copies are averaged where they overlap.",
        "Add up all that lies on each other, and do not divide.",
        "L3.29",
        after=mean_on_overlap,
    ),
    Misconception(
        "truncated_at_every_step",
        "This is what you get when the copies are added up in an array of integers: decimals get lost.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.29",
        after=truncated_at_every_step,
    ),
    Misconception(
        "input_dtype_kept",
        "This is what you get when the output takes the dtype of a whole-number image: decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=image.dtype`.",
        "L3.29",
        after=input_dtype_kept,
    ),
    Misconception(
        "zeros_after_the_last_pixel",
        "This is what you get when zeros stand behind the last pixel too, and not only between the pixels.",
        "H pixels have H - 1 gaps between them: nothing stands behind the last pixel but its own copy.",
        "L3.29",
        after=lambda answer, image, kernel, stride: np.pad(answer, [(0, step - 1) for step in stride]),
    ),
    Misconception(
        "one_stride_too_large",
        "The output is one stride too large, and its far ends are full of zeros.",
        "H pixels have H - 1 steps between them: the last copy starts at `(H - 1) * stride`.",
        "L3.29",
        after=lambda answer, image, kernel, stride: np.pad(answer, [(0, step) for step in stride]),
    ),
    Misconception(
        "size_is_stride_times_image",
        "The output is stride times as large as the image: right only where kernel and stride are equal.",
        "The last copy starts at `(H - 1) * stride` and is as long as the kernel.",
        "L3.29",
        after=size_is_stride_times_image,
    ),
    Misconception(
        "cut_to_the_spread_image",
        "The middle of the answer is right, but its borders are cut off, as in mode 'same'.",
        "Keep every copy whole: the first starts in one corner of the output, the last ends in the other.",
        "L3.22",
        after=cut_to_the_spread_image,
    ),
    Misconception(
        "no_border",
        "The middle of the answer is right, but a border of K - 1 numbers is cut off at every side.",
        "Keep every copy whole. If you slide the kernel instead, put K - 1 zeros around the image first.",
        "L3.29",
        after=no_border,
    ),
    Misconception(
        "pixels_repeated",
        "This is what you get when each pixel is repeated instead of spread out with zeros.",
        "Each pixel makes one copy of the kernel, not one for each step of the stride.",
        "L3.29",
        before=pixels_repeated,
    ),
    OUTPUT_TRANSPOSED,
)
