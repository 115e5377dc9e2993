"""A course folder with a class's work, graded by a command; and the points in its gradebook."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.measured import Took, run

REPOSITORY = Path(__file__).resolve().parents[2]
# Stock settings but for the folders' names: nothing of ours is loaded.
STOCK = """c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
"""
OURS = REPOSITORY / "autograder" / "nbgrader_config.py"
ATTEMPTS = 4
Scores = dict[tuple[str, str], float | None]  # by student and graded cell


def lay_out(root: Path, stem: str, config: str, notebooks: Mapping[str, str]) -> Path:
    """A course at `root` with one assignment and what the students handed in, by name; nothing is graded."""
    shutil.copytree(REPOSITORY / "solutions" / stem, root / "solutions" / stem)
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    for student, text in notebooks.items():
        folder = root / "submitted" / student / stem
        folder.mkdir(parents=True)
        (folder / f"{stem}.ipynb").write_text(text, encoding="utf-8")
    return root


def graded_by_stock(root: Path, stem: str, notebooks: Mapping[str, str]) -> Took:
    """Grade with stock nbgrader. What is measured is `nbgrader autograde`, not the release before it.

    It gives up a student whose kernel is late with an output, and ends with an error after the others: then
    it is run again for those who are left, which is counted.
    """
    lay_out(root, stem, STOCK, notebooks)
    run(root, [sys.executable, "-m", "nbgrader", "generate_assignment", stem])
    wall = cpu = peak = 0.0
    command = [sys.executable, "-m", "nbgrader", "autograde", stem]
    for attempt in range(ATTEMPTS):
        took = run(root, command, may_fail=attempt < ATTEMPTS - 1)
        wall, cpu, peak = wall + took.wall, cpu + took.cpu, max(peak, took.peak)
        if took.status == 0:
            break
    return Took(wall, cpu, peak)


def graded_by_us(
    root: Path, stem: str, notebooks: Mapping[str, str], *options: str, memory: bool = False
) -> Took:
    """Grade with `autograder grade`; the release, which it makes itself, is part of it."""
    lay_out(root, stem, OURS.read_text(encoding="utf-8"), notebooks)
    command = [sys.executable, "-m", "autograder", "grade", stem, "--quiet", "--json", "results.jsonl"]
    return run(root, [*command, *options], memory=memory)


def scores(root: Path) -> Scores:
    """Every graded cell in the gradebook: the points of the grader, None where a person has to look."""
    query = """select sa.student_id, c.name, g.auto_score from grade g
        join base_cell c on g.cell_id = c.id
        join submitted_notebook sn on g.notebook_id = sn.id
        join submitted_assignment sa on sn.assignment_id = sa.id"""
    with contextlib.closing(sqlite3.connect(root / "gradebook.db")) as database:
        return {(student, cell): score for student, cell, score in database.execute(query)}
