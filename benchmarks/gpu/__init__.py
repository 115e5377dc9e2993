"""The kernels of the course on CuPy against cuDNN, through PyTorch, on the same GPU in one process.

Targets, in float32 without TF32: the geometric mean of our time / cuDNN's is at most 1.5, none is over 3, and
each kernel of the story is faster than the one before.
"""

from __future__ import annotations

import secrets

from benchmarks.results import Results


def main() -> Results:
    """Measure on this machine's GPU; CannotMeasureError, which names all that is missing, where it cannot."""
    from benchmarks.gpu.place import this_gpu

    place = this_gpu()
    from benchmarks.gpu.cases import CASES, POOLINGS
    from benchmarks.gpu.measure import ceilings, measurements
    from benchmarks.gpu.report import draw, text

    seed = secrets.randbits(32)  # new numbers in each run
    card = {"what": "card", **place.described, "seed": str(seed), "ceilings": ceilings(place)}
    done = [card, *measurements(place, CASES, POOLINGS, seed)]
    return Results("gpu", done, text(done), lambda: draw(done))
