"""Run the benchmarks, all or those that are named.

    python -m benchmarks [--write] [--max N] [NAME ...]

NAME is import_time, correlate, growth, gpu, grading, grading_growth, grading_scaling, watching, prices or
widgets.
Without --write nothing is written: the tables are printed. With it, the benchmarks that have results to keep
write them to benchmarks/results. Exit status 2: a name is none of them, or the machine lacks what one needs.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.results import CannotMeasureError, Results, describe_machine, describe_versions


def _when_asked(module: str) -> Callable[..., Results | None]:
    """Return the benchmark in `module`, imported when it is run: each needs other packages."""

    def run(**options: Any) -> Results | None:
        results: Results | None = importlib.import_module(module).main(**options)
        return results

    return run


BENCHMARKS: dict[str, Callable[..., Results | None]] = {
    "import_time": _when_asked("benchmarks.import_time"),
    "correlate": _when_asked("benchmarks.correlate"),
    "growth": _when_asked("benchmarks.growth"),
    "gpu": _when_asked("benchmarks.gpu"),
    "grading": _when_asked("benchmarks.grading"),
    "grading_growth": _when_asked("benchmarks.grading.growth"),
    "grading_scaling": _when_asked("benchmarks.grading.scaling"),
    "watching": _when_asked("benchmarks.grading.watching"),
    "prices": _when_asked("benchmarks.prices"),
    "widgets": _when_asked("benchmarks.widgets"),
}
# what the library is built with; what needs a browser or a GPU; what takes long
ONLY_BY_NAME = {"prices", "widgets", "gpu", "grading", "grading_growth", "grading_scaling", "watching"}
QUIET = 0.5  # load average of the last minute, of other programs


def main(arguments: list[str] | None = None) -> int:
    """Print the machine, then each benchmark's table; with --write, keep the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the results to benchmarks/results")
    parser.add_argument(
        "--max",
        type=int,
        metavar="N",
        help="largest class of grading_growth (10000)",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in BENCHMARKS:
            print(f"a benchmark must be one of {', '.join(BENCHMARKS)}; got {name!r}", file=sys.stderr)
            return 2
    print(describe_machine())
    print(", ".join(f"{package} {version}" for package, version in describe_versions().items()))
    if hasattr(os, "getloadavg") and os.getloadavg()[0] > QUIET:
        print(
            f"NOT QUIET: the load is {os.getloadavg()[0]:.1f} before the start; take no figures from this run"
        )
    for name in options.names or [name for name in BENCHMARKS if name not in ONLY_BY_NAME]:
        print(f"\n{name}", flush=True)
        limited = name == "grading_growth" and options.max is not None
        try:
            results = BENCHMARKS[name](**({"largest": options.max} if limited else {}))
        except CannotMeasureError as error:
            print(f"{name} cannot be measured here: {error}", file=sys.stderr)
            return 2
        if results is not None:
            print(f"\n{results.text}")
            if options.write:
                print("\nwritten: " + ", ".join(map(str, results.write())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
