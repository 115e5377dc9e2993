"""A class of hostile and honest students: all are graded, none sees a secret, none costs another a point."""

from __future__ import annotations

import copy
import os
import re
import runpy
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.assignment import make_notebook
from autograder.course import Course
from autograder.feedback import write_feedback
from autograder.grade import grade_class
from autograder.report.class_report import write_class_report
from autograder.result import Result
from autograder.sample_class.answers import LOOPS
from tests.autograder.conftest import REPOSITORY, STEM, answered
from tests.autograder.hostile_class import FULL, HOSTILE, MOST_SECONDS, TINY, files_of, twins

pytestmark = pytest.mark.sandbox
CODE = (  # of every outcome some
    "graded_no_points/searches_every_file",
    "graded_no_points/reads_the_environment",
    "graded_no_points/scripts_in_outputs",
    "graded_no_points/flood_of_colours",
    "graded_no_points/picture_that_is_a_page",
    "graded_no_points/plants_start_up_files",
    "graded_no_points/detached_daemons",
    "graded_no_points/exceptions_that_lie",
    "timeout/sleeps_in_an_answer",
    "timeout/power_of_an_integer",
    "memory/many_processes_together",
    "memory/two_to_the_forty_numbers",
    "crashed/deep_json",
    "crashed/ends_its_process",
    "crashed/stack_overflow",
)
NEEDS_ROOT = ("a_device",)
RUNNABLE = re.compile(
    r"<script>document|<[^>]+\son\w+\s*=|(?:href|src)\s*=\s*[\"']?\s*(?:javascript|data:text)", re.I
)


class Class:
    """The course, its results by student, and the secrets by the place where each stands."""

    def __init__(self, root: Path) -> None:
        self.secrets = {
            place: f"CANARY-{secrets.token_hex(12)}"
            for place in ("solution", "hidden test", "environment", "git", "neighbour", "gradebook")
        }
        (root / "nbgrader_config.py").write_text((REPOSITORY / "autograder/nbgrader_config.py").read_text())
        (root / ".git").mkdir()
        (root / ".git" / "COMMIT_EDITMSG").write_text(self.secrets["git"])
        self.course = Course(root)
        self.source = self._write_source(root)
        self._hand_in(root)
        with Gradebook(self.course.gradebook_url, self.course.course_id) as gradebook:
            gradebook.add_student("zz-honest", email=f"{self.secrets['gradebook']}@example.org")

    def _write_source(self, root: Path) -> Any:
        source = nbformat.read(REPOSITORY / "solutions" / STEM / f"{STEM}.ipynb", 4)
        for mark, place in (("### END SOLUTION", "solution"), ("### END HIDDEN TESTS", "hidden test")):
            for cell in source.cells:
                cell.source = re.sub(f"( *){mark}", rf"\1# {self.secrets[place]}\n\1{mark}", cell.source)
        path = root / "solutions" / STEM / f"{STEM}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(source))
        return source

    def _hand_in(self, root: Path) -> None:
        assignment = make_notebook(STEM, STEM, self.source)
        honest = nbformat.writes(answered(assignment, LOOPS))
        own = LOOPS | {"correlate1d": f"# {self.secrets['neighbour']}\n{LOOPS['correlate1d']}"}
        self.expected: dict[str, tuple[tuple[str, ...], float]] = {}
        for student, text in (
            ("00-honest", nbformat.writes(answered(assignment, own))),
            ("mm-honest", honest),
            ("zz-honest", honest),
        ):
            self._path(root, student).write_text(text)
            self.expected[student] = ("graded",), FULL
        for name in CODE:
            submission = twins(HOSTILE / f"{name}.py")[0]
            path = self._path(root, Path(name).name)
            path.write_text(nbformat.writes(answered(assignment, submission.answers())))
            self.expected[Path(name).name] = submission.statuses, submission.points
        for file in (*files_of("invalid"), *files_of("harmless_files")):
            if file.stem in NEEDS_ROOT and os.geteuid() != 0:
                continue
            hostile = runpy.run_path(str(file))
            hostile["hand_in"](self._path(root, file.stem), honest)
            invalid = file.parent.name == "invalid"
            status = hostile.get("STATUS", "invalid" if invalid else "graded")
            self.expected[file.stem] = (status,), 0.0 if invalid else FULL

    @staticmethod
    def _path(root: Path, student: str) -> Path:
        folder = root / "submitted" / student / STEM
        folder.mkdir(parents=True)
        return folder / f"{STEM}.ipynb"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Class, dict[str, Result]]]:
    everyone = Class(tmp_path_factory.mktemp("hostile-class"))
    os.environ["AUTOGRADER_CANARY"] = everyone.secrets["environment"]
    try:
        results = grade_class(everyone.course, STEM, workers=3, limits=TINY)
        assert write_feedback(everyone.course, STEM) == {}
        write_class_report(everyone.course, STEM)
    finally:
        del os.environ["AUTOGRADER_CANARY"]
    yield everyone, {result.student: result for result in results}


def test_everyone_ends_as_expected_and_the_honest_keep_every_point(
    hostile: tuple[Class, dict[str, Result]],
) -> None:
    everyone, results = hostile
    assert set(results) == set(everyone.expected)
    told = {
        student: (str(result.status), result.score, result.message)
        for student, result in results.items()
        if str(result.status) not in everyone.expected[student][0]
        or result.score != everyone.expected[student][1]
    }
    assert told == {}


def test_nobody_takes_longer_than_the_own_limit(hostile: tuple[Class, dict[str, Result]]) -> None:
    _, results = hostile
    for student, result in results.items():
        assert result.seconds < MOST_SECONDS, student
        if student.endswith("honest"):
            assert result.status == "graded"


def written(course: Course) -> dict[Path, str]:
    """Everything that students or instructors will read."""
    folders = [course.root / name for name in ("autograded", "feedback", "reports")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {path: path.read_bytes().decode("utf-8", "replace") for path in files}


def test_no_secret_stands_in_anything_that_was_written(hostile: tuple[Class, dict[str, Result]]) -> None:
    everyone, _ = hostile
    pages = written(everyone.course)
    assert len(pages) > 3 * 20
    own = [path for path, text in pages.items() if everyone.secrets["neighbour"] in text]
    assert own, "the search finds what is there"
    assert all("00-honest" in path.parts for path in own)
    for place, secret in everyone.secrets.items():
        if place != "neighbour":
            assert not [path for path, text in pages.items() if secret in text], place


def test_no_page_runs_anything_of_a_student(hostile: tuple[Class, dict[str, Result]]) -> None:
    everyone, _ = hostile
    pages = {path: text for path, text in written(everyone.course).items() if path.suffix == ".html"}
    assert any("PWNED" in text for text in pages.values()), "the texts of the attacks are there, as texts"
    for path, text in pages.items():
        assert not RUNNABLE.findall(text), path
        assert len(text) < 20_000_000


def test_a_second_run_finds_everything_done(hostile: tuple[Class, dict[str, Result]]) -> None:
    everyone, results = hostile
    before = copy.copy(results)
    again = grade_class(everyone.course, STEM, workers=1, limits=TINY, students=["00-honest", "mm-honest"])
    assert [result.score for result in again] == [before[result.student].score for result in again]
    assert not Path("/tmp/PWNED-PICKLE").exists()
