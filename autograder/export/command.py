"""TRUSTED: `autograder export`: the file that comes of it, and what is said about it."""

from __future__ import annotations

import argparse
from pathlib import Path

from nbgrader.api import Gradebook
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Course, UsageError
from autograder.database import explain
from autograder.export.canvas import CanvasExport
from autograder.export.moodle import MoodleExport
from autograder.export.plugin import GradesExport, collect, known_stems
from autograder.export.spreadsheet import CsvExport
from autograder.export.table import Exported, Options, read_template
from autograder.files import StorageError, write_whole

FORMATS: dict[str, type[GradesExport]] = {
    export.name: export for export in (CanvasExport, MoodleExport, CsvExport)
}


def export(options: argparse.Namespace) -> tuple[str, Exported]:
    """Write the file; its path, or "-" where it is to go to stdout, and what was made.

    UsageError names the argument that does not fit; StorageError if the file cannot be written.
    """
    course = Course(options.course_dir)
    made = make(course, options)
    if options.output == "-":
        return "-", made
    target = Path(options.output) if options.output else course.root / "reports" / f"grades-{options.to}.csv"
    if options.template and target.resolve() == options.template.resolve():
        raise UsageError(f"--output must be another file than --template; got {options.output!r}")
    write_whole(target, made.text)
    return str(target), made


def make(course: Course, options: argparse.Namespace) -> Exported:
    """Read the gradebook and lay out the grades. UsageError names the argument that does not fit."""
    template = read_template(options.template.read_bytes, str(options.template)) if options.template else None
    if options.column and len(options.stems) != 1:
        raise UsageError(f"--column must go with one STEM; got {len(options.stems)}")
    if options.scale and template is None:
        raise UsageError("--scale must go with --template, which says the points to scale to")
    chosen = Options(options.per_task, template, options.column, options.scale)
    _require_gradebook(course)
    try:
        with Gradebook(course.gradebook_url, course.course_id) as gradebook:
            grades = collect(course, gradebook, options.stems or known_stems(gradebook), [])
    except SQLAlchemyError as error:
        raise StorageError(explain(course, error, "read")) from error
    return FORMATS[options.to].convert(grades, chosen)


def _require_gradebook(course: Course) -> None:
    """UsageError where there is no gradebook: nbgrader would make an empty one."""
    url = make_url(course.gradebook_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        raise UsageError(
            f"--course-dir must hold a gradebook; there is no {url.database}. Run: autograder grade STEM"
        )
