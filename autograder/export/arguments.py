"""The arguments of `autograder export`: apart, so that the command line starts without nbgrader."""

from __future__ import annotations

import argparse
from pathlib import Path

TARGETS = ("canvas", "moodle", "csv")


def add_export_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of `autograder export`."""
    command.add_argument(
        "stems", metavar="STEM", nargs="*", help="assignments (default: all in the gradebook)"
    )
    command.add_argument(
        "--to", choices=TARGETS, default="csv", help="for what (default: csv, a spreadsheet)"
    )
    command.add_argument("--per-task", action="store_true", help="one column per task")
    command.add_argument(
        "--template",
        type=Path,
        metavar="FILE",
        help="fill in this CSV file, downloaded from Canvas or Moodle",
    )
    command.add_argument(
        "--column", default="", metavar="NAME", help="the assignment's name there, if it is not STEM"
    )
    command.add_argument("--scale", action="store_true", help="scale to the points that the template counts")
    command.add_argument(
        "--output", metavar="FILE", help="the file to write ('-': stdout; default: reports/grades-*.csv)"
    )
    command.add_argument(
        "--course-dir", type=Path, default=Path(), metavar="DIR", help="the course root (default: here)"
    )
