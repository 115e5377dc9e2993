"""The committed pages on what the checks catch are what the tool writes."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from coursekit.checks import tasks_of
from coursekit.checks.registry import EXERCISES
from tools.mutants.matrix import BOTH, matrix_of
from tools.mutants.picture import picture
from tools.mutants.tables import exercise_page

REPOSITORY = Path(__file__).resolve().parents[3]
TOOL = REPOSITORY / "tools" / "kill_matrix.py"
PAGES = REPOSITORY / "docs" / "kill_matrix"
LARGEST = 150_000  # bytes of a picture


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def test_the_pages_and_pictures_are_what_the_tool_writes() -> None:
    done = run("--check")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


@pytest.mark.parametrize("stem", EXERCISES)
def test_a_picture_is_small_and_says_in_words_what_it_shows(stem: str) -> None:
    file = PAGES / f"{stem}.svg"
    assert file.stat().st_size < LARGEST
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    assert root.get("role") == "img" and stem in root.get("aria-label", "")
    words = {"".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")}
    names = {mistake.name.replace("_", " ") for task in tasks_of(stem) for mistake in task.misconceptions}
    assert names <= words
    assert f"]({stem}.svg)" in (PAGES / f"{stem}.md").read_text(encoding="utf-8")


def test_there_is_no_page_without_an_exercise() -> None:
    assert {path.stem for path in PAGES.iterdir()} == set(EXERCISES)


def test_a_matrix_counts_what_the_report_says() -> None:
    (task,) = (task for task in tasks_of("03_cross_correlation") if task.name == "correlate1d")
    matrix = matrix_of(task)
    flipped = matrix.mistakes[0]
    assert flipped.misconception.name == "kernel_flipped"
    for case, is_caught in zip(matrix.cases, flipped.caught, strict=True):
        right, wrong = (combine(*case.arguments, "valid") for combine in (np.correlate, np.convolve))
        assert is_caught != np.array_equal(right, wrong)
    assert flipped.points_left == 0
    count = len(task.misconceptions)
    assert matrix.told.total() == count * (count - 1) // 2
    assert matrix.told[BOTH] > 0.9 * matrix.told.total()
    assert matrix.mutants == sum(len(row.caught) for row in matrix.operators) + matrix.equivalent
    for row in matrix.operators:
        assert all(any(mutant) for mutant in row.caught)
        assert len(row.shares) == len(matrix.cases) and max(row.shares) == 1
    page = exercise_page("03_cross_correlation", [matrix])
    assert "| kernel flipped | This is what you get when the kernel is flipped first" in page
    assert picture("03_cross_correlation", [matrix]) == picture("03_cross_correlation", [matrix])


@pytest.mark.parametrize("arguments", [("--survivors", "no_task"), ("99_nothing",), ("--nothing",)])
def test_wrong_usage_is_told(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_a_task_whose_mutants_are_all_caught_or_listed_prints_nothing() -> None:
    done = run("--survivors", "correlate2d")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
