"""Plain nbgrader, with nothing of our grader, gives the right points on the same notebooks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

REPOSITORY = Path(__file__).resolve().parents[2]
STEM = "03_cross_correlation"
NOTEBOOK = f"{STEM}.ipynb"
# Stock settings but for the folders' names: no executor of ours is loaded.
CONFIG = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
"""
DECIMALS_CUT_OFF = """
def correlate2d(image, kernel):
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape))
    output = np.zeros((rows, columns), dtype=int)
    for i in range(rows):
        for j in range(columns):
            output[i, j] = np.sum(image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel)
    return output
"""
FLIPPED = """
def correlate1d(signal, kernel):
    return np.convolve(signal, kernel, mode="valid")
"""
TASKS = ("correlate1d", "correlate2d", "edge_kernel", "match_template", "test_correlate2d")
GRADED = tuple(f"{task}-check" for task in TASKS)
CORRECT, PART, NOTHING = "correct", "part", "nothing"


def submission(answers: dict[str, str], base: Path) -> str:
    """Return the notebook at `base` with some answers replaced."""
    notebook = nbformat.read(base, as_version=4)
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id].strip()
    return str(nbformat.writes(notebook))


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(course / "no-configuration"),
    }
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of three submissions, after `nbgrader generate_assignment` and `nbgrader autograde`."""
    root = tmp_path_factory.mktemp("stock")
    (root / "nbgrader_config.py").write_text(CONFIG)
    shutil.copytree(REPOSITORY / "solutions" / STEM, root / "solutions" / STEM)
    solution = root / "solutions" / STEM / NOTEBOOK
    made = nbgrader(root, "generate_assignment", STEM)
    assert made.returncode == 0, made.stderr
    texts = {
        CORRECT: solution.read_text(),
        PART: submission({"correlate1d-answer": FLIPPED, "correlate2d-answer": DECIMALS_CUT_OFF}, solution),
        NOTHING: (root / "exercises" / STEM / NOTEBOOK).read_text(),
    }
    for student, text in texts.items():
        folder = root / "submitted" / student / STEM
        folder.mkdir(parents=True)
        (folder / NOTEBOOK).write_text(text)
    graded = nbgrader(root, "autograde", STEM)
    assert graded.returncode == 0, graded.stderr
    return root


@pytest.mark.parametrize(
    ("student", "points"),
    [
        (CORRECT, (2, 4, 1, 2, 2)),
        (PART, (0, 3, 1, 2, 2)),
        (NOTHING, (0, 0, 0, 0, 0)),
    ],
)
def test_stock_autograde_gives_the_points(course: Path, student: str, points: tuple[float, ...]) -> None:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(NOTEBOOK.removesuffix(".ipynb"), STEM, student)
        found = {grade.name: grade.auto_score for grade in notebook.grades}
        assert found == dict(zip(GRADED, points, strict=True))
        assert not notebook.needs_manual_grade


def test_the_autograded_notebook_still_says_why(course: Path) -> None:
    path = course / "autograded" / PART / STEM / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == GRADED[0])
    (output,) = (output for output in cell.outputs if output.output_type == "execute_result")
    assert output.data["text/plain"] == "0.0"
    assert "the kernel is flipped first: a convolution" in output.data["text/html"]


@pytest.mark.parametrize(("student", "failing"), [(CORRECT, 0), (PART, 2), (NOTHING, 5)])
def test_stock_validate_fails_where_points_are_missing(course: Path, student: str, failing: int) -> None:
    run = nbgrader(course, "validate", str(course / "submitted" / student / STEM / NOTEBOOK))
    words = run.stdout + run.stderr
    if failing:
        assert re.search(rf"VALIDATION FAILED ON {failing} CELL", words), words
    else:
        assert "Success! Your notebook passes all the tests." in words, words
