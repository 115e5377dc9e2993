"""TRUSTED: the options of `autograder watch`; light, for every command reads them."""

from __future__ import annotations

import argparse
from pathlib import Path

WATCH = (
    "Grade each submission as it arrives, in nbgrader's exchange, in a drop folder or in submitted/, and put "
    "the feedback where its student finds it: `nbgrader fetch_feedback` gets it from the exchange. "
    "End it with Ctrl-C or SIGTERM; what arrives meanwhile is graded when it is started again."
)


def add_watch_arguments(command: argparse.ArgumentParser) -> None:
    """The options of `autograder watch` but those that all commands have."""
    command.add_argument(
        "stems", metavar="STEM", nargs="*", help="the assignments (default: all of the course)"
    )
    command.add_argument(
        "--drop",
        type=Path,
        metavar="FOLDER",
        help="watch this folder too: FOLDER/STUDENT/STEM.ipynb, STEM.zip or STEM/; feedback comes back to "
        "FOLDER/STUDENT/feedback/STEM/",
    )
    command.add_argument(
        "--poll",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="look for changes so often. Needed where the folders are on a network file system (NFS, SMB, "
        "AFS): there the system tells only of changes that this machine itself made",
    )
    command.add_argument(
        "--json", type=Path, metavar="FILE", help="add one JSON object per result to FILE ('-': stdout)"
    )
    command.add_argument("--quiet", action="store_true", help="no line for each result")


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.05 <= number <= 3600:
        raise argparse.ArgumentTypeError(f"must be a number of seconds from 0.05 to 3600; got {text!r}")
    return number
