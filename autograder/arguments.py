"""The command line of `autograder` as it is typed: commands, options, and what is said of a wrong one."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from autograder.export.arguments import add_export_arguments
from autograder.watch.arguments import WATCH, add_watch_arguments

Run = Callable[[argparse.Namespace], int]
ACCEPT = "--i-accept-that-student-code-can-do-all-that-i-can"
MORE = "`autograder COMMAND --help` tells the options of a command."
EXIT_CODES = (
    "Exit codes: 0 all graded, whatever the students did; 2 wrong usage; 3 a fault of the grader is left; "
    "130 or 143 stopped by Ctrl-C or SIGTERM."
)
GRADE = (
    "Grade what students handed in, each in a sandbox; write scores, graded notebooks and results. What has "
    "not changed since an earlier run is kept. Ctrl-C finishes what runs; the same command goes on."
)
COMMANDS = {  # in the order in which they are needed: what `--help` says of each, and the command's own page
    "release": (
        "make the students' version of an assignment",
        "Make the students' version of an assignment, and a zip of it.",
    ),
    "grade": ("grade what students handed in", GRADE),
    "watch": ("grade each submission as it arrives", WATCH),
    "feedback": ("write the students' feedback pages", "Write a page for each graded notebook."),
    "report": ("write the class report", "Write a page for the instructor: scores, tasks, misconceptions."),
    "export": (
        "write the grades for Canvas, Moodle or a spreadsheet",
        "Write the grades of nbgrader's gradebook for Canvas, Moodle or a spreadsheet.",
    ),
    "doctor": (
        "try whether this machine can grade",
        "Pass every limit, attack every promise of isolation, in the real sandbox.",
    ),
}


class Parser(argparse.ArgumentParser):
    """Of a wrong argument it says one line, and where to read on: the usage of `grade` alone is six."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        self.exit(2, f"{self.prog}: {message}\nTry: {self.prog} --help\n")

    def unknown(self, arguments: Sequence[str]) -> NoReturn:
        """End with exit code 2, and the option that may have been meant."""
        first = arguments[0].partition("=")[0]
        near = difflib.get_close_matches(first, self._option_string_actions, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        self.error(f"unrecognized arguments: {' '.join(arguments)}{hint}")


def parse(arguments: Sequence[str] | None, run: Mapping[str, Run]) -> argparse.Namespace:
    """What was typed; `run` of it is the function of its command. SystemExit with 2 if it is wrong."""
    parser = _parser(run)
    if not (sys.argv[1:] if arguments is None else arguments):
        parser.print_help(sys.stderr)
        parser.exit(2)
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        options.parser.unknown(unknown)
    return options


def _parser(run: Mapping[str, Run]) -> Parser:
    parser = Parser(
        "autograder",
        description="Grade notebooks in a sandbox.",
        epilog=f"{MORE} {EXIT_CODES}",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = {
        "release": _one_assignment,
        "grade": _grade_options,
        "watch": _watch_options,
        "feedback": _feedback_options,
        "report": _one_assignment,
        "export": add_export_arguments,
        "doctor": _doctor_options,
    }
    for name, (text, description) in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=description, allow_abbrev=False)
        command.set_defaults(run=run[name], parser=command)
        add[name](command)
    commands.choices["grade"].epilog = EXIT_CODES
    return parser


def _one_assignment(command: argparse.ArgumentParser) -> None:
    _stem(command)
    _course(command)


def _feedback_options(command: argparse.ArgumentParser) -> None:
    _one_assignment(command)
    command.add_argument("--force", action="store_true", help="write pages that are up to date, too")


def _grade_options(command: argparse.ArgumentParser) -> None:
    what = command.add_argument_group("what is graded")
    _stem(what)
    what.add_argument("--student", metavar="ID", action="append", help="only this student (may be repeated)")
    what.add_argument("--force", action="store_true", help="grade again what has not changed")
    _course(what)
    how = command.add_argument_group("how")
    where = how.add_mutually_exclusive_group()
    _workers(where)
    where.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="grade on a Dask cluster: tcp://HOST:PORT, tls://HOST:PORT, or the scheduler's .json file",
    )
    _limit(how)
    how.add_argument(
        "--figures",
        choices=("feedback", "none"),
        default="feedback",
        help="draw figures for the feedback pages (the default), or leave a line of text in their place",
    )
    how.add_argument("--wait", action="store_true", help="wait while another process grades this assignment")
    shown = command.add_argument_group("what is shown")
    shown.add_argument(
        "--json", type=Path, metavar="FILE", help="write one JSON object per notebook ('-': stdout)"
    )
    shown.add_argument(
        "--all-rows", action="store_true", help="on a terminal, too, print the table of a class of any size"
    )
    shown.add_argument("--quiet", action="store_true", help="no progress and no table")
    unsafe = command.add_argument_group("without a sandbox, at your own risk")
    unsafe.add_argument(
        "--no-sandbox", action="store_true", help="run student code unprotected; needs the next option"
    )
    unsafe.add_argument(ACCEPT, action="store_true", dest="accepted", help="acknowledge what that means")


def _watch_options(command: argparse.ArgumentParser) -> None:
    add_watch_arguments(command)
    _workers(command)
    _limit(command)
    _course(command)


def _doctor_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--course-dir",
        type=Path,
        metavar="DIR",
        default=None,
        help="look at this course too: its folders, gradebook, limits",
    )
    command.add_argument("--scheduler", metavar="ADDRESS", help="try the workers of this Dask scheduler, too")


def _stem(command: argparse._ActionsContainer) -> None:
    command.add_argument("stem", metavar="STEM", help="the assignment, e.g. 03_cross_correlation")


def _course(command: argparse._ActionsContainer) -> None:
    command.add_argument(
        "--course-dir", type=Path, default=Path(), metavar="DIR", help="the course root (default: here)"
    )


def _workers(command: argparse._ActionsContainer) -> None:
    command.add_argument(
        "--workers", type=_count, default=0, metavar="N", help="processes (default: one per core)"
    )


def _limit(command: argparse._ActionsContainer) -> None:
    command.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a limit, e.g. question_seconds=10 or memory_bytes=2GiB (may be repeated)",
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be an integer >= 1; got {text!r}")
    return int(text)
