"""A class graded by stock `nbgrader autograde` and by `autograder grade`: same notebooks, machine and scores.

Both run as commands in fresh processes, one after the other. Stock nbgrader runs without this project's
configuration, in kernels, as it comes; the class is copies of the sample class's submissions that both can
finish (no endless loop, no cheater).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.sample_class.build import HERE, STEM

REPOSITORY = Path(__file__).resolve().parents[1]
STUDENTS = (
    "01-loops",
    "02-strides",
    "03-fft",
    "04-lists",
    "05-callable",
    "07-convolves",
    "09-swaps-axes",
    "12-unfinished",
)
COPIES = int(os.environ.get("COPIES", "3"))  # of each: the class has 8 times as many
STOCK_CONFIG = """c = get_config()
c.CourseDirectory.course_id = "convolution"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
"""


def lay_out(root: Path, config: str) -> Path:
    """A course at `root` with the generated class and nothing graded yet."""
    shutil.copytree(REPOSITORY / "solutions" / STEM, root / "solutions" / STEM)
    for copy in range(COPIES):
        for student in STUDENTS:
            shutil.copytree(HERE / "submitted" / student, root / "submitted" / f"{student}-{copy}")
    (root / "nbgrader_config.py").write_text(config)
    command(root, "nbgrader", "generate_assignment", STEM)
    return root


def command(root: Path, module: str, *arguments: str) -> float:
    """Run `python -m module arguments` in `root`: seconds of wall clock."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    program = [sys.executable, "-m", module, *arguments]
    started = time.perf_counter()
    done = subprocess.run(program, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    return time.perf_counter() - started


def scores(root: Path) -> dict[str, float]:
    """Points by student, from the gradebook."""
    query = """select sa.student_id, sum(g.auto_score) from grade g
        join submitted_notebook sn on g.notebook_id = sn.id
        join submitted_assignment sa on sn.assignment_id = sa.id group by 1"""
    return dict(sqlite3.connect(root / "gradebook.db").execute(query).fetchall())


def main() -> None:
    """Grade both ways, compare the scores, print seconds a submission and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        stock = lay_out(Path(folder) / "stock", STOCK_CONFIG)
        ours = lay_out(Path(folder) / "ours", (REPOSITORY / "autograder" / "nbgrader_config.py").read_text())
        count = COPIES * len(STUDENTS)
        our_seconds = command(ours, "autograder", "grade", STEM, "--quiet")
        stock_seconds = command(stock, "nbgrader", "autograde", STEM)
        differing = {s: (a, scores(ours)[s]) for s, a in scores(stock).items() if scores(ours)[s] != a}
    print(f"  {count} submissions of {STEM}, figures drawn; start-up of both commands included")
    for name, seconds in (("nbgrader autograde", stock_seconds), ("autograder grade", our_seconds)):
        print(f"  {name:<20}{seconds:7.1f} s   {seconds / count:5.2f} s a submission")
    print(f"  ratio {stock_seconds / our_seconds:.1f}")
    print(f"  scores: {'the same' if not differing else f'DIFFERENT: {differing}'}")
