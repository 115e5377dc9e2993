"""The command `coursekit`, for students and lecturers: `coursekit lab`, `coursekit doctor`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from coursekit.doctor import examine_machine


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something is missing, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        "coursekit", description="Open the course, or see whether it can run here."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    lab = commands.add_parser("lab", help="open JupyterLab with the lectures and exercises")
    lab.add_argument("--course-dir", type=Path, default=Path(), help="the course's folder (default: here)")
    commands.add_parser("doctor", help="try whether this machine has what the course needs")
    options, more = parser.parse_known_args(arguments)
    if options.command == "doctor":
        if more:
            parser.error(f"doctor takes no arguments; got {more}")
        return 1 if examine_machine(print) else 0
    return open_lab(options.course_dir, more)


def open_lab(course: Path, more: Sequence[str]) -> int:
    """Replace this process by JupyterLab on the course's folder; `more` goes to `jupyter lab` as it is."""
    if not (course / "lectures").is_dir():
        print(
            f"--course-dir must be the course's folder, with lectures/ in it; got {str(course)!r}",
            file=sys.stderr,
        )
        return 2
    jupyter = shutil.which(
        "jupyter", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    )
    if jupyter is None:
        print("JupyterLab is not installed. Run: pip install --editable '.[lab]'", file=sys.stderr)
        return 1
    return os.execv(jupyter, [jupyter, "lab", f"--notebook-dir={course}", *more])


if __name__ == "__main__":
    sys.exit(main())
