"""A network of one's own: for exercises in which every student works out other numbers.

It is drawn from the student's id and from nothing else, so a notebook and the grader find the same one.
No answer stands here, and no formula of the exercise: sizes are drawn from the last map back to the image.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from coursekit.errors import ParameterError

Plain = tuple[Any, ...]  # one layer
Network = tuple[tuple[int, int, int], list[Plain]]
Pair = tuple[int, int]

CHANNELS = 3  # a colour image
STRIDE, PADDING = 2, 3  # of the first convolution
POOLING_STRIDE = 2
# What is drawn, so that every usual mistake gives a wrong number of its own. Pairs are (rows, columns).
FIRST_KERNELS = (8, 9, 10, 11, 12)
FIRST_SIZES = ((4, 5), (5, 4), (5, 6), (6, 5), (4, 6), (6, 4))
POOLING_SIZES = ((3, 5), (5, 3))
SECOND_KERNELS = (13, 14, 17, 18, 19)
SECOND_SIZES = ((2, 3), (3, 2), (2, 4), (4, 2), (3, 4), (4, 3))
LAST_MAPS = ((3, 7), (7, 3), (2, 8), (8, 2))
OUTPUTS = (4, 15, 16, 17)
DRAWN = (FIRST_KERNELS, FIRST_SIZES, POOLING_SIZES, SECOND_KERNELS, SECOND_SIZES, LAST_MAPS, OUTPUTS)


def my_network(student: str) -> Network:
    """Return the network that belongs to a student's id: always the same one for the same id.

    Parameters
    ----------
    student : your id, a text; spaces at its ends do not count, capital letters do

    Returns
    -------
    image_shape, layers
        (channels, height, width) of the image, and the list of layers it goes through. A layer is one of
        ("convolution", (kernels, channels, height, width), stride, padding, bias),
        ("pooling", (height, width), stride), ("dense", (outputs, inputs), bias) and ("relu",).

    Raises
    ------
    ParameterError
        `student` is not a text, or holds nothing but spaces.
    """
    if not isinstance(student, str) or not student.strip():
        raise ParameterError(f"student must be your id, a text such as 'ada'; got {student!r}")
    digest = hashlib.sha256(student.strip().encode("utf-8", "surrogatepass")).digest()
    return network_number(int.from_bytes(digest, "big"))


def network_number(number: int) -> Network:
    """Return the network of this number >= 0: two are the same where they differ by how many there are."""
    drawn: list[Any] = []
    for choices in DRAWN:
        number, place = divmod(number, len(choices))
        drawn.append(choices[place])
    kernels, size, pooling, more_kernels, next_size, last, outputs = drawn
    pooled = _before(last, next_size, stride=1, over=0)
    maps = _before(pooled, pooling, stride=POOLING_STRIDE, over=1)
    padded = _before(maps, size, stride=STRIDE, over=1)
    layers: list[Plain] = [
        ("convolution", (kernels, CHANNELS, *size), STRIDE, PADDING, True),
        ("relu",),
        ("pooling", pooling, POOLING_STRIDE),
        ("convolution", (more_kernels, kernels, *next_size), 1, 0, False),
        ("relu",),
        ("dense", (outputs, more_kernels * last[0] * last[1]), True),
    ]
    return (CHANNELS, padded[0] - 2 * PADDING, padded[1] - 2 * PADDING), layers


def _before(positions: Sequence[int], window: Sequence[int], *, stride: int, over: int) -> Pair:
    """Return the rows and columns in which a window has so many positions, `over` of them left over."""
    rows, columns = ((n - 1) * stride + k + over for n, k in zip(positions, window, strict=True))
    return rows, columns
