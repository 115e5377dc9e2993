"""TRUSTED: the isolated execution inside nbgrader: what it reads a submission with, and what it runs it with.

`nbgrader autograde` and formgrader's button use both through `autograder/nbgrader_config.py`.
nbgrader converts a notebook twice: what was submitted to a sanitized copy in `autograded/`, then that copy.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.assignment import AssignmentNotebook, load_assignment
from autograder.course import Course, require_student_id
from autograder.jails import lent_jail
from autograder.notices import add_notes, give_nothing, not_graded
from autograder.plain_files import take_plain_files
from autograder.run import run_notebook
from autograder.submission import (
    HandedIn,
    InvalidSubmission,
    NothingHandedIn,
    Submitted,
    choose,
    extra_files,
    look_into,
    make_code_short,
    repair,
)

# in the metadata of a sanitized copy: why it is not to be run, and what was put right
INVALID, NOTES = "autograder_invalid", "autograder_notes"


def add_renamed_notebooks(assignment: str, student: str, notebooks: list[str]) -> None:
    """Before nbgrader converts a submission: name the notebooks that are there under another name, too.

    nbgrader calls it with keywords, and works on the paths in `notebooks` afterwards.
    """
    folder = Path(notebooks[0]).parent
    course = Course(Path.cwd())
    for name in load_assignment(course, assignment):
        path = folder / f"{name}.ipynb"
        if str(path) in notebooks:
            continue
        try:
            _find(course, assignment, name, folder)
        except NothingHandedIn:  # nbgrader gives a missing notebook 0 points
            continue
        except InvalidSubmission:  # converting it will say why
            notebooks.append(str(path))
        else:
            notebooks.append(str(path))


def _find(course: Course, stem: str, name: str, folder: Path) -> tuple[HandedIn, Path, Submitted]:
    """What is in a submission's folder, the notebook in it that is `name`, and what that holds."""
    notebooks = load_assignment(course, stem)
    handed_in = look_into(folder)
    return handed_in, *choose(handed_in, notebooks[name], int(course.limits.notebook_bytes), notebooks)


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a submitted file as `autograder grade` does; nbgrader's own reader ends at many a careless file.

    What is no notebook of the assignment becomes the released one, with a sentence why, and 0 points.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        take_plain_files(self.parent)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """The repaired notebook of what was submitted; of the sanitized copy, the notebook as it is."""
        if not self.parent._sanitizing:  # nbgrader's own flag: which of the two conversions this is
            return super().from_filename(filename, resources, **options)  # type: ignore[no-any-return]
        names = (resources or {})["nbgrader"]
        require_student_id(names["student"])
        course = Course(Path.cwd())  # nbgrader changes to the course root before it converts
        folder = course.folder("submitted", names["assignment"], names["student"])
        notebook = self._read(course, names, folder)
        return self.from_notebook_node(notebook, resources, **options)  # type: ignore[no-any-return]

    def _read(self, course: Course, names: dict[str, str], folder: Path) -> Any:
        assignment = _assignment(course, names)
        try:
            _, _, submitted = _find(course, assignment.stem, assignment.name, folder)
            repaired = repair(submitted.cells, assignment, submitted.notes)
        except InvalidSubmission as error:
            self.log.warning("%s cannot be graded: %s", names["student"], error)
            notebook = not_graded(assignment, str(error))
            notebook.metadata[INVALID] = str(error)
            return notebook
        repaired.notebook.metadata[NOTES] = repaired.notes
        return repaired.notebook


def _assignment(course: Course, names: dict[str, str]) -> AssignmentNotebook:
    return load_assignment(course, names["assignment"])[names["notebook"]]


class IsolatedExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """Runs the student's cells in the jail and puts the judge's points where nbgrader reads them."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Run and judge `nb`. A fault of the grader raises, so that nbgrader records no grade at all."""
        names = resources["nbgrader"]
        course = Course(Path.cwd())
        assignment = _assignment(course, names)
        notes = nb.metadata.pop(NOTES, [])
        if nb.metadata.pop(INVALID, None):
            give_nothing(nb, assignment)
            return nb, resources
        folder = course.folder("submitted", assignment.stem, names["student"])
        handed_in, path, _ = _find(course, assignment.stem, assignment.name, folder)
        release = course.folder("release", assignment.stem)
        files, left_out = extra_files(handed_in, path, release, course.limits)
        with lent_jail(course.root, course.limits) as jail:
            run = run_notebook(nb, assignment, jail, SEED, names["student"], files)
        for told in filter(None, [run.message, *notes, *left_out, *run.notes]):
            self.log.warning("%s: %s", names["student"], told)
        make_code_short(nb, assignment.release)
        add_notes(nb, [*notes, *left_out, *run.notes])
        return nb, resources


SEED = secrets.randbits(64)  # of the questions in this process; no student's code ever runs in it
