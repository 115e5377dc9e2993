"""The solutions of the course, out of their notebooks."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from coursekit.checks import Task

STUDENT = "ada"  # whose numbers a personal task asks, here and in the gates
SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


@dataclass(frozen=True)
class Solution:
    """`source` is the answer cell of a task; `context` is what stands before it in the notebook."""

    task: Task
    source: str
    context: str

    def function(self, source: str | None = None) -> Any:
        """Return the task's function, as `source` (default: its own) defines it after the context."""
        names: dict[str, Any] = {"__name__": "solution", "STUDENT": STUDENT}
        exec(self.context, names)
        exec(self.source if source is None else source, names)
        return names[self.task.name]


def solution_of(task: Task) -> Solution | None:
    """Return the solution of `task`, or None if no notebook has its answer cell yet."""
    for path in sorted((SOLUTIONS / task.stem).glob("*.ipynb")):
        context: list[str] = []
        for cell_id, source in _code_cells(path):
            if cell_id == f"{task.name}-answer":
                return Solution(task, source, "\n".join(context))
            context.append(source if cell_id.endswith("-answer") else _definitions(source))
    return None


@cache
def _code_cells(path: Path) -> list[tuple[str, str]]:
    notebook = nbformat.read(path, as_version=4)
    return [(cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "code"]


def _definitions(source: str) -> str:
    """Return the imports and definitions of a cell. What it shows or computes is left out."""
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    statements: list[ast.stmt] = [node for node in ast.parse(source).body if isinstance(node, kept)]
    return ast.unparse(ast.Module(statements, []))
