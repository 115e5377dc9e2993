"""TRUSTED: the students' feedback pages, by nbgrader's own generator with a page of ours.

`nbgrader generate_feedback` and formgrader's button make the same page, by `autograder/nbgrader_config.py`.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

from nbconvert.writers import FilesWriter
from nbgrader import api
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor
from sqlalchemy import Connection, create_engine

from autograder.assignment import code_digest
from autograder.course import Course
from autograder.feedback_page import TEMPLATES, style_of_code
from autograder.page_grades import read_page_grades

PACKAGE = Path(__file__).resolve().parents[1]
MADE_FROM = "<!-- made from {} -->"


class GradesForStudents(GetGrades):  # type: ignore[misc]
    """nbgrader's preprocessor, and what else a student wants to know: what is extra, what still waits."""

    connection: Connection | None = None  # that of a command which makes many pages; else one for each page

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Add points and comments to the cells of `nb`, the total and the style of code to `resources`."""
        names = resources["nbgrader"]
        with _connected(self.connection, names["db_url"]) as connection:
            which = (names["assignment"], names["notebook"], names["student"])
            self._found = read_page_grades(connection, *which)
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        penalty = self._found.late_penalty or 0
        resources["nbgrader"]["score"] = self._found.score - penalty
        resources["nbgrader"]["max_score"] = self._found.max_score
        resources["nbgrader"]["late_penalty"] = penalty
        _leave_out_places(nb)
        grades = [cell.metadata.get("nbgrader", {}) for cell in nb.cells]
        resources["nbgrader"]["waiting"] = sum(bool(grade.get("waits")) for grade in grades)
        resources["nbgrader"]["title"] = _title(nb) or resources["nbgrader"]["notebook"]
        resources["highlighting"] = style_of_code()
        return nb, resources

    def _get_comment(self, cell: Any, resources: dict[str, Any]) -> None:
        cell.metadata.nbgrader["comment"] = self._found.comment(cell.metadata.nbgrader["grade_id"])

    def _get_score(self, cell: Any, resources: dict[str, Any]) -> None:
        grade, most = self._found.grade(cell.metadata.nbgrader["grade_id"])
        by_hand = grade.manual_score is not None and grade.auto_score is not None
        cell.metadata.nbgrader |= {
            "score": grade.points,
            "points": most,
            "extra_credit": grade.extra_credit or 0.0,
            "changed_by_hand": by_hand and grade.manual_score != grade.auto_score,
            "waits": grade.auto_score is None and grade.manual_score is None,
        }


@contextlib.contextmanager
def _connected(connection: Connection | None, db_url: str) -> Iterator[Connection]:
    """The connection that there is, or one for this block; nothing of it stays open in a transaction."""
    if connection is not None:
        yield connection
        connection.rollback()  # the next page reads what people have graded by then
        return
    engine = create_engine(db_url)
    try:
        with engine.connect() as own:
            yield own
    finally:
        engine.dispose()


def _leave_out_places(notebook: Any) -> None:
    """A traceback names files by their place on the grader's machine: how it begins is nobody's business."""
    places = {sys.prefix, sys.base_prefix, str(PACKAGE), str(Path.home()), str(Path.cwd())} - {"/"}
    longest_first = sorted(map(re.escape, places), key=len, reverse=True)
    place = re.compile(rf"(?:{'|'.join(longest_first)})(?![\w.-])")
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        for texts, keys in (
            (output, ("text", "evalue")),
            (output.get("data", {}), ("text/plain", "text/html")),
        ):
            for key in keys:
                if key in texts:
                    texts[key] = place.sub("…", texts[key])
        if "traceback" in output:
            output.traceback = [place.sub("…", line) for line in output.traceback]


def _title(notebook: Any) -> str:
    """The first heading of the notebook outside its answers, if there is one."""
    cells = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("solution")]
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    lines = [line for text in texts for line in text.split("\n")]
    return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), "")


def make_releasable(
    assignment: str, student: str, notebooks: list[str], course: Course | None = None
) -> None:
    """After nbgrader has made a student's pages: put a secret beside them where there is none.

    Release Feedback names a page by the secret of its submission, and ends at the first student whose work
    did not come through the exchange. Nobody knows the secret that is made here, so nobody finds that page.
    nbgrader calls this with keywords; `notebooks` are the paths of the graded ones.
    """
    course = course or Course(Path.cwd())
    depth = course.folder("autograded", assignment, "*").relative_to(course.root).parts.index("*")
    graded = Path(notebooks[0]).resolve().relative_to(course.root.resolve())
    folder = course.folder("feedback", assignment, graded.parts[depth])
    for name, text in (("submission_secret.txt", secrets.token_hex(64)), ("timestamp.txt", "")):
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")


class FeedbackWriter(GenerateFeedback):  # type: ignore[misc]
    """nbgrader's generator for the students of one assignment, one after the other.

    One exporter, whose templates are compiled once, and one connection to the gradebook serve all of them.
    A page ends with a digest of all that it was made from: what has not changed since is left as it is.
    """

    def __init__(self, course: Course, stem: str) -> None:
        directory = CourseDirectory(config=course.config, root=str(course.root), assignment_id=stem)
        super().__init__(coursedir=directory, config=course.config, force=True)
        self._course, self._stem = course, stem
        self._engine = create_engine(course.gradebook_url)
        hook: Any = getattr(self, "post_convert_hook")  # noqa: B009 - traitlets' Any has no type
        if hook is make_releasable:  # it need not read the course's settings again for each student
            self.post_convert_hook = partial(make_releasable, course=course)
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)
        for step in self.preprocessors:
            self.exporter.register_preprocessor(step)
        self._basis = hashlib.sha256(_code_of_pages() + repr(course.config).encode())

    def write(self, student: str, *, force: bool = False) -> bool:
        """Write the student's pages; False if they are there and nothing that they show has changed.

        Raises what nbgrader does, also SystemExit.
        """
        self.coursedir.student_id = student
        self.init_notebooks()
        with self._engine.connect() as connection:
            self._made_from = self._digest(connection, student)
            if not force and self._is_up_to_date(student):
                return False
            steps = [step for step in self.exporter._preprocessors if isinstance(step, GradesForStudents)]
            for step in steps:
                step.connection = connection
            with contextlib.chdir(self.coursedir.root):
                self.convert_notebooks()
            for step in steps:
                step.connection = None
        return True

    def _digest(self, connection: Connection, student: str) -> str:
        """Of all that a student's pages show: notebooks, grades and comments, our code; "" if none."""
        digest = self._basis.copy()
        folder = self._course.folder("autograded", self._stem, student)
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"\0{path.relative_to(folder)}\0".encode("utf-8", "surrogateescape"))
            digest.update(hashlib.sha256(path.read_bytes()).digest())
            if path.suffix == ".ipynb":
                try:
                    found = read_page_grades(connection, self._stem, path.stem, student)
                except api.MissingEntry:  # converting it will say so
                    return ""
                digest.update(repr(found).encode())
        connection.rollback()
        return digest.hexdigest()

    def _is_up_to_date(self, student: str) -> bool:
        folder = self._course.folder("feedback", self._stem, student)
        graded = self._course.folder("autograded", self._stem, student)
        wanted = sorted(path.stem for path in graded.glob("*.ipynb"))
        pages = sorted(folder.glob("*.html"))
        return (
            bool(self._made_from)
            and [page.stem for page in pages] == wanted
            and all(_last_line(page) == MADE_FROM.format(self._made_from) for page in pages)
        )

    def write_single_notebook(self, output: str, resources: Any) -> None:
        """As nbgrader does, with the digest as the last line: half a page has none."""
        super().write_single_notebook(f"{output}\n{MADE_FROM.format(self._made_from)}\n", resources)

    def close(self) -> None:
        """End the connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _last_line(page: Path) -> str:
    with page.open("rb") as file:
        file.seek(max(0, page.stat().st_size - 2 * len(MADE_FROM) - 100))
        return file.read().decode("utf-8", "replace").rstrip("\n").rsplit("\n", 1)[-1]


def _code_of_pages() -> bytes:
    """A digest of what makes a page of a notebook: our code and template, and the versions of nbgrader's."""
    digest = hashlib.sha256(code_digest())
    for path in sorted((TEMPLATES / "student_feedback").rglob("*")):
        digest.update(path.read_bytes() if path.is_file() else b"")
    digest.update(
        " ".join(version(name) for name in ("nbgrader", "nbconvert", "pygments", "mistune")).encode()
    )
    return digest.digest()


def write_feedback(
    course: Course,
    stem: str,
    on_page: Callable[[str, int, int], None] = lambda student, done, total: None,
    *,
    force: bool = False,
) -> dict[str, str]:
    """Write `feedback/STUDENT/STEM/*.html` for every student with a graded notebook.

    A page that shows what there is already stays as it is, unless `force`.
    Returns the students whose page could not be written, with the reason: one bad page stops no other.
    """
    course.require_stem(stem)
    graded = [
        s for s in course.students_with_a_submission(stem) if course.folder("autograded", stem, s).is_dir()
    ]
    failed: dict[str, str] = {}
    with FeedbackWriter(course, stem) as writer:
        for done, student in enumerate(graded, 1):
            try:
                writer.write(student, force=force)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - nbgrader ends failed conversions with SystemExit
                failed[student] = f"{type(error).__name__}: {error}"
            on_page(student, done, len(graded))
    return failed
