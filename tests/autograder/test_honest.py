"""Honest work keeps exactly its points: under stock nbgrader, and under our grader, cell by cell.

Both grade the same files, as commands in course folders of their own, and both gradebooks are compared with
the points that each file in tests/honest states. Where stock nbgrader is wrong, the file says what it gives,
and why.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from coursekit.checks import tasks_of
from tests.honest.submissions import REPOSITORY, STEMS, Submission, notebook_of, submissions

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(1800)]  # eighty kernels, on whatever machine
CLASS = [submission for stem in STEMS for submission in submissions(stem)]
EACH = pytest.mark.parametrize("submission", CLASS, ids=lambda one: f"{one.stem[:2]}-{one.name}")
# Stock settings but for the folders' names: no executor of ours is loaded.
STOCK = """c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
"""
OURS = (REPOSITORY / "autograder" / "nbgrader_config.py").read_text(encoding="utf-8")
Scores = dict[tuple[str, str], tuple[float | None, bool]]  # student and cell: points, needs a person


def lay_out(root: Path, stem: str, config: str) -> Path:
    """A course folder with one assignment and the whole class's work on it."""
    shutil.copytree(REPOSITORY / "solutions" / stem, root / "solutions" / stem)
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    for submission in submissions(stem):
        folder = root / "submitted" / submission.name / stem
        folder.mkdir(parents=True)
        (folder / f"{stem}.ipynb").write_text(nbformat.writes(notebook_of(submission)), encoding="utf-8")
    return root


def command(root: Path, module: str, *arguments: str, attempts: int = 1) -> None:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(root / "no-configuration"),
    }
    program = [sys.executable, "-m", module, *arguments]
    for _ in range(attempts):
        done = subprocess.run(program, cwd=root, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            break
    assert done.returncode == 0, f"{module} {' '.join(arguments)}:\n{done.stderr[-3000:]}"


def scores(root: Path) -> Scores:
    """Every graded cell in the gradebook."""
    query = """select sa.student_id, c.name, g.auto_score, g.needs_manual_grade from grade g
        join base_cell c on g.cell_id = c.id
        join submitted_notebook sn on g.notebook_id = sn.id
        join submitted_assignment sa on sn.assignment_id = sa.id"""
    with sqlite3.connect(root / "gradebook.db") as database:
        return {
            (student, cell): (score, bool(person)) for student, cell, score, person in database.execute(query)
        }


def graded_by_stock(root: Path, stem: str) -> Scores:
    lay_out(root, stem, STOCK)
    command(root, "nbgrader", "generate_assignment", stem)
    # It gives a student up whose kernel is 4 s late with an output; the next run grades those who are left.
    command(root, "nbgrader", "autograde", stem, attempts=4)
    return scores(root)


def graded_by_us(root: Path, stem: str) -> Scores:
    lay_out(root, stem, OURS)
    command(root, "autograder", "grade", stem, "--workers", "1", "--quiet")
    return scores(root)


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the course folders: of stock nbgrader, and ours."""
    return tmp_path_factory.mktemp("honest")


@pytest.fixture(scope="module")
def stock_and_ours(
    courses: Path,
) -> Iterator[tuple[dict[str, Scores], dict[str, Scores]]]:
    """The class, graded by both, by exercise; two exercises at a time."""
    with ThreadPoolExecutor(2) as pool:
        stock = {stem: pool.submit(graded_by_stock, courses / "stock" / stem, stem) for stem in STEMS}
        ours = {stem: pool.submit(graded_by_us, courses / "ours" / stem, stem) for stem in STEMS}
        yield (
            {stem: graded.result() for stem, graded in stock.items()},
            {stem: graded.result() for stem, graded in ours.items()},
        )


def points_of(found: Scores, submission: Submission) -> dict[str, float | None]:
    """What a gradebook says of one submission, by task."""
    tasks = [task.name for task in tasks_of(submission.stem)]
    return {task: found.get((submission.name, f"{task}-check"), (None, False))[0] for task in tasks}


@EACH
def test_our_grader_gives_what_a_fair_instructor_gives(
    stock_and_ours: tuple[dict[str, Scores], dict[str, Scores]], submission: Submission
) -> None:
    assert points_of(stock_and_ours[1][submission.stem], submission) == submission.points


@EACH
def test_stock_nbgrader_gives_the_same_but_where_it_is_wrong(
    stock_and_ours: tuple[dict[str, Scores], dict[str, Scores]], submission: Submission
) -> None:
    assert points_of(stock_and_ours[0][submission.stem], submission) == submission.expected_of_stock


def failures(course: Path, submission: Submission) -> dict[str, str]:
    """The exceptions in a graded notebook by the text of their cells, but for the checks that give points."""
    place = course / submission.stem / "autograded" / submission.name / submission.stem
    cells = nbformat.read(place / f"{submission.stem}.ipynb", 4).cells
    checks = {f"{task.name}-check" for task in tasks_of(submission.stem)}
    return {
        cell.source: output.ename
        for cell in cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") not in checks
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    }


@EACH
@pytest.mark.usefixtures("stock_and_ours")
def test_a_cell_fails_in_the_sandbox_only_where_it_fails_at_home(
    courses: Path, submission: Submission
) -> None:
    """But for the limit of memory, which home does not have: two students draw very large matrices."""
    ours, stock = (failures(courses / grader, submission) for grader in ("ours", "stock"))
    assert {cell: error for cell, error in ours.items() if error != "MemoryError"} == stock


@EACH
def test_what_a_person_has_to_grade_is_the_same_for_both(
    stock_and_ours: tuple[dict[str, Scores], dict[str, Scores]], submission: Submission
) -> None:
    checks = {f"{task.name}-check" for task in tasks_of(submission.stem)}
    stock, ours = (
        {
            cell: told
            for (student, cell), told in graded[submission.stem].items()
            if student == submission.name
        }
        for graded in stock_and_ours
    )
    assert {cell: ours[cell] for cell in ours if cell not in checks} == {
        cell: stock[cell] for cell in stock if cell not in checks
    }
    assert not [cell for cell in checks if ours[cell][1]], "nobody has to look at what the judge has judged"


def test_the_class_is_as_large_and_as_varied_as_it_must_be() -> None:
    assert len(CLASS) >= 60
    for stem in STEMS:
        for task in tasks_of(stem):
            own = [one for one in submissions(stem) if task.name in one.points]
            assert len(own) == len(submissions(stem)), "every file states the points of every task"
            assert (
                len({one.sections.get(task.name) for one in own if one.points[task.name] == task.points}) >= 4
            )
            assert any(one.points[task.name] < task.points for one in own), f"nobody gets {task.name} wrong"


def test_a_difference_from_stock_nbgrader_is_a_difference_and_stands_in_the_readme() -> None:
    told = (REPOSITORY / "tests" / "honest" / "README.md").read_text(encoding="utf-8")
    for one in CLASS:
        for task, (points, why) in one.stock.items():
            assert points != one.points[task], f"{one.stem}/{one.name} states no difference for {task}"
            shown = "none" if points is None else f"{points:g}"
            row = f"| {one.stem[:2]} `{one.name}` | {task} | {one.points[task]:g} | {shown} | {why} |"
            assert row in told, f"put this row into tests/honest/README.md:\n{row}"
