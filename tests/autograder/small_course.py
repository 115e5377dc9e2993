"""Small courses for the tests of the gradebook: a real exercise cut down to the cells that a test needs."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import api
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.assignment import released
from autograder.course import Course
from autograder.database import require_gradebook
from autograder.jails import close_jails

REPOSITORY = Path(__file__).resolve().parents[2]
STEM = "04_channels"
EXERCISE = nbformat.read(REPOSITORY / "solutions" / STEM / f"{STEM}.ipynb", 4)
CONFIG = (REPOSITORY / "autograder" / "nbgrader_config.py").read_text(encoding="utf-8")
RIGHT = {
    cell.metadata.nbgrader["grade_id"].removesuffix("-answer"): cell.source
    for cell in EXERCISE.cells
    if cell.metadata.get("nbgrader", {}).get("grade_id", "").endswith("-answer")
}
# of tests that grade in one process, by nbgrader's own code too: it adds rows in an order that SQLAlchemy
# warns of, and cells without ids; ours does not
GRADED_HERE = [
    pytest.mark.sandbox,
    pytest.mark.usefixtures("one_jail"),
    pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]
IMPORTS = "import numpy as np\n\nfrom coursekit import check"


def notebook(*names: str, **points: float) -> Any:
    """The exercise with these tasks and hand-graded cells alone; `points` by task where they differ."""
    small = copy.deepcopy(EXERCISE)
    wanted = {part for name in names for part in (name, f"{name}-answer", f"{name}-check")}
    small.cells = [cell for cell in small.cells if _settings(cell).get("grade_id") in wanted]
    for cell in small.cells:
        task = _settings(cell).get("grade_id", "").removesuffix("-check")
        if "points" in _settings(cell):
            cell.metadata.nbgrader["points"] = points.get(task, cell.metadata.nbgrader["points"])
    small.cells.insert(0, new_code_cell(IMPORTS, id="imports"))
    return small


def _settings(cell: Any) -> dict[str, Any]:
    settings: dict[str, Any] = cell.metadata.get("nbgrader", {})
    return settings


def special(grade_id: str, text: str, kind: str = "markdown", **settings: Any) -> Any:
    """A cell of one of nbgrader's other kinds; `settings` as its `create assignment` tool writes them."""
    make = new_code_cell if kind == "code" else new_markdown_cell
    usual = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    return make(text, id=grade_id, metadata={"nbgrader": usual | {"grade_id": grade_id} | settings})


def make_course(root: Path, notebooks: Mapping[str, Any], config: str = "") -> Course:
    """A course root with one assignment of these notebooks; `config` is added to nbgrader_config.py."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").write_text(CONFIG + config, encoding="utf-8")
    for name, source in notebooks.items():
        write_source(root, name, source)
    (root / "gradebook.db").write_bytes(_empty_gradebook())
    return Course(root)


@cache
def _empty_gradebook() -> bytes:
    """A new gradebook: nbgrader's tables, made as a grader makes them, and the course; all are alike."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        course = Course(Path(folder))
        require_gradebook(course)
        with api.Gradebook(course.gradebook_url, course.course_id):
            pass
        return (Path(folder) / "gradebook.db").read_bytes()


def write_source(root: Path, name: str, source: Any) -> None:
    """Write one notebook of the assignment as its author has it."""
    path = root / "solutions" / STEM / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(source) + "\n", encoding="utf-8")


def answered(source: Any, answers: Mapping[str, str]) -> Any:
    """What students received of `source`, with these answers by grade_id or task; others stay as they are."""
    handed_in = released(source)
    for cell in handed_in.cells:
        grade_id = _settings(cell).get("grade_id", "")
        if _settings(cell).get("solution"):
            cell.source = answers.get(grade_id, answers.get(grade_id.removesuffix("-answer"), cell.source))
    return handed_in


def hand_in(
    course: Course, student: str, source: Any, answers: Mapping[str, str], name: str = STEM, when: str = ""
) -> Path:
    """Put a notebook with these answers under `submitted/`, and the time `when` it came; its path."""
    folder = course.folder("submitted", STEM, student)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(nbformat.writes(answered(source, answers)), encoding="utf-8")
    if when:
        (folder / "timestamp.txt").write_text(when, encoding="utf-8")
    return folder / f"{name}.ipynb"


def nbgraders_own_run(course: Course, students: Iterable[str], *, force: bool = False) -> None:
    """Grade by nbgrader's own Autograde under the course's configuration, in this process."""
    for student in students:
        directory = CourseDirectory(
            config=course.config, root=str(course.root), assignment_id=STEM, student_id=student
        )
        Autograde(coursedir=directory, config=course.config, force=force).start()
    close_jails()


def database(course: Course) -> sqlite3.Connection:
    """The gradebook, past nbgrader: so that a test reads what is there, and not what our code says."""
    return sqlite3.connect(course.root / "gradebook.db")


CELLS = """from {table} t join base_cell b on t.cell_id = b.id
    join submitted_notebook sn on t.notebook_id = sn.id join notebook n on sn.notebook_id = n.id
    join submitted_assignment sa on sn.assignment_id = sa.id join assignment a on sa.assignment_id = a.id"""


def rows(course: Course) -> list[tuple[Any, ...]]:
    """Grades and comments of every submission, without nbgrader's random ids."""
    with database(course) as opened:
        return [
            (table, *row)
            for table, columns in (
                ("grade", "t.auto_score, t.manual_score, t.extra_credit, t.needs_manual_grade"),
                ("comment", "t.auto_comment, t.manual_comment"),
            )
            for row in opened.execute(
                f"select sa.student_id, a.name, n.name, b.name, {columns} {CELLS.format(table=table)}"
                " order by 1, 2, 3, 4"
            )
        ]


def grades(course: Course, student: str, name: str = STEM) -> dict[str, tuple[Any, ...]]:
    """(auto_score, manual_score, needs_manual_grade) by cell, of one student's notebook."""
    return {
        row[4]: (row[5], row[6], bool(row[8]))
        for row in rows(course)
        if row[0] == "grade" and row[1] == student and row[3] == name
    }


def comments(course: Course, student: str, name: str = STEM) -> dict[str, tuple[Any, ...]]:
    """(auto_comment, manual_comment) by cell, of one student's notebook."""
    return {
        row[4]: row[5:7]
        for row in rows(course)
        if row[0] == "comment" and row[1] == student and row[3] == name
    }


def penalties(course: Course) -> dict[tuple[str, str], tuple[Any, ...]]:
    """(penalty, time handed in) by student and notebook."""
    with database(course) as opened:
        found = opened.execute(
            """select sa.student_id, n.name, sn.late_submission_penalty, sa.timestamp
            from submitted_notebook sn join notebook n on sn.notebook_id = n.id
            join submitted_assignment sa on sn.assignment_id = sa.id"""
        )
        return {(student, name): (penalty, moment) for student, name, penalty, moment in found}


def by_hand(course: Course, student: str, cell: str, **values: Any) -> None:
    """What formgrader saves when a person grades a cell: manual_score, extra_credit or manual_comment."""
    with database(course) as opened:
        for table in ("comment",) if "manual_comment" in values else ("grade",):
            ids = f"select t.id {CELLS.format(table=table)} where sa.student_id = ? and b.name = ?"
            changes = ", ".join(f"{key} = ?" for key in values)
            looked_at = ", needs_manual_grade = 0" if table == "grade" else ""
            done = opened.execute(
                f"update {table} set {changes}{looked_at} where id in ({ids})",
                (*values.values(), student, cell),
            )
            assert done.rowcount == 1, (student, cell)
