"""The command `coursekit`, for students and lecturers: `coursekit lab [--lecture 03]`, `coursekit doctor`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from coursekit.doctor import examine_machine

HOW_TO_PRESENT = (
    "To present: Run > Run All Cells, then the slides button at the right of the notebook's toolbar. "
    "Space and the arrows turn the slides, F11 fills the screen, Ctrl and + makes the type larger."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something is missing, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        "coursekit", description="Open the course, or see whether it can run here."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    lab = commands.add_parser("lab", help="open JupyterLab with the lectures and exercises")
    lab.add_argument("--course-dir", type=Path, default=Path(), help="the course's folder (default: here)")
    lab.add_argument(
        "--lecture",
        metavar="NUMBER",
        help="open this lecture, ready to present: its number or stem, such as 03",
    )
    commands.add_parser("doctor", help="try whether this machine has what the course needs")
    options, more = parser.parse_known_args(arguments)
    if options.command == "doctor":
        if more:
            parser.error(f"doctor takes no arguments; got {more}")
        return 1 if examine_machine(print) else 0
    return open_lab(options.course_dir, more, options.lecture)


def open_lab(course: Path, more: Sequence[str], lecture: str | None = None) -> int:
    """Replace this process by JupyterLab on the course's folder; `more` goes to `jupyter lab` as it is.

    With a `lecture` it opens that notebook and says how to show it as slides.
    """
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
    command = [jupyter, "lab", f"--notebook-dir={course}"]
    if lecture is not None:
        notebook = find_lecture(course, lecture)
        if notebook is None:
            stems = ", ".join(sorted(path.stem for path in (course / "lectures").glob("[0-9]*.ipynb")))
            print(f"--lecture must name one of {stems}; got {lecture!r}", file=sys.stderr)
            return 2
        command.append(f"--LabApp.default_url=/lab/tree/lectures/{notebook.name}")
        print(HOW_TO_PRESENT)
    return os.execv(jupyter, [*command, *more])


def find_lecture(course: Path, name: str) -> Path | None:
    """Return the one lecture with this number or stem; None for no or several."""
    found = [
        path
        for path in (course / "lectures").glob("[0-9]*.ipynb")
        if name in (path.stem, path.stem.partition("_")[0], path.stem.partition("_")[0].lstrip("0"))
    ]
    return found[0] if len(found) == 1 else None


if __name__ == "__main__":
    sys.exit(main())
