"""Why the output of an operation on channels has the shape and the numbers it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.shapes import Derivation, Step

AXES = (("rows", "H - h + 1"), ("columns", "W - w + 1"))  # as the notebook writes their sizes
MOST_PRODUCTS = 24  # of more, only the sum of each channel is written out


def count_of(axis: str, what: str, where: str, count: int) -> tuple[str, Derivation]:
    """Return an axis whose size is a number of things: "maps", "kernels", "kernel.shape[0]", 3."""
    return axis, Derivation([Step.of(what, what, where, count)])


def valid_sizes(image: Any, kernel: Any) -> tuple[tuple[str, Derivation], ...]:
    """Return, for rows and columns, which are the last two axes, the sum that gives their number."""
    return tuple(
        (axis, Derivation([Step.of(formula, formula, f"{size} - {taps} + 1", size - taps + 1)]))
        for (axis, formula), size, taps in zip(AXES, image.shape[-2:], kernel.shape[-2:], strict=True)
    )


def weighted_sum(window: Any, kernel: Any, bias: Any = None) -> str:
    """Return the sum of products of two arrays (C, ...), channel by channel: "(2·3 + 4·8) + (1·5 + 2·2) + 7".

    The last number is the bias. Of long sums only each channel's result is shown.
    """
    if window.size > MOST_PRODUCTS:
        parts = [
            f"{_factor(np.sum(seen * taps))} (channel {channel})"
            for channel, (seen, taps) in enumerate(zip(window, kernel, strict=True))
        ]
    else:
        parts = _bracketed([_products(seen, taps) for seen, taps in zip(window, kernel, strict=True)])
    if bias is not None:
        parts.append(f"{_factor(bias)} (bias)")
    return " + ".join(parts)


def _bracketed(sums: Sequence[str]) -> list[str]:
    if len(sums) == 1 or not any(" + " in text for text in sums):
        return list(sums)
    return [f"({text})" for text in sums]


def _products(seen: Any, taps: Any) -> str:
    pairs = zip(np.ravel(seen), np.ravel(taps), strict=True)
    return " + ".join(f"{_factor(number)}·{_factor(tap)}" for number, tap in pairs)


def _factor(number: Any) -> str:
    return f"{number:g}" if number >= 0 else f"({number:g})".replace("-", "−")
