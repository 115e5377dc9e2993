"""Builds careless submissions from a right one, and knows what is expected of each."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.sample_class.answers import LOOPS
from autograder.sample_class.build import RELEASE, STEM

NAME = f"{STEM}.ipynb"
FULL = 11.0
WITHOUT_ONE = 9.0  # correlate1d, which most of these students spoil, has 2 points
ANSWER = LOOPS["correlate1d"]
STUB = "def correlate1d(signal, kernel):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
Files = dict[str, str | bytes]  # by the path in the submission's folder
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Student:
    """One careless submission: what is fair, the files, and how the grading must end."""

    name: str
    fair: str
    hand_in: Callable[[], Files]
    status: str
    points: float
    says: tuple[str, ...]


students: dict[str, Student] = {}


def careless(status: str, points: float, *says: str) -> Callable[[Callable[[], Files]], Callable[[], Files]]:
    """Enter a function that makes a submission into the class."""

    def enter(hand_in: Callable[[], Files]) -> Callable[[], Files]:
        name = hand_in.__name__.replace("_", "-")
        assert name not in students, name
        assert hand_in.__doc__, f"{name} does not say what is fair"
        students[name] = Student(name, hand_in.__doc__, hand_in, status, points, says)
        return hand_in

    return enter


def right(**answers: str) -> Notebook:
    """A notebook with right answers to every task, but for those given here."""
    notebook = stubs()
    for cell in notebook["cells"]:
        task = grade_id(cell).removesuffix("-answer")
        if grade_id(cell).endswith("-answer"):
            cell["source"] = (LOOPS | answers)[task].rstrip("\n")
    return notebook


def stubs() -> Notebook:
    """The notebook as it was released."""
    notebook: Notebook = json.loads(RELEASE.read_bytes())
    # cells to try things in draw pictures, which is most of the time that a class of right answers takes
    notebook["cells"] = [cell for cell in notebook["cells"] if not cell["id"].endswith("-free-trial")]
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def grade_id(cell: dict[str, Any]) -> str:
    """nbgrader's mark of a cell, or ""."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def place(notebook: Notebook, name: str) -> int:
    """The index of the cell with this grade_id or cell id."""
    return next(i for i, cell in enumerate(notebook["cells"]) if name in (grade_id(cell), cell.get("id")))


def cell(notebook: Notebook, name: str) -> dict[str, Any]:
    """The cell with this grade_id or cell id."""
    return notebook["cells"][place(notebook, name)]  # type: ignore[no-any-return]


def take(notebook: Notebook, name: str) -> dict[str, Any]:
    """Remove that cell and return it."""
    return notebook["cells"].pop(place(notebook, name))  # type: ignore[no-any-return]


def add(notebook: Notebook, after: str, source: str, kind: str = "code") -> None:
    """A cell of the student's own, behind the named one; after "" at the very end."""
    made = {"cell_type": kind, "metadata": {}, "source": source, "id": f"own-{len(notebook['cells'])}"}
    made |= {"outputs": [], "execution_count": None} if kind == "code" else {}
    notebook["cells"].insert(place(notebook, after) + 1 if after else len(notebook["cells"]), made)


def written(notebook: Notebook) -> str:
    """The text of the file as JupyterLab writes it."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def handed_in(notebook: Notebook, **others: str | bytes) -> Files:
    """The notebook under its right name."""
    return {NAME: written(notebook), **others}


def with_cell(source: str) -> Files:
    """A right notebook with one more cell, behind the answer to the first task."""
    notebook = right()
    add(notebook, "correlate1d-answer", source)
    return handed_in(notebook)


def with_answer(source: str) -> Files:
    """A right notebook but for the answer to the first task."""
    return handed_in(right(correlate1d=source))


def twin(cell: dict[str, Any]) -> dict[str, Any]:
    """A copy of a cell, mark and all."""
    return copy.deepcopy(cell) | {"id": "copied"}
