"""`make demo`: grade the sample class in the sandbox, as an instructor would, and show where all is."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from autograder.__main__ import page_progress
from autograder.course import Course
from autograder.feedback import write_feedback
from autograder.grade import grade_class
from autograder.progress import make_progress
from autograder.report.class_report import write_class_report
from autograder.report.table import json_lines, table
from autograder.result import Status
from autograder.sample_class.build import STEM
from autograder.sandbox.trusted.jail import SandboxError, require_sandbox

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]


def lay_out(root: Path) -> Course:
    """Make a course root at `root` with the assignment's source and the sample class's submissions."""
    if root.exists():
        shutil.rmtree(root)
    shutil.copytree(REPOSITORY / "solutions" / STEM, root / "solutions" / STEM)
    shutil.copytree(HERE / "submitted", root / "submitted")
    shutil.copy(HERE.parent / "nbgrader_config.py", root / "nbgrader_config.py")
    return Course(root)


def main() -> int:
    """Grade, write feedback and report, print the table; 0 if nothing of ours went wrong."""
    try:
        require_sandbox()
    except SandboxError as error:
        print(f"make demo: {error}", file=sys.stderr)
        return 3
    print("The sandbox works here; `python -m autograder doctor` tries all of it.", file=sys.stderr)
    course = lay_out(REPOSITORY / "demo")
    students = course.students_with_a_submission(STEM)
    print(f"\nGrading {len(students)} submissions of {STEM} ...", file=sys.stderr)
    started = time.monotonic()
    with make_progress(STEM) as progress:
        results = grade_class(course, STEM, progress=progress)
    seconds = time.monotonic() - started
    (course.root / "results.jsonl").write_text(json_lines(results), encoding="utf-8")
    print("Writing the feedback pages ...", file=sys.stderr)
    failed = write_feedback(course, STEM, on_page=page_progress)
    report = write_class_report(course, STEM)
    print(f"\n{table(results, shutil.get_terminal_size((120, 24)).columns)}\n")
    print(f"{len(results)} submissions in {seconds:.1f} s\n")
    for what, where in (
        ("class report", report),
        ("feedback pages", course.root / "feedback"),
        ("graded notebooks", course.root / "autograded"),
        ("gradebook", course.root / "gradebook.db"),
        ("results as JSON lines", course.root / "results.jsonl"),
    ):
        print(f"  {what + ':':<24}{where.relative_to(REPOSITORY)}")
    print("\nThe same in nbgrader's own pages: cd demo && ../.venv/bin/jupyter lab, then Formgrader.")
    for student, why in failed.items():
        print(f"no feedback for {student}: {why}", file=sys.stderr)
    return 3 if failed or any(result.status is Status.GRADER_ERROR for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
