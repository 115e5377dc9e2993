"""`exercises/` is what nbgrader makes of `solutions/`, and gives no answer away."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursekit.checks import find_task, tasks_of
from coursekit.checks.registry import EXERCISES, optional_tasks_of

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE, RELEASE = REPOSITORY / "solutions", REPOSITORY / "exercises"
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", re.DOTALL)

STEMS = sorted(folder.name for folder in SOURCE.iterdir() if folder.is_dir())
each_stem = pytest.mark.parametrize("stem", STEMS)


def cells(root: Path, stem: str) -> Iterator[Any]:
    """Yield the cells of every notebook of one assignment."""
    for path in sorted((root / stem).rglob("*.ipynb")):
        yield from nbformat.read(path, as_version=4).cells


def nbgrader_of(cell: Any) -> dict[str, Any]:
    return dict(cell.metadata.get("nbgrader", {}))


def graded(stem: str) -> list[Any]:
    """The cells whose points the judge gives."""
    return [cell for cell in cells(SOURCE, stem) if nbgrader_of(cell).get("grade") and not by_hand(cell)]


def by_hand(cell: Any) -> bool:
    """Whether a person reads the cell and gives its points."""
    return bool(nbgrader_of(cell).get("grade") and nbgrader_of(cell).get("solution"))


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which nbgrader has just generated every release."""
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(SOURCE, course / "solutions", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    (course / "autograder").mkdir()
    shutil.copy(REPOSITORY / "autograder" / "nbgrader_config.py", course / "autograder")
    # nbgrader starts `alembic` by name to make its database.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for stem in STEMS:
        command = [sys.executable, "-m", "nbgrader", "generate_assignment", stem]
        run = subprocess.run(
            command, cwd=course, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
    return course / "exercises"


@each_stem
def test_the_exercise_equals_what_nbgrader_generates_from_the_solution(generated: Path, stem: str) -> None:
    repair = f"repair: nbgrader generate_assignment {stem} --force"
    assert files(RELEASE / stem) == files(generated / stem), repair


def test_every_exercise_has_a_solution_and_tasks() -> None:
    assert sorted(folder.name for folder in RELEASE.iterdir() if folder.is_dir()) == STEMS
    assert sorted(EXERCISES) == STEMS


def secret_lines(stem: str) -> set[str]:
    """Lines that stand in an answer or a hidden test of the source and nowhere else in it."""
    secret: set[str] = set()
    public: set[str] = set()
    for cell in cells(SOURCE, stem):
        if by_hand(cell) and cell.cell_type == "markdown":  # nbgrader replaces all of it
            secret.update(line.strip() for line in cell.source.split("\n"))
            continue
        for region in (SOLUTION, HIDDEN):
            secret.update(
                line.strip() for match in region.finditer(cell.source) for line in match[1].split("\n")
            )
        rest = HIDDEN.sub("", SOLUTION.sub("", cell.source))
        public.update(line.strip() for line in rest.split("\n"))
    return secret - public - {""}


@each_stem
def test_no_line_of_an_answer_or_hidden_test_stands_in_a_released_file(stem: str) -> None:
    secret = secret_lines(stem)
    assert len(secret) > 10
    for path, content in files(RELEASE / stem).items():
        lines = {line.strip() for line in content.decode("utf-8", "replace").split("\n")}
        if path.endswith(".ipynb"):
            notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
            lines |= {line.strip() for cell in notebook.cells for line in cell.source.split("\n")}
        assert not secret & lines, f"{path} gives away: {sorted(secret & lines)}"


@each_stem
def test_a_released_answer_is_a_contract_and_a_stub(stem: str) -> None:
    answers = [cell for cell in cells(RELEASE, stem) if nbgrader_of(cell).get("solution")]
    stubs = [cell.source for cell in answers if not by_hand(cell)]
    assert len(stubs) == len(tasks_of(stem)) + len(optional_tasks_of(stem))
    for source in stubs:
        assert source.count("raise NotImplementedError()") == 1
        assert '"""' in source and "SOLUTION" not in source


@each_stem
def test_graded_cells_are_the_tasks_with_their_points(stem: str) -> None:
    found = {
        nbgrader_of(cell)["grade_id"]: (cell.id, nbgrader_of(cell)["points"], nbgrader_of(cell)["locked"])
        for cell in graded(stem)
    }
    wanted = {f"{task.name}-check": (f"{task.name}-check", task.points, True) for task in tasks_of(stem)}
    assert found == wanted
    assert [nbgrader_of(cell)["grade_id"] for cell in graded(stem)] == list(wanted)


@each_stem
def test_a_graded_cell_checks_its_task_and_then_fresh_cases(stem: str) -> None:
    for cell in graded(stem):
        name = nbgrader_of(cell)["grade_id"].removesuffix("-check")
        whose = ", student=STUDENT" if find_task(name).personal else ""
        assert cell.source.split("\n") == [
            f"check({name}{whose})",
            "### BEGIN HIDDEN TESTS",
            f"check({name}{whose}, fresh=True)",
            "### END HIDDEN TESTS",
        ]


@each_stem
def test_a_cell_that_a_person_grades_states_its_points_and_is_released_empty(stem: str) -> None:
    released = {cell.id: cell.source for cell in cells(RELEASE, stem)}
    above = ""
    for cell in cells(SOURCE, stem):
        if by_hand(cell):
            points = nbgrader_of(cell)["points"]
            assert re.search(rf"\({points} points?, graded by a person\)", above), (
                f"{cell.id}: say its points"
            )
            assert re.fullmatch(r"[a-z0-9_-]+-(words|plot)", nbgrader_of(cell)["grade_id"])
            assert released[cell.id] in (
                "YOUR ANSWER HERE",
                "# YOUR CODE HERE\nraise NotImplementedError()",
            ) or (cell.cell_type == "code" and "raise NotImplementedError()" in released[cell.id])
        above = cell.source


def test_the_eight_exercises_carry_sixty_eight_points() -> None:
    points = {
        stem: sum(
            nbgrader_of(cell)["points"] for cell in cells(SOURCE, stem) if nbgrader_of(cell).get("grade")
        )
        for stem in STEMS
    }
    assert points == {
        "02_convolution": 9,
        "03_cross_correlation": 11,
        "04_channels": 9,
        "05_padding": 8,
        "06_stride": 9,
        "07_pooling": 8,
        "08_parameter_counting": 6,
        "12_fast_convolution": 8,
    }


@each_stem
def test_each_answer_has_its_own_cell_with_the_signature_of_its_task(stem: str) -> None:
    answers = {
        nbgrader_of(cell)["grade_id"]: cell
        for cell in cells(SOURCE, stem)
        if nbgrader_of(cell).get("solution") and not by_hand(cell)
    }
    tasks = (*tasks_of(stem), *optional_tasks_of(stem))
    assert set(answers) == {f"{task.name}-answer" for task in tasks}
    for task in tasks:
        cell = answers[f"{task.name}-answer"]
        assert cell.source.startswith(f"def {task.signature}:\n") and cell.id == f"{task.name}-answer"


@each_stem
def test_an_optional_task_says_so_and_nothing_of_it_is_graded(stem: str) -> None:
    assert all(not task.optional for task in tasks_of(stem))
    for task in optional_tasks_of(stem):
        assert task.optional
        text = "\n".join(cell.source for cell in cells(RELEASE, stem) if cell.cell_type == "markdown")
        assert f"**Write `{task.name}`**, if you like (no points)." in text
        checks = [cell for cell in cells(RELEASE, stem) if cell.source == f"check({task.name})"]
        assert len(checks) == 1 and not nbgrader_of(checks[0])


@each_stem
def test_the_notebook_states_the_points_of_every_group(stem: str) -> None:
    prose = "\n".join(cell.source for cell in cells(RELEASE, stem) if cell.cell_type == "markdown")
    for task in tasks_of(stem):
        worth = f"({task.points:g} point{'' if task.points == 1 else 's'})"
        section = prose.split(f"**Write `{task.name}`** {worth}.")
        assert len(section) == 2, f"the notebook must state that {task.name} is worth {worth}"
        stated = re.findall(r"^- ([\d.]+) points?:", section[1].split("\n**")[0], re.MULTILINE)
        assert [float(points) for points in stated] == [
            group.points for group in task.groups if not group.for_all
        ]
