"""Write, or check, the pages that say which mistakes the checks of the exercises catch.

    python tools/kill_matrix.py                     write coursekit/checks/README.md and docs/kill_matrix/
    python tools/kill_matrix.py --check [STEM ...]  write nothing; exit with 1 if a page would change
    python tools/kill_matrix.py --survivors TASK    print the mutants of a solution that no case catches

With stems, only the pages of these exercises are written or checked, and not the numbers of the course.
Exit status 0: all is written, or as it should be, or nothing survives; 1: not so; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # this repository's coursekit, whichever is installed

from coursekit.checks import find_task, tasks_of  # noqa: E402
from coursekit.checks.registry import EXERCISES, optional_tasks_of  # noqa: E402
from coursekit.errors import ParameterError  # noqa: E402
from tools.mutants.gate import survivors_of, unlisted  # noqa: E402
from tools.mutants.generate import mutants_of  # noqa: E402
from tools.mutants.matrix import Matrix, matrix_of  # noqa: E402
from tools.mutants.picture import picture  # noqa: E402
from tools.mutants.solutions import solution_of  # noqa: E402
from tools.mutants.tables import exercise_page, numbers  # noqa: E402

README = "coursekit/checks/README.md"
FOLDER = "docs/kill_matrix"
NUMBERS = "<!-- numbers: written by tools/kill_matrix.py -->\n"


def pages(stems: Sequence[str]) -> dict[str, str]:
    """Return the text of each page by its path from the repository's root."""
    matrices = {
        stem: [matrix_of(task) for task in (*tasks_of(stem), *optional_tasks_of(stem))]
        for stem in stems or EXERCISES
    }
    found = {}
    for stem, mine in matrices.items():
        found[f"{FOLDER}/{stem}.md"] = exercise_page(stem, mine)
        found[f"{FOLDER}/{stem}.svg"] = picture(stem, mine)
    if not stems:
        found[README] = readme(matrices)
    return found


def readme(matrices: Mapping[str, Sequence[Matrix]]) -> str:
    """Return the page on the checks: its own words as they are, and below the mark the numbers of today."""
    words, _, _ = (ROOT / README).read_text(encoding="utf-8").partition(NUMBERS)
    return f"{words}{NUMBERS}\n{numbers(matrices)}\n"


def difference(path: str, wanted: str) -> str:
    """Return how a file differs from what it should be, "" if it does not."""
    file = ROOT / path
    there = file.read_text(encoding="utf-8") if file.exists() else ""
    lines = unified_diff(there.splitlines(), wanted.splitlines(), path, "wanted", lineterm="", n=0)
    return "\n".join(line[:300] for line in list(lines)[:40])


def print_survivors(name: str) -> int:
    """Print the rows for the table of equivalents that a task lacks, and return the exit status."""
    solution = solution_of(find_task(name))
    if solution is None:
        print(f"no notebook in solutions/ has a cell {name}-answer")
        return 1
    left = unlisted(solution.task, survivors_of(solution, mutants_of(solution.source)))
    for survivor in left:
        row = ", ".join(json.dumps(line) for line in survivor.change)
        print(f"    [{row}],  # {survivor.mutant.operator}; passes {', '.join(survivor.passes)}")
    return 1 if left else 0


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status that the module's docstring promises."""
    warnings.simplefilter("ignore")  # wrong code divides by zero
    parser = argparse.ArgumentParser(prog="python tools/kill_matrix.py", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if a page would change"
    )
    parser.add_argument(
        "--survivors", metavar="TASK", help="print the mutants of TASK's solution that survive"
    )
    parser.add_argument(
        "stems", nargs="*", choices=[*EXERCISES, []], metavar="STEM", help="an exercise, as 06_stride"
    )
    options = parser.parse_args(arguments)
    if options.survivors:
        try:
            return print_survivors(options.survivors)
        except ParameterError as error:
            parser.error(str(error))
    status = 0
    for path, text in pages(options.stems).items():
        changes = difference(path, text)
        if options.check and changes:
            print(f"{changes}\nrepair: python tools/kill_matrix.py")
            status = 1
        elif changes:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text, encoding="utf-8")
            print(f"written: {path}")
    return status


if __name__ == "__main__":
    sys.exit(main())
