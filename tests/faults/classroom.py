"""The class of the campaign: the sample class, several times over, each copy a little different."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from autograder.course import Course
from autograder.sample_class.__main__ import lay_out
from autograder.sample_class.build import STEM

SLOW = ("14-endless-loop", "15-eats-memory", "21-reads-solutions")  # seconds each, and nothing else to kill


def lay_out_class(root: Path, copies: int, only: tuple[str, ...] = ()) -> Course:
    """A course at `root`; each of the sample's students (or of `only`) has `copies` submissions."""
    course = lay_out(root)
    for folder in sorted((root / "submitted").iterdir()):
        if folder.name in SLOW or (only and folder.name not in only):
            shutil.rmtree(folder)
            continue
        for number in range(1, copies):
            copy = folder.with_name(f"{folder.name}-{number}")
            shutil.copytree(folder, copy)
            for path in copy.rglob("*.ipynb"):
                _vary(path, number)
    return course


def _vary(path: Path, number: int) -> None:
    """Another student's file: the same answers under another comment."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        path.write_text(path.read_text(encoding="utf-8") + f"\n{number}\n", encoding="utf-8")
        return
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = "".join(cell["source"]) + f"\n# variant {number}"
    path.write_text(json.dumps(notebook), encoding="utf-8")


def notebooks(course: Course) -> list[str]:
    """The students who handed in the notebook."""
    students = course.students_with_a_submission(STEM)
    return [s for s in students if (course.folder("submitted", STEM, s) / f"{STEM}.ipynb").exists()]
