"""TRUSTED: the exports as plugins of nbgrader, for those who type `nbgrader export --exporter=...`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Unicode

from autograder.assignment import grade_cells, load_assignment
from autograder.course import Course, UsageError
from autograder.export.grades import ClassGrades, read_grades
from autograder.export.table import Exported, Options, read_template
from autograder.files import write_whole
from autograder.store import stored_results


class GradesExport(ExportPlugin):  # type: ignore[misc]
    """What the three formats share. A subclass says which it is and lays out the grades."""

    per_task = Bool(False, help="one column per task").tag(config=True)
    template = Unicode("", help="the CSV file downloaded from Canvas or Moodle, to be filled in").tag(
        config=True
    )
    column = Unicode("", help="the column to fill in, where its name is not the assignment's").tag(
        config=True
    )
    scale = Bool(False, help="scale the grades to the points that the template says").tag(config=True)

    name: ClassVar[str]

    @staticmethod
    def convert(grades: ClassGrades, options: Options) -> Exported:
        """Lay out the grades. UsageError where the options do not fit the format."""
        raise NotImplementedError

    def export(self, gradebook: Any) -> None:
        """Write the file `--to`, or grades-NAME.csv; notes go to the log. A usage error ends it with 1."""
        target = Path(self.to or f"grades-{self.name}.csv")
        try:
            course = Course(Path(self.parent.coursedir.root))
            text = read_template(Path(self.template).read_bytes, self.template) if self.template else None
            options = Options(self.per_task, text, self.column, self.scale)
            stems = [str(stem) for stem in self.assignment] or known_stems(gradebook)
            grades = collect(course, gradebook, stems, [str(student) for student in self.student])
            made = self.convert(grades, options)
        except UsageError as error:
            self.parent.fail(str(error))
        write_whole(target, made.text)
        for note in made.notes:
            self.log.warning(note)
        self.log.info("Exported grades to %s", target)


def known_stems(gradebook: Any) -> list[str]:
    """The assignments that the gradebook knows."""
    return sorted(str(assignment.name) for assignment in gradebook.assignments)


def collect(course: Course, gradebook: Any, stems: list[str], students: list[str]) -> ClassGrades:
    """Read the grades and what is on record of them. UsageError for an assignment or student not there."""
    known = known_stems(gradebook)
    for stem in stems:
        if stem not in known:
            there = ", ".join(known) or "(none: nothing was graded or released yet)"
            raise UsageError(f"STEM must be an assignment in the gradebook, {there}; got {stem!r}")
    if not stems:
        raise UsageError("the gradebook holds no assignment yet; run: autograder grade STEM")
    ids = {str(student.id) for student in gradebook.students}
    for student in students:
        if student not in ids:
            raise UsageError(f"--student must be in the gradebook; got {student!r}")
    results = [result for stem in stems for result in stored_results(course, stem)]
    order = {stem: _order(course, stem) for stem in stems}
    return read_grades(gradebook, stems, students=students, results=results, order=order)


def _order(course: Course, stem: str) -> list[tuple[str, str]]:
    """(notebook, grade_id) of the tasks as the notebooks have them; [] where the source is not here."""
    try:
        notebooks = load_assignment(course, stem)
    except UsageError:
        return []
    return [
        (name, grade_id) for name, notebook in notebooks.items() for grade_id in grade_cells(notebook.release)
    ]
