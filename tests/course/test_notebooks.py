"""Every notebook is canonical, and runs from top to bottom without an error or a warning."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

REPOSITORY = Path(__file__).resolve().parents[2]
TOOL = REPOSITORY / "tools" / "notebooks.py"
SECONDS_PER_CELL = 120
EXECUTED = ("lectures", "solutions")
CANONICAL = (*EXECUTED, "exercises")


def notebooks(folders: tuple[str, ...]) -> list[str]:
    paths = (path for folder in folders for path in (REPOSITORY / folder).rglob("*.ipynb"))
    return sorted(
        path.relative_to(REPOSITORY).as_posix() for path in paths if ".ipynb_checkpoints" not in path.parts
    )


def canonical(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), "canonical", *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)


def test_there_are_lectures_to_test() -> None:
    assert "lectures/03_cross_correlation.ipynb" in notebooks(EXECUTED)


@pytest.mark.parametrize("path", notebooks(CANONICAL))
def test_every_notebook_is_canonical(path: str) -> None:
    done = canonical("--check", path)
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("path", notebooks(EXECUTED))
def test_every_notebook_runs_top_to_bottom_without_a_warning(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a kernel of its own, as Restart and Run All does; stderr holds warnings, so it must stay empty."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))  # no start-up files of whoever runs the test
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = nbformat.read(REPOSITORY / path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str((REPOSITORY / path).parent)}},
    )
    client.execute()
    complaints = [
        f"{cell.id}: {output.text}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("path", notebooks(("lectures",)))
def test_every_link_of_a_lecture_to_a_file_leads_somewhere(path: str) -> None:
    folder = (REPOSITORY / path).parent
    text = "\n".join(cell.source for cell in nbformat.read(REPOSITORY / path, as_version=4).cells)
    links = [part.split(")")[0].split("#")[0] for part in text.split("](")[1:]]
    missing = [link for link in links if "://" not in link and link and not (folder / link).exists()]
    assert not missing


def untidy() -> dict[str, Any]:
    """Return a notebook as an editor leaves it: outputs, counts, widget state, random ids, long lines."""
    return {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": {"kernelspec": {"name": "mine", "display_name": "mine"}, "widgets": {"state": {}}},
        "cells": [
            {
                "cell_type": "markdown",
                "metadata": {},
                "source": ["# One. Title\n", "First sentence. Second one, e.g. This. `a. B`"],
            },
            {
                "cell_type": "code",
                "id": "0a1b2c3d",
                "execution_count": 7,
                "metadata": {
                    "ExecuteTime": {},
                    "nbgrader": {"grade_id": "correlate2d-answer"},
                    "tags": ["x"],
                },
                "outputs": [{"output_type": "stream", "name": "stdout", "text": "hi"}],
                "source": "print('hi. There')\n",
            },
            {"cell_type": "code", "metadata": {}, "source": "", "outputs": [], "execution_count": None},
        ],
    }


def test_the_tool_repairs_what_an_editor_leaves_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "untidy.ipynb"
    path.write_text(json.dumps(untidy()))
    check = canonical("--check", tmp_path)
    assert check.returncode == 1
    assert f"repair: python tools/notebooks.py canonical {path}" in check.stdout
    assert json.loads(path.read_text()) == untidy(), "--check must not write"

    assert canonical(tmp_path).stdout == f"rewritten: {path}\n"
    assert canonical("--check", path).returncode == 0
    notebook = nbformat.read(path, as_version=4)
    title, printed, empty = notebook.cells
    assert title.source == "# One. Title\nFirst sentence.\nSecond one, e.g. This. `a. B`"
    assert [title.id, printed.id, empty.id] == [
        "one-title-first-sentence-second",
        "correlate2d-answer",
        "code-cell",
    ]
    assert (printed.outputs, printed.execution_count, printed.source) == ([], None, "print('hi. There')")
    assert set(printed.metadata) == {"nbgrader", "tags"}
    assert notebook.metadata.language_info == {"name": "python"}
    assert "widgets" not in notebook.metadata
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"nbformat": 3}', '{"nbformat": 4, "cells": [{}]}'])
def test_a_file_that_is_no_notebook_is_named_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text(content)
    done = canonical(path)
    assert done.returncode == 2
    assert str(path) in done.stderr
    assert "Traceback" not in done.stderr
    assert path.read_text() == content


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    done = canonical(tmp_path / "nowhere")
    assert (done.returncode, done.stderr) == (2, f"{tmp_path / 'nowhere'} does not exist\n")
