"""The instructor's command line: `autograder release | grade | watch | feedback | report | export | doctor`.

Exit codes: 0 all graded, whatever the students did; 2 wrong usage; 3 some grader-error is left;
130 stopped by Ctrl-C, 143 by SIGTERM.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.arguments import ACCEPT, parse
from autograder.foreman import begin_foreman
from autograder.limits import Limits, changed, from_texts
from autograder.quick_import import no_search_for_garbage
from autograder.sandbox.trusted.refusal import require_fork
from autograder.stopping import Stopping, Terminated
from coursekit.errors import CourseError, ParameterError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.workers import Crew

WITHOUT_SANDBOX = (
    "--no-sandbox runs what students wrote as your own programs. It can read, change and send away all that "
    "you can: the solutions, the gradebook, other students' work, your own files. It can give itself points. "
    "Use it only for work that you trust, or on a machine with nothing else on it; then add "
    f"{ACCEPT}."
)
OK, WRONG_USAGE, GRADER_ERROR_LEFT, INTERRUPTED, TERMINATED = 0, 2, 3, 130, 143
STOPPED = "autograder: stopped. What was graded is kept; run the same command to go on."


def _stop(number: int, frame: object) -> None:
    raise Terminated


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parse(arguments, RUN)  # first: nbgrader takes seconds to import, `--help` should not
    signal.signal(signal.SIGTERM, _stop)
    try:
        return int(options.run(options))
    except Terminated:
        print(STOPPED, file=sys.stderr)
        return TERMINATED
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        return INTERRUPTED
    except CourseError as error:
        from autograder.course import UsageError

        print(f"autograder: {error}", file=sys.stderr)
        return WRONG_USAGE if isinstance(error, UsageError) else GRADER_ERROR_LEFT


def _course(options: argparse.Namespace) -> Course:
    from autograder.course import Course

    return Course(options.course_dir)


def _release(options: argparse.Namespace) -> int:
    from autograder.release import release

    course = _course(options)
    target = release(course, options.stem)
    print(f"released to {course.folder('release', options.stem)}\nfor students: {target}")
    return OK


def _grade(options: argparse.Namespace) -> int:
    require_fork()
    if options.scheduler is None:
        begin_foreman()  # before anything else is loaded: both load at the same time
    with no_search_for_garbage():
        from autograder.course import UsageError
        from autograder.grade import grade_class
        from autograder.progress import make_progress
        from autograder.report.summary import overview
        from autograder.report.table import json_lines
        from autograder.result import Status

    if options.no_sandbox and not options.accepted:
        raise UsageError(WITHOUT_SANDBOX)
    course = _course(options)
    limits = _limits(course, options.limit)
    making = make_progress(options.stem, quiet=options.quiet)
    with making as progress, Stopping(progress.stopping) as stopping:
        results = grade_class(
            course,
            options.stem,
            students=options.student,
            workers=options.workers,
            crew=_cluster(options.scheduler, progress.say),
            force=options.force,
            wait=options.wait,
            limits=limits,
            sandboxed=not options.no_sandbox,
            figures=options.figures == "feedback",
            progress=progress,
            stopping=stopping,
        )
    if stopping() and len(results) < progress.tally.total:
        graded = sum(result.status is not Status.GRADER_ERROR for result in results)
        return _stopped(stopping, graded, progress.tally.total, options.force)
    if str(options.json) == "-":
        print(json_lines(results), end="")
    elif options.json:
        _write_lines(options.json, json_lines(results))
    if not results:
        wanted = course.folder("submitted", options.stem, "STUDENT")
        print(f"autograder: nobody has handed in {options.stem}: there is no {wanted}", file=sys.stderr)
    elif not options.quiet and str(options.json) != "-":
        whole = options.all_rows or not sys.stdout.isatty()
        print(overview(results, shutil.get_terminal_size((110, 24)).columns, whole=whole))
    return GRADER_ERROR_LEFT if any(r.status is Status.GRADER_ERROR for r in results) else OK


def _stopped(stopping: Stopping, done: int, total: int, force: bool) -> int:
    """Say how to go on. No table and no JSON: a part of a class must not be taken for all of it."""
    again = "Run the same command without --force" if force else "Run the same command"
    print(f"autograder: stopped: {done} of {total} are graded. {again} to go on.", file=sys.stderr)
    return TERMINATED if stopping.asked is signal.SIGTERM else INTERRUPTED


def _watch(options: argparse.Namespace) -> int:
    from autograder.watch.command import watch

    require_fork()
    course = _course(options)
    watch(course, options, _limits(course, options.limit))
    return OK


def _cluster(address: str | None, say: Callable[[str], None]) -> Crew | None:
    """The workers of the scheduler that was named; Dask is imported only then."""
    if address is None:
        return None
    from autograder.cluster import ClusterCrew

    return ClusterCrew(address, say)


def _limits(course: Course, texts: Sequence[str]) -> Limits:
    from autograder.course import UsageError

    try:
        return changed(course.limits, from_texts(texts))
    except ParameterError as error:
        raise UsageError(f"--limit: {error}") from error


def _write_lines(path: Path, text: str) -> None:
    """Write where the instructor said, which may be a pipe. StorageError if it cannot be written."""
    from autograder.files import cannot_write

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise cannot_write(path, error) from error


def page_progress(student: str, done: int, total: int) -> None:
    """One line for each feedback page as it comes, on stderr."""
    from autograder.report.table import one_line

    count = f"[{done:>{len(str(total))}}/{total}]"
    print(f"{count} feedback for {one_line(student)}", file=sys.stderr, flush=True)


def _feedback(options: argparse.Namespace) -> int:
    from autograder.course import UsageError
    from autograder.feedback import write_feedback
    from autograder.report.table import one_line

    course = _course(options)
    pages: list[str] = []

    def on_page(student: str, done: int, total: int) -> None:
        pages.append(student)
        page_progress(student, done, total)

    failed = write_feedback(course, options.stem, on_page, force=options.force)
    if not pages:
        raise UsageError(f"nothing of {options.stem} is graded yet; run: autograder grade {options.stem}")
    for student, why in failed.items():
        print(f"autograder: no feedback for {one_line(student)}: {one_line(why)}", file=sys.stderr)
    print(f"feedback pages: {course.folder('feedback', options.stem, 'STUDENT')}")
    return GRADER_ERROR_LEFT if failed else OK


def _report(options: argparse.Namespace) -> int:
    from autograder.report.class_report import write_class_report

    print(f"class report: {write_class_report(_course(options), options.stem)}")
    return OK


def _export(options: argparse.Namespace) -> int:
    from autograder.export.command import export

    where, made = export(options)
    for note in made.notes:
        print(f"autograder: {note}", file=sys.stderr)
    if where == "-":
        sys.stdout.buffer.write(made.text.encode("utf-8", "backslashreplace"))
    else:
        print(f"grades ({options.to}): {where}")
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from autograder.doctor import examine_machine

    course = None if options.course_dir is None else _course(options)
    problems = examine_machine(print, course, options.scheduler)
    return GRADER_ERROR_LEFT if problems else OK


RUN = {
    "release": _release,
    "grade": _grade,
    "watch": _watch,
    "feedback": _feedback,
    "report": _report,
    "export": _export,
    "doctor": _doctor,
}

if __name__ == "__main__":
    sys.exit(main())
