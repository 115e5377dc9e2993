"""`python -m tests.fuzz TARGET --seconds 600`: look for an input that breaks a promise of one parser."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LONGEST = 4096  # bytes of an input
# target: the modules whose branches lead the fuzzer
TARGETS = {
    "wire": ["autograder.sandbox.wire"],
    "answer": [
        "autograder.sandbox.wire",
        "autograder.sandbox.trusted.session",
        "autograder.sandbox.trusted.implementations",
        "coursekit.checks.values",
        "coursekit.checks.rules",
    ],
    "notebook": ["autograder.submission"],
}


def main() -> None:
    """Run libFuzzer; it ends the process: 0 if nothing was found, another code with the input on disk."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    bound = parser.add_mutually_exclusive_group()
    bound.add_argument("--seconds", type=int, default=60, help="how long to look (default 60)")
    bound.add_argument("--runs", type=int, help="how many inputs to try instead; with --seed the same ones")
    parser.add_argument("--seed", type=int, default=0, help="of the mutations; 0 draws one")
    parser.add_argument("--found", type=Path, default=Path.cwd(), help="folder for the input that breaks it")
    options = parser.parse_args()

    import atheris  # here, so that --help works where it cannot be installed

    with atheris.instrument_imports(include=TARGETS[options.target]):
        target = importlib.import_module(f"tests.fuzz.{options.target}")
    options.found.mkdir(parents=True, exist_ok=True)
    kept = Path(tempfile.mkdtemp(prefix="fuzz-"))  # the fuzzer writes what it learns into the first folder
    arguments = [
        sys.argv[0],
        str(kept),
        *(str(folder) for name in ("corpus", "found") if (folder := HERE / name / options.target).is_dir()),
        f"-dict={HERE / 'tokens.dict'}",
        f"-max_len={LONGEST}",
        f"-seed={options.seed}",
        f"-artifact_prefix={options.found}/{options.target}-",
        "-timeout=60",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        f"-runs={options.runs}" if options.runs else f"-max_total_time={options.seconds}",
    ]
    print(f"{time.strftime('%H:%M:%S')} fuzzing {options.target}; new inputs in {kept}", file=sys.stderr)
    atheris.Setup(arguments, target.try_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
