"""Every submission in tests/hostile earns what its folder says, in the real sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HOSTILE = Path(__file__).resolve().parents[1] / "hostile"
TASKS = ("correlate1d", "correlate2d", "edge_kernel", "match_template", "test_correlate2d")
pytestmark = pytest.mark.sandbox


def submissions(folder: str) -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in sorted((HOSTILE / folder).glob("*.py"))]


def answers(path: Path) -> dict[str, str]:
    """The file's text in the first answer cell; functions that it does not define stay undefined."""
    return dict.fromkeys(TASKS, "None") | {TASKS[0]: path.read_text()}


@pytest.mark.parametrize("path", submissions("no_points"))
def test_a_trick_earns_no_point(path: Path, grade: Any) -> None:
    score, run, notebook = grade(answers(path))
    assert score == 0
    assert set(run.reports) == {f"{task}-check" for task in TASKS}, "every task is judged, whatever happens"
    errors = [
        out.evalue for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == "error"
    ]
    assert not [text for text in errors if text.startswith(("ESCAPED", "WROTE"))]


@pytest.mark.parametrize("path", submissions("full_points"))
def test_an_unusual_right_answer_earns_every_point(path: Path, grade: Any) -> None:
    score, run, _ = grade(answers(path))
    assert score == 11, {name: report.headline for name, report in run.reports.items()}
