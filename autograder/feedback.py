"""TRUSTED: the students' feedback pages, by nbgrader's own generator, one student at a time."""

from __future__ import annotations

from collections.abc import Callable

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course


def write_feedback(
    course: Course, stem: str, on_page: Callable[[str, int, int], None] = lambda student, done, total: None
) -> dict[str, str]:
    """Write `feedback/STUDENT/STEM/*.html` for every student with a graded notebook.

    Returns the students whose page could not be written, with the reason: one bad page stops no other.
    """
    course.require_stem(stem)
    graded = [
        s for s in course.students_with_a_submission(stem) if course.folder("autograded", stem, s).is_dir()
    ]
    failed: dict[str, str] = {}
    for done, student in enumerate(graded, 1):
        directory = CourseDirectory(
            config=course.config, root=str(course.root), assignment_id=stem, student_id=student
        )
        try:
            GenerateFeedback(coursedir=directory, config=course.config, force=True).start()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - nbgrader ends failed conversions with SystemExit
            failed[student] = f"{type(error).__name__}: {error}"
        on_page(student, done, len(graded))
    return failed
