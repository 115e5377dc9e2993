"""The instructor's command line: `autograder release | grade | feedback | report | doctor`.

Exit codes: 0 all graded, whatever the students did; 2 wrong usage; 3 some grader-error is left;
130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.course import Course, UsageError
from autograder.result import Result, Status
from coursekit.errors import CourseError

OK, WRONG_USAGE, GRADER_ERROR_LEFT, INTERRUPTED = 0, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        print("autograder: stopped. What was graded is kept; run the same command to go on.", file=sys.stderr)
        return INTERRUPTED
    except UsageError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return WRONG_USAGE
    except CourseError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return GRADER_ERROR_LEFT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("autograder", description="Grade notebooks in a sandbox.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    about = {
        "release": (_release, "make the students' version of an assignment, and a zip of it"),
        "grade": (_grade, "grade what students handed in"),
        "feedback": (_feedback, "write the students' feedback pages"),
        "report": (_report, "write the class report"),
    }
    for name, (run, text) in about.items():
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        command.add_argument("stem", metavar="STEM", help="the assignment, e.g. 03_cross_correlation")
        command.add_argument(
            "--course-dir", type=Path, default=Path(), help="the course root (default: here)"
        )
        if name == "grade":
            _grade_options(command)
    doctor = commands.add_parser(
        "doctor", help="try whether this machine can grade", description="Try, not guess."
    )
    doctor.set_defaults(run=_doctor)
    return parser


def _grade_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--student", metavar="ID", action="append", help="only this student (may be repeated)"
    )
    command.add_argument(
        "--workers", type=_count, default=0, metavar="N", help="processes (default: one per core)"
    )
    command.add_argument("--force", action="store_true", help="grade again what has not changed")
    command.add_argument(
        "--json", type=Path, metavar="FILE", help="write one JSON object per notebook ('-': stdout)"
    )
    command.add_argument("--quiet", action="store_true", help="no progress and no table")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be an integer >= 1; got {text!r}")
    return int(text)


def _release(options: argparse.Namespace) -> int:
    from autograder.release import release

    course = Course(options.course_dir)
    target = release(course, options.stem)
    print(f"released to {course.folder('release', options.stem)}\nfor students: {target}")
    return OK


def _grade(options: argparse.Namespace) -> int:
    from autograder.grade import grade_class
    from autograder.report.table import json_lines, table

    course = Course(options.course_dir)
    results = grade_class(
        course,
        options.stem,
        students=options.student,
        workers=options.workers,
        force=options.force,
        on_result=_no_progress if options.quiet else progress,
    )
    if str(options.json) == "-":
        print(json_lines(results), end="")
    elif options.json:
        options.json.write_text(json_lines(results), encoding="utf-8")
    if not options.quiet and str(options.json) != "-":
        print(table(results, shutil.get_terminal_size((110, 24)).columns))
    return GRADER_ERROR_LEFT if any(r.status is Status.GRADER_ERROR for r in results) else OK


def progress(result: Result, done: int, total: int) -> None:
    """One line for each result as it comes, on stderr."""
    from autograder.report.table import one_line, points

    line = (
        f"[{done:>{len(str(total))}}/{total}] {one_line(result.student)}: {result.status}, {points(result)}"
    )
    print(f"{line}  ({result.seconds:.1f} s)", file=sys.stderr, flush=True)


def _no_progress(result: Result, done: int, total: int) -> None:
    """For --quiet."""


def _feedback(options: argparse.Namespace) -> int:
    from autograder.feedback import write_feedback

    course = Course(options.course_dir)
    failed = write_feedback(course, options.stem)
    for student, why in failed.items():
        print(f"autograder: no feedback for {student}: {why}", file=sys.stderr)
    print(f"feedback is in {course.folder('feedback', options.stem, '*')}")
    return GRADER_ERROR_LEFT if failed else OK


def _report(options: argparse.Namespace) -> int:
    from autograder.report.class_report import write_class_report

    print(f"class report: {write_class_report(Course(options.course_dir), options.stem)}")
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from autograder.doctor import examine_machine

    problems = examine_machine(print)
    return GRADER_ERROR_LEFT if problems else OK


if __name__ == "__main__":
    sys.exit(main())
