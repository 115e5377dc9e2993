"""TRUSTED: from `solutions/` to `exercises/` and a zip for students, by nbgrader's own generator."""

from __future__ import annotations

import zipfile
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.assignment import load_assignment
from autograder.course import Course
from autograder.database import require_gradebook
from autograder.gradebook import GradebookWriter
from coursekit.errors import CourseError


class ReleaseError(CourseError, RuntimeError):
    """nbgrader could not generate the students' version."""


def release(course: Course, stem: str) -> Path:
    """Generate the students' version of `stem` and zip it; the path of the zip, in `dist/`.

    Also tells the gradebook which cells carry points. UsageError if there is no such assignment.
    """
    save_source_cells(course, stem)
    folder = course.folder("release", stem)
    target = course.root / "dist" / f"{stem}.zip"
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and ".ipynb_checkpoints" not in path.parts:
                archive.write(path, Path(stem) / path.relative_to(folder))
    return target


def save_source_cells(course: Course, stem: str) -> None:
    """Run nbgrader's generator: it writes the release and records the assignment in the gradebook.

    Also where it was handed in already and has other cells now, which nbgrader by itself refuses.
    """
    notebooks = load_assignment(course, stem)  # what cannot be graded is refused before anything is written
    require_gradebook(course)
    directory = CourseDirectory(config=course.config, root=str(course.root), assignment_id=stem)
    generator = GenerateAssignment(coursedir=directory, config=course.config, force=True)
    with GradebookWriter(course) as writer:
        writer.make_room(stem, notebooks, course.reports(stem) / "hand-graded-cells-that-are-gone.jsonl")
    try:
        generator.start()
    except (Exception, SystemExit) as error:
        raise ReleaseError(f"nbgrader could not generate {stem}: {error}") from error
    with GradebookWriter(course) as writer:
        writer.complete(stem)
