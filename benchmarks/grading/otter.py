"""The same exercise as an assignment of otter-grader, graded without containers.

Its test files ask the same functions the same number of questions: those of our tasks, drawn anew, compared
by the task's own rule, with one of otter's test cases for each group of points. A notebook has
`grader.check("correlate2d")` where ours has `check(correlate2d)`. Otter runs in a virtual environment of its
own, which this module makes; nothing of it is a dependency of the course.

Graded is with `otter.api.grade_submission`, one notebook after the other in one process: what `otter run`
does, without paying its imports for every notebook. Otter has no other way to grade without containers.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from autograder.assignment import make_notebook
from benchmarks.grading.course import REPOSITORY, Scores
from benchmarks.measured import Took, run
from coursekit.checks.task import Task

OTTER = "otter-grader[grading]==7.0.0"
BESIDE = ("numpy", "scipy", "matplotlib", "scikit-image", "ipython", "ipykernel")  # in our own versions
INSTALL_SECONDS = 900
START = 'import otter\ngrader = otter.Notebook("{notebook}")'
TEST_FILE = """from coursekit.checks import examine, find_task, fresh_cases
from coursekit.checks.calling import call
from coursekit.checks.outcome import NoAnswer
from otter.test_files import test_case

OK_FORMAT = False
name = {task!r}
points = None
TASK = find_task(name)
EARNED = {{}}


def judged(function):
    cases = fresh_cases(TASK, {seed}, {student!r})
    if function is None:
        outcomes = [NoAnswer("not-defined")] * len(cases)
    else:
        outcomes = [call(function, case, TASK.forbids) for case in cases]
    return examine(TASK, cases, outcomes)

{cases}"""
TEST_CASE = """
@test_case(name={name!r}, points={points!r})
def test_{number}({task}):
    if {number} == 0:
        EARNED["score"] = judged({task}).score
    assert EARNED["score"] >= {threshold!r} - 1e-9
"""
LOOP = """import json, sys
from otter.api import grade_submission

archive, told, *notebooks = sys.argv[1:]
with open(told, "w") as file:
    for notebook in notebooks:
        results = grade_submission(notebook, archive, quiet=True)
        points = {name: test.score for name, test in results.results.items()}
        print(json.dumps([notebook, points]), file=file, flush=True)
"""


class NoOtter(RuntimeError):
    """otter-grader cannot be installed here; the message says why."""


def _wanted() -> list[str]:
    return [OTTER, *(f"{name}=={importlib.metadata.version(name)}" for name in BESIDE)]


def folder() -> Path:
    """Where its virtual environment is, or will be: one for each set of versions."""
    mark = hashlib.sha256(" ".join([sys.version, *_wanted()]).encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "convolution-course" / f"otter-{mark}"


def environment() -> Path:
    """The Python of a virtual environment with otter-grader, made at the first call; NoOtter without."""
    python, ready = folder() / "bin" / "python", folder() / "installed"
    if ready.exists():
        return python
    try:
        venv.create(folder(), with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *_wanted()]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.CalledProcessError as error:
        raise NoOtter(f"pip: {str(error.stderr).strip()[-300:]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoOtter(str(error)) from error
    ready.touch()
    return python


def test_file(task: Task, seed: int) -> str:
    """The test file of one task: a test case for each point or part of a point that can be earned."""
    steps = sorted({round(group.points, 6) for group in task.groups})
    least = min(step for step in steps if step > 0)
    number = round(task.points / least)
    if any(
        abs(step / least - round(step / least)) > 1e-6 for step in steps
    ):  # no common step: all or nothing
        least, number = task.points, 1
    cases = "\n".join(
        TEST_CASE.format(
            name=f"{task.name} {at + 1}", points=least, number=at, task=task.name, threshold=(at + 1) * least
        )
        for at in range(number)
    )
    return TEST_FILE.format(task=task.name, seed=seed, student="somebody", cases=cases)


def archive(path: Path, tasks: Mapping[str, Task], seed: int) -> Path:
    """Write otter's `autograder.zip` for these tasks."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("otter_config.json", json.dumps({"lang": "python", "show_stdout": False}))
        for task in tasks.values():
            file.writestr(f"tests/{task.name}.py", test_file(task, seed))
    return path


def as_otter_notebook(text: str, name: str) -> str:
    """A student's notebook with otter's cells in place of ours: those that graded carry its question."""
    notebook: Any = nbformat.reads(text, 4)
    for cell in notebook.cells:
        grade_id = cell.metadata.pop("nbgrader", {}).get("grade_id", "")
        if grade_id.endswith("-check"):
            cell.source = f'grader.check("{grade_id.removesuffix("-check")}")'
    notebook.cells.insert(0, nbformat.v4.new_code_cell(START.format(notebook=name), id="otter-start"))
    return str(nbformat.writes(notebook))


def graded_by_otter(root: Path, stem: str, notebooks: Mapping[str, str], seed: int) -> tuple[Took, Scores]:
    """Grade with otter; what it took, and the points by student and graded cell. NoOtter without it."""
    python = environment()
    root.mkdir(parents=True)
    source = nbformat.read(REPOSITORY / "solutions" / stem / f"{stem}.ipynb", 4)
    tasks = make_notebook(stem, stem, source).tasks
    packed = archive(root / "autograder.zip", tasks, seed)
    files = {}
    for student, text in notebooks.items():
        files[student] = root / f"{student}.ipynb"
        files[student].write_text(as_otter_notebook(text, files[student].name), encoding="utf-8")
    loop, told = root / "loop.py", root / "scores.jsonl"
    loop.write_text(LOOP, encoding="utf-8")
    command = [str(python), str(loop), str(packed), str(told), *map(str, files.values())]
    # the course's package only: the repository's folder is on the path of its kernels
    took = run(root, command, environment={"PYTHONPATH": str(REPOSITORY)})
    found: Scores = {}
    for line in told.read_text(encoding="utf-8").splitlines():
        path, points = json.loads(line)
        for grade_id, task in tasks.items():
            found[Path(path).stem, grade_id] = points.get(task.name)
    return took, found
