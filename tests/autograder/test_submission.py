"""Reading what was handed in, and putting the assignment's cells back in order."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters import markdown2html

from autograder.assignment import AssignmentNotebook
from autograder.limits import Limits
from autograder.submission import (
    HandedIn,
    InvalidSubmission,
    NothingHandedIn,
    StudentCell,
    choose,
    digest_of_folder,
    extra_files,
    look_into,
    make_harmless,
    parse_submission,
    read_submission,
    repair,
    student_cells,
)
from autograder.submission.mending import mended_commas, one_side
from tests.autograder.conftest import answered, cells_of

ANSWER = "def correlate2d(image, kernel):\n    return 5"
LIMIT = 1 << 20


def ids(notebook: Any) -> list[str]:
    found = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells]
    return [grade_id for grade_id in found if grade_id]


def source_of(notebook: Any, grade_id: str) -> str:
    (cell,) = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return str(cell.source)


@pytest.fixture
def submitted(assignment: AssignmentNotebook) -> list[StudentCell]:
    return cells_of(answered(assignment, {"correlate2d": ANSWER}))


def test_a_careful_submission_needs_no_repair(
    assignment: AssignmentNotebook, submitted: list[StudentCell]
) -> None:
    repaired = repair(submitted, assignment)
    assert repaired.notes == []
    assert ids(repaired.notebook) == ids(assignment.release)
    assert source_of(repaired.notebook, "correlate2d-answer") == ANSWER


def test_a_deleted_check_comes_back_after_its_answer(
    assignment: AssignmentNotebook, submitted: list[StudentCell]
) -> None:
    repaired = repair([cell for cell in submitted if cell.grade_id != "correlate2d-check"], assignment)
    assert ids(repaired.notebook) == ids(assignment.release)
    assert len(repaired.notes) == 1 and "correlate2d-check was missing" in repaired.notes[0]


def test_a_copied_check_goes_and_a_copied_answer_stays_as_a_plain_cell(
    assignment: AssignmentNotebook, submitted: list[StudentCell]
) -> None:
    second = StudentCell("code", "def correlate2d(image, kernel):\n    return 6", "correlate2d-answer")
    twins = [
        twin
        for cell in submitted
        for twin in ((cell, cell) if cell.grade_id == "correlate2d-check" else (cell,))
    ]
    repaired = repair([*twins, second], assignment)
    assert ids(repaired.notebook) == ids(assignment.release)
    assert repaired.notebook.cells[-1].source == second.source
    assert len(repaired.notes) == 2


def test_a_changed_locked_cell_gets_the_assignments_text_back(
    assignment: AssignmentNotebook, submitted: list[StudentCell]
) -> None:
    changed = [
        StudentCell(c.kind, "4.0", c.grade_id) if c.grade_id == "correlate2d-check" else c for c in submitted
    ]
    repaired = repair(changed, assignment)
    assert source_of(repaired.notebook, "correlate2d-check") == "check(correlate2d)"
    assert "changed" in repaired.notes[0]


def test_tags_points_and_hidden_tests_are_never_the_students(assignment: AssignmentNotebook) -> None:
    content = json.loads(json.dumps(answered(assignment, {})))
    for cell in content["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "solution": True, "grade": True}
    repaired = repair(student_cells(content), assignment).notebook
    for cell, model in zip(repaired.cells, assignment.release.cells, strict=True):
        assert cell.metadata == model.metadata
    assert "HIDDEN" not in json.dumps(repaired)


def test_an_answer_in_a_new_cell_is_not_hidden_by_the_stub(assignment: AssignmentNotebook) -> None:
    cells = cells_of(assignment.release)
    place = next(i for i, cell in enumerate(cells) if cell.grade_id == "correlate2d-answer")
    cells[place] = StudentCell("code", ANSWER, None)
    repaired = repair(cells, assignment).notebook
    assert "NotImplementedError" not in source_of(repaired, "correlate2d-answer")
    assert ids(repaired) and ANSWER in [cell.source for cell in repaired.cells]


@pytest.mark.parametrize(
    "metadata",
    [None, [], {"nbgrader": []}, {"nbgrader": {"grade_id": ["a"]}}, {"nbgrader": {"grade_id": None}}, "x"],
)
def test_metadata_of_any_kind_is_read_without_a_fault(metadata: object) -> None:
    (cell,) = student_cells({"cells": [{"cell_type": "code", "metadata": metadata, "source": ["a", 1, "b"]}]})
    assert cell == StudentCell("code", "ab", None)


def test_notebooks_of_format_3_are_read() -> None:
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"], "metadata": {}}]}]}
    assert student_cells(old) == [StudentCell("code", "x = 1", None)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"My answers are attached.", "not JSON"),
        (b"", "empty"),
        (b"\0" * 5000, "only zeros"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[1, 2]", "no object"),
        (b"{}", "no cells"),
        (b'{"cells": {}}', "no cells"),
        (b'{"cells": null, "worksheets": 5}', "no cells"),
        (b"[" * 100_000, "not JSON"),
        (b'{"cells": [' + b",".join([b"{}"] * 3000) + b"]}", "3000 cells"),
        (b" " * (LIMIT + 1), "at most"),
    ],
)
def test_what_is_no_notebook_is_refused_in_words_for_the_student(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "n.ipynb"
    path.write_bytes(content)
    with pytest.raises(InvalidSubmission, match=says):
        read_submission(path, LIMIT)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    path.write_bytes(b'\xef\xbb\xbf{"cells": [\r\n{"cell_type": "code", "source": "a"}]}')
    assert read_submission(path, LIMIT).cells == [StudentCell("code", "a", None)]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_only_regular_files_are_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "n.ipynb"
    if kind == "link":
        (tmp_path / "secret").write_text('{"cells": []}')
        path.symlink_to(tmp_path / "secret")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(InvalidSubmission, match="not a regular file"):
        read_submission(path, LIMIT)


def test_another_assignments_notebook_is_refused(assignment: AssignmentNotebook) -> None:
    with pytest.raises(InvalidSubmission, match="not the assignment 03_cross_correlation"):
        repair([StudentCell("code", "print('homework 1')", "other-answer")], assignment)


@pytest.mark.parametrize(
    "link",
    [
        "[x](javascript:alert(1))",
        "[x] (javascript:alert(1))",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "[x]\n\n[x]: java&#115;cript:alert(1)",
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](<javascript:alert(1)>)",
    ],
)
def test_a_link_in_a_students_markdown_leads_nowhere(assignment: AssignmentNotebook, link: str) -> None:
    cells = [*cells_of(assignment.release), StudentCell("markdown", link, None)]
    last = repair(cells, assignment).notebook.cells[-1]
    html = markdown2html(last.source)
    assert "href" not in html
    assert "src" not in html


def test_very_long_markdown_is_cut(assignment: AssignmentNotebook) -> None:
    cells = [*cells_of(assignment.release), StudentCell("markdown", "\\begin{a}" * 10_000, None)]
    assert len(repair(cells, assignment).notebook.cells[-1].source) < 11_000


def test_a_folder_that_links_to_another_students_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "n.ipynb").write_text('{"cells": []}')
    (tmp_path / "mine").symlink_to(tmp_path / "theirs")
    with pytest.raises(InvalidSubmission, match="link to another folder"):
        read_submission(tmp_path / "mine" / "n.ipynb", LIMIT)


@pytest.mark.parametrize(
    "harm",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- -->", "</div><iframe src='//x'>"],
)
def test_html_in_a_students_markdown_is_shown_as_text(assignment: AssignmentNotebook, harm: str) -> None:
    cells = [*cells_of(assignment.release), StudentCell("markdown", f"a < b and {harm}", None)]
    last = repair(cells, assignment).notebook.cells[-1]
    assert "<" not in last.source.replace("a < b", "")
    assert last.cell_type == "markdown"


def test_the_assignments_own_html_stays(assignment: AssignmentNotebook) -> None:
    notebook = copy.deepcopy(assignment.release)
    make_harmless(notebook, assignment.release)
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in assignment.release.cells]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(json_values, st.sampled_from([None, 1]))
def test_mending_leaves_json_that_is_whole_as_it_is(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert mended_commas(text) == text


@given(json_values)
def test_commas_too_many_or_too_few_change_nothing_that_is_read(value: object) -> None:
    text = json.dumps([value, {"a": "x,]", "b": ["", "}"]}, "last"], indent=1)
    assert json.loads(mended_commas(text.replace("\n]", ",\n]"))) == json.loads(text)
    assert json.loads(mended_commas(text.replace("},\n", "}\n"))) == json.loads(text)


def test_each_side_of_a_conflict_can_be_taken() -> None:
    text = "a\n<<<<<<< ours\nb\n||||||| base\nc\n=======\nd\n>>>>>>> theirs\ne\n"
    assert (one_side(text, 0), one_side(text, 1)) == ("a\nb\ne\n", "a\nd\ne\n")


def test_a_notebook_that_breaks_off_anywhere_is_read_or_refused(assignment: AssignmentNotebook) -> None:
    data = json.dumps(answered(assignment, {"correlate2d": ANSWER})).encode()
    read = []
    for end in range(0, len(data), 97):
        try:
            read.append(len(parse_submission(data[:end]).cells))
        except InvalidSubmission:
            read.append(0)
    assert read == sorted(read), "what comes later takes nothing away"
    assert read[-1] >= len(assignment.release.cells) - 1


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read_or_refused(data: bytes) -> None:
    try:
        assert parse_submission(data).cells is not None
    except InvalidSubmission as error:
        assert str(error)


def handed_in_as(folder: Path, assignment: AssignmentNotebook, **answers: str) -> HandedIn:
    """A folder with these files, each a notebook with this answer to correlate2d."""
    for name, answer in answers.items():
        notebook = answered(assignment, {"correlate2d": answer} if answer else {})
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook))
    return look_into(folder)


def test_another_notebook_of_the_same_assignment_is_never_taken_for_a_missing_one(
    tmp_path: Path, assignment: AssignmentNotebook
) -> None:
    handed_in = handed_in_as(tmp_path, assignment, part2=ANSWER)
    with pytest.raises(NothingHandedIn):
        choose(handed_in, assignment, LIMIT, [assignment.name, "part2"])
    path, _ = choose(handed_in, assignment, LIMIT, [assignment.name])
    assert path.name == "part2.ipynb"


def test_a_result_stands_until_any_handed_in_file_changes(
    tmp_path: Path, assignment: AssignmentNotebook
) -> None:
    handed_in_as(tmp_path, assignment, homework=ANSWER)
    first = digest_of_folder(tmp_path, LIMIT)
    (tmp_path / ".DS_Store").write_text("x")
    assert digest_of_folder(tmp_path, LIMIT) == first
    (tmp_path / "data.csv").write_text("1")
    assert digest_of_folder(tmp_path, LIMIT) not in (first, "")
    assert digest_of_folder(tmp_path / "nothing", LIMIT) == ""


@pytest.mark.parametrize(
    ("name", "goes_to"),
    [
        ("data.csv", ("data.csv",)),
        ("a\\b.csv", ("a", "b.csv")),
        ("C:\\Users\\x\\b.csv", ("b.csv",)),
        ("x\\..\\..\\etc\\passwd", ("x", "etc", "passwd")),
        ("\\b.csv", ("b.csv",)),
    ],
)
def test_a_file_beside_the_notebook_goes_below_the_home_folder(
    tmp_path: Path, name: str, goes_to: tuple[str, ...]
) -> None:
    (tmp_path / name).write_text("x")
    notebook = tmp_path / "n.ipynb"
    notebook.write_text("{}")
    (file,), notes = extra_files(look_into(tmp_path), notebook, tmp_path / "no-release", Limits())
    assert (file.parts, notes) == (goes_to, [])
