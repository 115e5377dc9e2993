"""Run the benchmarks, all or those that are named: `python -m benchmarks [import_time] [grade_class]`."""

from __future__ import annotations

import os
import platform
import sys

from benchmarks import grade_class, import_time

BENCHMARKS = {"import_time": import_time.main, "grade_class": grade_class.main}


def main() -> int:
    """Print the machine, then each benchmark's table; 2 for a name that is none."""
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"a benchmark must be one of {', '.join(BENCHMARKS)}; got {unknown[0]!r}", file=sys.stderr)
        return 2
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}"
    print(f"{machine}, Python {platform.python_version()}")
    for name in names:
        print(f"\n{name}")
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
