"""Why the output of an operation on channels has the shape and the numbers it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.checks.tasks.written import factor, products
from coursekit.shapes import Derivation, Step

MOST_PRODUCTS = 24  # of more, only the sum of each channel is written out


def count_of(axis: str, what: str, where: str, count: int) -> tuple[str, Derivation]:
    """Return an axis whose size is a number of things: "maps", "kernels", "kernel.shape[0]", 3."""
    return axis, Derivation([Step.of(what, what, where, count)])


def weighted_sum(window: Any, kernel: Any, bias: Any = None) -> str:
    """Return the sum of products of two arrays (C, ...), channel by channel: "(2·3 + 4·8) + (1·5 + 2·2) + 7".

    The last number is the bias. Of long sums only each channel's result is shown.
    """
    if window.size > MOST_PRODUCTS:
        parts = [
            f"{factor(np.sum(seen * taps))} (channel {channel})"
            for channel, (seen, taps) in enumerate(zip(window, kernel, strict=True))
        ]
    else:
        pairs = zip(window, kernel, strict=True)
        parts = _bracketed([products(np.ravel(seen), np.ravel(taps)) for seen, taps in pairs])
    if bias is not None:
        parts.append(f"{factor(bias)} (bias)")
    return " + ".join(parts)


def _bracketed(sums: Sequence[str]) -> list[str]:
    if len(sums) == 1 or not any(" + " in text for text in sums):
        return list(sums)
    return [f"({text})" for text in sums]
