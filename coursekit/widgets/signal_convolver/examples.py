"""The pairs of signals that the demo offers: numbers to check by hand, an echo, edges, averages, areas."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

STEP = 0.05
"""Seconds between the samples of the continuous examples."""


@dataclass(frozen=True)
class Example:
    """A pair of signals, how it is shown first, and what there is to see in it."""

    name: str
    title: str
    signal: list[float]
    kernel: list[float]
    about: str
    mode: str = "full"
    position: int = 0
    continuous: bool = False
    dt: float = 1.0

    def as_state(self) -> dict[str, Any]:
        """Return the example as the browser is sent it."""
        return asdict(self)


def _box(length: float, before: float, after: float) -> list[float]:
    """Return the samples of a box of height 1 with silence around it; all lengths in seconds."""
    counts = [round(seconds / STEP) for seconds in (before, length, after)]
    return [0.0] * counts[0] + [1.0] * counts[1] + [0.0] * counts[2]


def _decay(length: float) -> list[float]:
    """Return the samples of exp(-t), as a capacitor discharges, each at the middle of its step."""
    return np.exp(-STEP * (np.arange(round(length / STEP)) + 0.5)).round(4).tolist()  # type: ignore[no-any-return]


EXAMPLES = {
    example.name: example
    for example in (
        Example(
            "numbers",
            "small numbers",
            [1, 4, 2, 3, 5, 0, 2, 1],
            [1, 0, -1],
            "Numbers to check by hand: the left sample under the kernel minus the right one. "
            "The flip turns that round: right minus left.",
            position=4,
        ),
        Example(
            "echo",
            "a clap and its echo",
            [4, -2, 1, 0, 0, 0, 0, 0],
            [4, 0, 0, 2, 0, 0, 1],
            "With the kernel flipped, the clap comes back twice, each time half as loud. "
            "Without the flip the echo comes before the clap.",
            position=4,
        ),
        Example(
            "edge",
            "edge filter, noisy step",
            [1, 0, 1, 0, 1, 8, 9, 8, 9, 9, 8, 9],
            [-1, 0, 1],
            "The output is largest where the signal jumps. At the ends of full the filter sees false edges: "
            "the zeros around the signal.",
            mode="valid",
            position=6,
        ),
        Example(
            "average",
            "moving average",
            [3, 5, 2, 6, 4, 12, 4, 6, 3, 5, 2, 4],
            [0.2, 0.2, 0.2, 0.2, 0.2],
            "Five samples share their sum: the peak becomes low and wide. At the ends zeros are averaged in.",
            mode="same",
            position=8,
        ),
        Example(
            "boxes",
            "box with box",
            _box(1, 1, 1),
            _box(1, 0, 0),
            "Two boxes of width 1 and height 1 give a triangle: the output is the area where they overlap.",
            position=45,
            continuous=True,
            dt=STEP,
        ),
        Example(
            "decay",
            "box with decaying exponential",
            _box(2, 1, 2),
            _decay(3),
            "With the kernel flipped, the output charges while the box lasts and then discharges, "
            "as a capacitor does.",
            position=55,
            continuous=True,
            dt=STEP,
        ),
    )
}
