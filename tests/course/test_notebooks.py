"""Every notebook is canonical, and runs from top to bottom without an error or a warning."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.course.conftest import execute_once, kernel_environment

REPOSITORY = Path(__file__).resolve().parents[2]
TOOL = REPOSITORY / "tools" / "notebooks.py"
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
    path: str, executed_or_stopped: Callable[[str], Any]
) -> None:
    """stderr holds warnings, so it must stay empty."""
    notebook = executed_or_stopped(path)
    if notebook.metadata.error:
        pytest.fail(notebook.metadata.error, pytrace=False)
    complaints = [
        f"{cell.id}: {output.text}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert not complaints, "\n".join(complaints)


def test_workers_share_one_execution_of_a_notebook(tmp_path: Path) -> None:
    """Four processes ask for it at once, as four workers would; a line is written for each execution."""
    record = tmp_path / "record.txt"
    cell = nbformat.v4.new_code_cell(f"with open({str(record)!r}, 'a') as file: print('run', file=file)")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "small.ipynb")
    asking = (
        "from pathlib import Path; from tests.course.conftest import execute_once; "
        f"folder = Path({str(tmp_path)!r}); "
        "print(execute_once(folder / 'small.ipynb', folder).cells[0].execution_count)"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", asking], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [worker.communicate(timeout=120)[0] for worker in workers] == ["1\n"] * 4
    assert record.read_text() == "run\n"


def test_the_fonts_are_listed_before_a_kernel_starts_and_no_kernel_lists_them_again(tmp_path: Path) -> None:
    environment = kernel_environment(tmp_path)
    (fonts,) = (tmp_path / "matplotlib").glob("fontlist-*.json")
    written = fonts.stat().st_mtime_ns
    drawing = "from matplotlib.figure import Figure; Figure().text(0, 0, 'x').get_window_extent()"
    command = [sys.executable, "-c", drawing]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert done.stderr == ""
    assert kernel_environment(tmp_path) == environment
    assert fonts.stat().st_mtime_ns == written


def test_a_notebook_that_stops_keeps_what_it_showed_and_says_where(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in ("print('shown')", "1 / 0", "print('never')")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "stops.ipynb")
    notebook = execute_once(tmp_path / "stops.ipynb", tmp_path)
    assert "ZeroDivisionError" in notebook.metadata.error
    assert notebook.cells[0].outputs[0].text == "shown\n"
    assert notebook.cells[2].outputs == []


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
