"""`python -m tests.faults --kills 200`: the campaign and its figures; exit 1 if a promise was broken."""

from __future__ import annotations

import argparse
import multiprocessing
import secrets
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.faults.campaign import Figures, graded_without_a_fault, run_share


def main() -> int:
    """Run the campaign as the command line says."""
    parser = argparse.ArgumentParser(
        "python -m tests.faults", description="Kill graders; audit what is left."
    )
    parser.add_argument("--kills", type=int, default=200, help="of the grader, with SIGKILL (default: 200)")
    parser.add_argument("--seed", type=int, default=None, help="of what is random (default: a new one)")
    parser.add_argument("--copies", type=int, default=1, help="of each student of the sample class")
    parser.add_argument("--side-by-side", type=int, default=2, help="classes at a time (default: 2)")
    options = parser.parse_args()
    seed = secrets.randbits(32) if options.seed is None else options.seed
    print(f"seed {seed}: --seed {seed} draws the same kills", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    started = time.monotonic()
    shares = [options.kills // options.side_by_side + (n < options.kills % options.side_by_side)
              for n in range(options.side_by_side)]  # fmt: skip
    reference = graded_without_a_fault(folder / "reference", options.copies)
    figures = Figures()
    with ProcessPoolExecutor(options.side_by_side, multiprocessing.get_context("spawn")) as pool:
        parts = [
            pool.submit(run_share, folder / str(n), reference.root, seed + n, options.copies, share)
            for n, share in enumerate(shares)
        ]
        for part in parts:
            figures.add(part.result())
    figures.seconds = time.monotonic() - started
    print(describe(figures))
    if not figures.violations:
        shutil.rmtree(folder)
    return 1 if figures.violations else 0


def describe(figures: Figures) -> str:
    """The figures as a table."""
    kills = sum(figures.kills.values())
    runs = f"{figures.runs} runs of {figures.classes} classes"
    lines = [f"{kills} kills -9 of the grader in {runs}, {figures.seconds:.0f} s"]
    for title, counts in (
        ("killed -9, by phase", figures.kills),
        ("just before the call", figures.calls),
        ("other victims and signals", figures.others),
        ("left half way, and mended by the next run", figures.windows),
    ):
        lines += [f"{title}:", *(f"  {count:5}  {name}" for name, count in sorted(counts.items()))]
    return "\n".join([*lines, f"violations: {len(figures.violations)}", *figures.violations])


if __name__ == "__main__":
    sys.exit(main())
