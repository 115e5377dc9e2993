"""Run the benchmarks, all or those that are named.

    python -m benchmarks [--write] [--max N] [NAME ...]

NAME is import_time, correlate, growth, grading, grading_growth, grading_scaling, watching, prices or widgets.
Without --write nothing is written: the tables are printed. With it, the benchmarks that have results to keep
write them to benchmarks/results. Exit status 2: a name is none of them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from benchmarks import correlate, grading, growth, import_time, prices, widgets
from benchmarks.grading import growth as grading_growth
from benchmarks.grading import scaling, watching
from benchmarks.results import Results, describe_machine, describe_versions

BENCHMARKS: dict[str, Callable[..., Results | None]] = {
    "import_time": import_time.main,
    "correlate": correlate.main,
    "growth": growth.main,
    "grading": grading.main,
    "grading_growth": grading_growth.main,
    "grading_scaling": scaling.main,
    "watching": watching.main,
    "prices": prices.main,
    "widgets": widgets.main,
}
# what the library is built with; what needs a browser; what takes long
ONLY_BY_NAME = {"prices", "widgets", "grading", "grading_growth", "grading_scaling", "watching"}
QUIET = 0.5  # load average of the last minute, of other programs


def main(arguments: list[str] | None = None) -> int:
    """Print the machine, then each benchmark's table; with --write, keep the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the results to benchmarks/results")
    parser.add_argument(
        "--max",
        type=int,
        default=grading_growth.SIZES[-1],
        metavar="N",
        help="largest class of grading_growth",
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
        results = BENCHMARKS[name](**({"largest": options.max} if name == "grading_growth" else {}))
        if results is not None:
            print(f"\n{results.text}")
            if options.write:
                print("\nwritten: " + ", ".join(map(str, results.write())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
