"""The sums and sizes that reports write out, the same in all exercises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from coursekit.shapes import Derivation, DerivedNumber, Step

Axes = tuple[tuple[str, Derivation], ...]  # for each axis, what it counts and the steps to its size

# What an axis counts, and its size as the notebooks write it: strides and the floor come in exercise 6.
VALID = {
    1: (("numbers", "N - K + 1"),),
    2: (("rows", "H - h + 1"), ("columns", "W - w + 1")),
}


def factor(number: Any) -> str:
    """Return a number as a factor or a summand: a negative one in brackets, with a true minus sign."""
    return f"{number:g}" if number >= 0 else f"({number:g})".replace("-", "−")


def products(seen: Iterable[Any], taps: Iterable[Any]) -> str:
    """Return a sum of products: "2·3 + 4·8"."""
    return " + ".join(f"{factor(one)}·{factor(tap)}" for one, tap in zip(seen, taps, strict=True))


def valid_sizes(sizes: Sequence[int], taps: Sequence[int]) -> Axes:
    """Return, for each axis, the sum that gives the number of windows inside the input."""
    return tuple(
        (axis, Derivation([Step.of(formula, formula, f"{size} - {count} + 1", size - count + 1)]))
        for (axis, formula), size, count in zip(VALID[len(taps)], sizes, taps, strict=True)
    )


def chosen_steps(sizes: Iterable[DerivedNumber], names: Iterable[Sequence[str]]) -> Axes:
    """Return, for rows and columns, those steps of the derivations whose `names` are wanted."""
    return tuple(
        (axis, Derivation(step for step in size.derivation if step.name in wanted))
        for axis, size, wanted in zip(("rows", "columns"), sizes, names, strict=True)
    )
