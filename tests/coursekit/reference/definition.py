"""Correlation as it is defined, one window after the other, and random cases to compare with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from tests.coursekit.libraries import Array, whole_numbers

Pairs = Sequence[tuple[int, int]]


def ends_of(mode: str, taps: Sequence[int], dilation: Sequence[int], padding: Pairs) -> Pairs:
    """Return (zeros before, zeros after) per axis: for 'same' the front gets the odd one."""
    spans = [apart * (count - 1) + 1 for count, apart in zip(taps, dilation, strict=True)]
    if mode == "same":
        return [(span - 1 - (span - 1) // 2, (span - 1) // 2) for span in spans]
    return [(span - 1, span - 1) for span in spans] if mode == "full" else padding


def correlation_by_definition(
    image: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    stride: Sequence[int],
    ends: Pairs,
    dilation: Sequence[int],
    groups: int = 1,
) -> Array:
    """Return (N, F, *positions) for image (N, C, *spatial) and kernel (F, C // groups, *taps)."""
    padded = np.pad(image, [(0, 0), (0, 0), *ends])
    spans = [apart * (taps - 1) + 1 for taps, apart in zip(kernel.shape[2:], dilation, strict=True)]
    starts = [
        range(0, size - span + 1, step)
        for size, span, step in zip(padded.shape[2:], spans, stride, strict=True)
    ]
    kernels, in_group = kernel.shape[:2]
    out = np.zeros((image.shape[0], kernels, *map(len, starts)), np.result_type(image, kernel))
    for position, start in zip(np.ndindex(*out.shape[2:]), product(*starts), strict=True):
        window = tuple(
            slice(first, first + span, apart)
            for first, span, apart in zip(start, spans, dilation, strict=True)
        )
        for f in range(kernels):
            first = f // (kernels // groups) * in_group
            products = padded[(slice(None), slice(first, first + in_group), *window)] * kernel[f]
            out[(slice(None), f, *position)] = products.sum(axis=tuple(range(1, image.ndim)))
            if bias is not None:
                out[(slice(None), f, *position)] += bias[f]
    return out


@dataclass(frozen=True)
class Case:
    """The shapes and parameters of one correlation, as a caller writes them."""

    image: tuple[int, ...]
    kernel: tuple[int, ...]
    with_bias: bool
    parameters: dict[str, Any] = field(default_factory=dict)

    def arrays(self, *, flip: bool = False) -> tuple[Array, Array, Array | None, Array]:
        """Return image, kernel, bias and what the definition makes of them; `flip` for a convolution."""
        image, kernel = whole_numbers(self.image), whole_numbers(self.kernel, 1)
        bias = whole_numbers(self.kernel[:1], 2, largest=99) if self.with_bias else None
        given = self.parameters
        taps = self.kernel[2:]
        expected = correlation_by_definition(
            image,
            np.flip(kernel, tuple(range(2, kernel.ndim))) if flip else kernel,
            bias,
            stride=given["stride"],
            ends=ends_of(given["mode"], taps, given["dilation"], given["padding"]),
            dilation=given["dilation"],
            groups=given["groups"],
        )
        return image, kernel, bias, expected


def random_case(rng: np.random.Generator, axes: int, *, suits_winograd: bool = False) -> Case:
    """Draw a case with `axes` spatial axes whose kernel fits."""

    def numbers(least: int, most: int) -> tuple[int, ...]:
        return tuple(map(int, rng.integers(least, most + 1, axes)))

    groups = int(rng.choice([1, 1, 2, 3]))
    in_group, kernels = int(rng.integers(1, 4)), groups * int(rng.integers(1, 6))
    taps = (3, 3) if suits_winograd else numbers(1, 4)
    ones = (1,) * axes
    stride, dilation = (ones, ones) if suits_winograd else (numbers(1, 3), numbers(1, 3))
    mode = str(rng.choice(["valid", "valid", "same", "full"]))
    padding = tuple(zip(numbers(0, 3), numbers(0, 3), strict=True)) if mode == "valid" else ((0, 0),) * axes
    # Enough pixels for one window at least.
    spatial = tuple(
        max(size, apart * (count - 1) + 1 - sum(ends) if mode == "valid" else 1)
        for size, count, apart, ends in zip(
            numbers(1, 8 if axes < 3 else 4), taps, dilation, padding, strict=True
        )
    )
    return Case(
        (int(rng.choice([0, 1, 1, 3])), groups * in_group, *spatial),
        (kernels, in_group, *taps),
        bool(rng.integers(2)),
        {"mode": mode, "stride": stride, "padding": padding, "dilation": dilation, "groups": groups},
    )


def random_cases(count: int, axes: int, seed: int = 0, *, suits_winograd: bool = False) -> list[Case]:
    """Draw `count` cases, the same ones in every run."""
    rng = np.random.default_rng([seed, axes])
    return [random_case(rng, axes, suits_winograd=suits_winograd) for _ in range(count)]
