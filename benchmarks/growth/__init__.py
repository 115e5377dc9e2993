"""How the time of each algorithm grows with image, kernel and channels, against the textbook's formulas.

Also where the default switches from one algorithm to another, and where the measured curves cross.
"""

from __future__ import annotations

import sys

from benchmarks.growth.report import draw, text
from benchmarks.results import Results
from benchmarks.timing import in_fresh_process


def main() -> Results:
    """Measure in a fresh process on one thread, so that the slopes are those of the algorithms alone."""
    print("  ", end="", file=sys.stderr, flush=True)
    sweeps = in_fresh_process("benchmarks.growth.measure", threads=1)
    print(file=sys.stderr)
    return Results("growth", sweeps, text(sweeps), lambda: draw(sweeps))
