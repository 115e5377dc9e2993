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


def command(root: Path, module: str, *arguments: str) -> tuple[float, float]:
    """Run `python -m module arguments` in `root`: (wall, CPU) seconds, CPU of all its children included."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - started, cpu


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
        our_wall, our_cpu = command(ours, "autograder", "grade", STEM, "--quiet")
        stock_wall, stock_cpu = command(stock, "nbgrader", "autograde", STEM)
        differing = {s: (a, scores(ours)[s]) for s, a in scores(stock).items() if scores(ours)[s] != a}
    print(f"  {count} submissions of {STEM}, figures drawn; start-up of both commands included")
    pairs = (("nbgrader autograde", stock_wall, stock_cpu), ("autograder grade", our_wall, our_cpu))
    for name, wall, cpu in pairs:
        print(f"  {name:<20} {wall / count:6.2f} s wall   {cpu / count:6.2f} s CPU   a submission")
    print(f"  ratio                {stock_wall / our_wall:6.1f}          {stock_cpu / our_cpu:6.1f}")
    print(f"  scores: {'the same' if not differing else f'DIFFERENT: {differing}'}")
