"""The reference's correlation and its gradients against PyTorch, on the same CPU and as many threads.

Budgets: over the 2-D convolutions the geometric mean of our time / PyTorch's is at most 1.0, and none is
over 1.6; backward none is over 2.0. For one channel, SciPy's times stand beside them.
"""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

from benchmarks.correlate.report import draw, text
from benchmarks.results import Results
from benchmarks.timing import in_fresh_process, thread_counts


def main() -> Results | None:
    """Measure in one fresh process per number of threads; None, and a sentence, without PyTorch."""
    if importlib.util.find_spec("torch") is None:
        print("  left out: it compares with PyTorch, which is not installed; see: tools/need torch PYTHON")
        return None
    measurements: list[dict[str, Any]] = []
    for threads in thread_counts():
        print(f"  threads: {threads} ", end="", file=sys.stderr, flush=True)
        measurements += in_fresh_process("benchmarks.correlate.measure", str(threads), threads=threads)
        print(file=sys.stderr)
    return Results("correlate", measurements, text(measurements), lambda: draw(measurements))
