"""lectures/concepts.tsv: each of the documents' 145 ideas has its place in a lecture, which holds it."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursekit.checks.registry import EXERCISES, all_tasks
from tests.course.coverage import (
    ERRATA,
    HISTORY,
    IDS,
    KINDS,
    LAB,
    Row,
    compares_with_literals,
    complaints,
    read_table,
)
from tests.course.lectures import LECTURES, REPOSITORY, STEMS, WIDGET, source
from tests.course.making import code, image, markdown, png

TABLE = LECTURES / "concepts.tsv"
ROWS = read_table(TABLE)


def checked_tasks() -> set[str]:
    """The tasks of the registry for which a code cell of an exercise calls `check`."""
    notebooks = [nbformat.read(REPOSITORY / "exercises" / stem / f"{stem}.ipynb", 4) for stem in EXERCISES]
    cells = [cell for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"]
    return set(all_tasks()) & {name for cell in cells for name in checked_in(cell.source)}


def checked_in(source: str) -> set[str]:
    """The names that code gives to `check` first: `check(my_numbers, student=STUDENT)` too."""
    return {
        call.args[0].id
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "check"
        if call.args and isinstance(call.args[0], ast.Name)
    }


def test_the_table_has_each_of_the_145_ids_once() -> None:
    assert len(IDS) == 145
    assert sorted(row.id for row in ROWS) == sorted(IDS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_each_idea_is_taught_where_the_table_says(row: Row, executed: Callable[[str], Any]) -> None:
    notebook = None
    if (LECTURES / f"{row.lecture}.ipynb").exists():
        shows = row.kind == "figure"
        notebook = executed(f"lectures/{row.lecture}.ipynb") if shows else source(row.lecture)
    found = complaints(row, notebook, checked_tasks())
    if found:
        pytest.fail(f"{row.id} in {TABLE.name}: " + "; ".join(found), pytrace=False)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("check(count)", {"count"}),
        ("check(count, student=STUDENT)", {"count"}),
        ("# check(count)\ncount(check)\nprint('check(count)')", set()),
    ],
)
def test_a_task_is_checked_alone_or_with_more(source: str, names: set[str]) -> None:
    assert checked_in(source) == names


def test_every_lecture_teaches_something_of_the_documents() -> None:
    assert {row.lecture for row in ROWS} <= set(STEMS)
    # Lecture 12 makes the operations fast, which the documents say nothing of.
    assert set(STEMS) - {row.lecture for row in ROWS} <= {"12_fast_convolution"}


def test_what_the_rules_list_are_ids_of_the_table() -> None:
    assert set(ERRATA) <= set(IDS)
    assert set(HISTORY) <= set(ERRATA)


# The rules themselves, on a small lecture that keeps them all. Each test breaks one.


def small_lecture() -> dict[str, Any]:
    """The cells of a lecture by their ids."""
    cells = [
        markdown("words", "Words only."),
        markdown("formula", "It is $S(i)$."),
        markdown("example", "The documents' numbers were lost; these are ours."),
        code("computed", "assert slide(image).tolist() == [[19, 25], [37, 43]]"),
        code("plain", "slide(image)"),
        code("picture", "draw(image)", {"text/html": image("Two grids."), "image/png": "AAAA"}),
        code("demo", "Demo()", {WIDGET: {"model_id": "m"}, "text/html": "Demo"}),
        markdown("far", "Far from the example."),
        markdown("swap-claim", '**Claim:** "They can be swapped."'),
        code("swap-counterexample", "assert slide(a, b) != slide(b, a)"),
        markdown("swap-repaired", "**Repaired claim:** swapped, it is reversed."),
        code("swap-confirmed", "for a, b in cases:\n    assert slide(a, b) == slide(b, a)[::-1]"),
    ]
    return {cell.id: cell for cell in cells}


def row(**changes: Any) -> Row:
    right = Row("L1.1", "claim", "what it says", "03_cross_correlation", ("words",), "", "", "")
    return dataclasses.replace(right, **changes)


def said(row: Row, cells: dict[str, Any] | None = None) -> str:
    """What is wrong with a row, in one string; the lecture is the small one unless its cells are given."""
    cells = small_lecture() if cells is None else cells
    notebook = nbformat.v4.new_notebook(cells=list(cells.values()))
    return "; ".join(complaints(row, notebook, {"correlate2d"}))


RIGHT = {
    "a claim": row(),
    "a concept": row(kind="concept"),
    "a task": row(task="correlate2d"),
    "a formula": row(kind="formula", cells=("words", "formula")),
    "a picture": row(kind="figure", cells=("picture",)),
    "a live demo": row(kind="figure", cells=("words", "demo")),
    "the documents' numbers": row(kind="worked", cells=("computed",), numbers="documents"),
    "our numbers": row(kind="worked", cells=("computed",), numbers="ours"),
    "an erratum": row(id="L1.8", lab="swap"),
}
WRONG = {
    "an unknown kind": (row(kind="fact"), "kind must be"),
    "no words": (row(concept=""), "concept must"),
    "an unknown lecture": (row(lecture="14_more"), "lecture must"),
    "no cells": (row(cells=()), "cells must"),
    "a cell that is not there": (row(cells=("words", "gone")), "'gone'"),
    "an unknown task": (row(task="correlate9d"), "task 'correlate9d'"),
    "numbers of a claim": (row(numbers="ours"), "numbers belongs"),
    "a formula without one": (row(kind="formula", cells=("words",)), "a formula needs"),
    "a formula in code": (row(kind="formula", cells=("computed",)), "a formula needs"),
    "a figure in words": (row(kind="figure", cells=("formula", "plain")), "a figure needs"),
    "a worked example without assert": (
        row(kind="worked", cells=("plain", "example"), numbers="documents"),
        "asserts what is computed",
    ),
    "a worked example of unsaid numbers": (row(kind="worked", cells=("computed",)), "numbers must be"),
    "an erratum without a lab": (row(id="L1.8"), "both functions are said to be flipped"),
    "a lab that is not there": (row(lab="turn"), "lacks turn-claim, turn-counterexample"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_row_is_accepted(name: str) -> None:
    assert said(RIGHT[name]) == ""


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_refused(name: str) -> None:
    wrong, words = WRONG[name]
    assert words in said(wrong)


def test_the_right_rows_try_every_kind() -> None:
    assert {row.kind for row in RIGHT.values()} == set(KINDS)


def test_a_lecture_that_is_not_written_is_refused() -> None:
    assert "lecture must" in "; ".join(complaints(row(), None, set()))


def test_a_picture_without_alternative_text_is_no_figure() -> None:
    for bundle in ({"image/png": "AAAA"}, {"text/html": f'<img src="{png(9, 9)}">'}):
        cells = small_lecture() | {"picture": code("picture", "draw(image)", bundle)}
        assert "a figure needs" in said(row(kind="figure", cells=("picture",)), cells)


def test_our_numbers_must_be_called_ours_nearby() -> None:
    ours = row(kind="worked", cells=("computed",), numbers="ours")
    cells = small_lecture()
    said_far_away = cells.pop("example")
    assert "are ours" in said(ours, cells)
    assert "are ours" in said(ours, cells | {"example": said_far_away})
    assert said(ours, {"example": said_far_away} | cells) == ""


@pytest.mark.parametrize("part", LAB)
def test_a_lab_needs_each_of_its_four_cells(part: str) -> None:
    cells = small_lecture()
    del cells[f"swap-{part}"]
    assert f"lacks swap-{part}" in said(row(lab="swap"), cells)


def test_the_cells_of_a_lab_stand_in_order() -> None:
    cells = small_lecture()
    last = cells.pop("swap-repaired")
    assert "must stand as" in said(row(lab="swap"), cells | {"swap-repaired": last})


@pytest.mark.parametrize(
    "broken",
    [
        markdown("swap-claim", "They can be swapped."),
        code("swap-claim", "'**Claim'"),
        code("swap-counterexample", "slide(a, b) != slide(b, a)"),
        markdown("swap-counterexample", "See [it](https://example.org)."),
        markdown("swap-repaired", "Swapped, it is reversed."),
        code("swap-confirmed", "assert True"),
        code("swap-confirmed", "def never():\n    assert slide(a) == slide(b)"),
        code("swap-confirmed", "if find_spec('torch'):\n    assert slide(a) == slide(b)"),
    ],
    ids=lambda cell: f"{cell.id}: {cell.source}",
)
def test_each_cell_of_a_lab_does_its_part(broken: Any) -> None:
    assert f"{broken.id} must be" in said(row(lab="swap"), small_lecture() | {broken.id: broken})


def test_a_claim_of_history_is_met_by_a_source() -> None:
    (name, *_) = HISTORY
    cells = small_lecture()
    for part in ("counterexample", "confirmed"):
        cells[f"swap-{part}"] = markdown(f"swap-{part}", "They were [cats](https://example.org).")
    assert said(row(id=name, lab="swap"), cells) == ""
    cells["swap-confirmed"] = markdown("swap-confirmed", "They were cats.")
    assert "swap-confirmed must be" in said(row(id=name, lab="swap"), cells)


@pytest.mark.parametrize(
    "source",
    [
        "assert f(x).tolist() == [[19, 25], [37, 43]]",
        "assert f(x) == 5 * 5 * 3 * 6 + 6",
        "assert words(x) == 'y·a + z·b'",
        "assert output.shape == (1, 28, -28)",
        "assert 75 == weights[0].size",
        "assert np.array_equal(f(x), [[1, 2]])",
        "assert np.allclose(f(x), np.array([0.5, 1.5]))",
        "assert (f(x) == np.array([1, 2])).all()",
        "assert all(f(k) == 3 for k in cases), 'a reason'",
        "assert abs(f(x) - 0.25) < 1e-9",
        "for k in cases:\n    assert f(k) == 3",
        "%time\nassert f(x) == 3",
    ],
)
def test_an_assert_that_compares_what_is_computed_with_literals_counts(source: str) -> None:
    assert compares_with_literals(source)


@pytest.mark.parametrize(
    "source",
    [
        "f(x)",
        "f(x) == 3",
        "assert True",
        "assert f(x)",
        "assert f(x) == g(x)",
        "assert f(x) == True",
        "assert f(x) == []",
        "assert 3 == 3",
        "assert 2 + 1 == 3, f(x)",
        "assert [1, 2] == [1, 2]",
        "assert np.array([1, 2]).tolist == g or 3 == 3",
        "assert not np.array_equal(f(x), [1, 2])",
        "assert f(x) != 3",
        "assert f(x) > 3",
        "def never():\n    assert f(x) == 3",
        "if find_spec('torch'):\n    assert f(x) == 3",
        "'assert f(x) == 3'",
    ],
)
def test_an_assert_that_shows_nothing_does_not_count(source: str) -> None:
    assert not compares_with_literals(source)


def test_a_name_for_literals_is_not_computed() -> None:
    example = row(kind="worked", cells=("example",), numbers="documents")
    only_written = {"example": code("example", "output = [19, 25]\nassert output == [19, 25]")}
    assert "asserts what is computed" in said(example, only_written)
    changed = {"example": code("example", "output = [0, 0]\noutput = f(x)\nassert output == [19, 25]")}
    assert said(example, changed) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id\tkind\n", "the columns must be"),
        (TABLE.read_text().splitlines()[0] + "\nL1.1\tclaim\n", "line 2 must have 8 columns; got 2"),
    ],
)
def test_a_table_of_another_form_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "concepts.tsv"
    path.write_text(text)
    with pytest.raises(ValueError, match=words):
        read_table(path)
