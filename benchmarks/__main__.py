"""Run the benchmarks, all or those that are named.

    python -m benchmarks [--write] [import_time] [correlate] [growth] [grade_class] [prices] [widgets]

Without --write nothing is written: the tables are printed. With it, the benchmarks that have results to keep
write them to benchmarks/results. Exit status 2: a name is none of them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from benchmarks import correlate, grade_class, growth, import_time, prices, widgets
from benchmarks.results import Results, describe_machine, describe_versions

BENCHMARKS: dict[str, Callable[[], Results | None]] = {
    "import_time": import_time.main,
    "correlate": correlate.main,
    "growth": growth.main,
    "grade_class": grade_class.main,
    "prices": prices.main,
    "widgets": widgets.main,
}
ONLY_BY_NAME = {"prices", "widgets"}  # what the library is built with; what needs a browser
QUIET = 0.5  # load average of the last minute, of other programs


def main(arguments: list[str] | None = None) -> int:
    """Print the machine, then each benchmark's table; with --write, keep the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the results to benchmarks/results")
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
        results = BENCHMARKS[name]()
        if results is not None:
            print(f"\n{results.text}")
            if options.write:
                print("\nwritten: " + ", ".join(map(str, results.write())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
