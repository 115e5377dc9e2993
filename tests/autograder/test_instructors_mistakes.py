"""What an instructor may get wrong is named, with the option and the value, and ends with exit code 2."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.__main__ import main
from autograder.course import Course, UsageError, require_student_id
from autograder.release import save_source_cells
from autograder.report.class_report import write_class_report
from autograder.result import Result, Status
from autograder.store import record_path
from tests.autograder.small_course import STEM, database, make_course, notebook


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('db_url = "nonsense"', "c.CourseDirectory.db_url .* must be an address .* got 'nonsense'"),
        ("db_url = 5", "c.CourseDirectory .*'db_url' .* not the int 5"),
        ("course_id = 7", "c.CourseDirectory .*'course_id' .* not the int 7"),
        ('submitted_directory = "/elsewhere"', "submitted_directory .* into the course root; got /elsewhere"),
        (
            'feedback_directory = "../elsewhere"',
            "feedback_directory .* course root; got .*elsewhere",
        ),
        (
            'directory_structure = "{nbgrader_step}/{who}"',
            "directory_structure .* got '{nbgrader_step}/{who}'",
        ),
        ('directory_structure = "{nbgrader_step"', "directory_structure .* got '{nbgrader_step'"),
    ],
)
def test_a_course_directory_that_cannot_be_is_named(
    line: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_course(tmp_path, {}, "")
    with (tmp_path / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.{line}\n")
    with pytest.raises(UsageError, match=says):
        Course(tmp_path)
    assert main(["report", STEM, "--course-dir", str(tmp_path)]) == 2
    assert "nbgrader_config.py" in capsys.readouterr().err


@pytest.mark.parametrize("sign", "*?[")
def test_a_course_root_that_nbgrader_would_take_for_a_pattern_is_refused(sign: str, tmp_path: Path) -> None:
    (tmp_path / f"a{sign}b").mkdir()
    with pytest.raises(UsageError, match="--course-dir must hold no"):
        Course(tmp_path / f"a{sign}b")


def test_a_folder_whose_name_is_no_text_stops_neither_report_nor_export(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    course = make_course(tmp_path, {STEM: notebook("conv1x1")})
    save_source_cells(course, STEM)
    student = os.fsdecode(b"somebody-\xff")
    with pytest.raises(UsageError, match="must be text"):
        require_student_id(student)
    result = Result(student, STEM, STEM, Status.GRADER_ERROR, 0.0, 0.0, 0.0)
    record_path(course, result).parent.mkdir(parents=True)
    record_path(course, result).write_text(result.to_record())
    assert b"somebody-\\udcff" in write_class_report(course, STEM).read_bytes()
    for arguments in (["--output", "-"], ["--to", "canvas"]):
        assert main(["export", "--course-dir", str(tmp_path), *arguments]) == 0
    assert b"somebody-\\udcff" in capsysbinary.readouterr().out


def test_the_class_report_links_to_the_page_of_a_student_whose_id_an_address_must_quote(
    tmp_path: Path,
) -> None:
    course = make_course(tmp_path, {STEM: notebook("conv1x1")})
    result = Result("50%25#1?", STEM, STEM, Status.GRADED, 1.0, 1.0, 0.0)
    page = course.folder("feedback", STEM, result.student) / f"{STEM}.html"
    for path, text in ((page, ""), (record_path(course, result), result.to_record())):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    assert f'href="../../feedback/50%2525%231%3F/{STEM}/{STEM}.html"' in write_class_report(
        course, STEM
    ).read_text(encoding="utf-8")


def _twice(source: Any) -> None:
    source.cells.append(source.cells[-1].copy())
    source.cells[-1]["id"] = "second"


def _points(points: object) -> Callable[[Any], None]:
    def change(source: Any) -> None:
        source.cells[-1].metadata.nbgrader["points"] = points

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_twice, "the grade_id of a cell must be its own; 'conv1x1-check' is there twice"),
        (_points("many"), "points must be a number >= 0; 'conv1x1-check' has 'many'"),
        (_points(-3), "points must be a number >= 0; 'conv1x1-check' has -3"),
        (None, "does not appear to be JSON"),
    ],
)
def test_a_source_notebook_that_cannot_be_is_named(
    change: Callable[[Any], None] | None, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = notebook("conv1x1")
    if change is not None:
        change(source)
    make_course(tmp_path, {STEM: source})
    path = tmp_path / "solutions" / STEM / f"{STEM}.ipynb"
    if change is None:
        path.write_text("{")
    for command in ("grade", "release"):
        assert main([command, STEM, "--course-dir", str(tmp_path)]) == 2
        told = capsys.readouterr().err
        assert str(path) in told and says in told


def test_a_gradebook_that_is_none_or_of_another_nbgrader_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = make_course(tmp_path, {STEM: notebook("conv1x1")})
    save_source_cells(course, STEM)
    with database(course) as opened:
        opened.execute("alter table student drop column lms_user_id")
        opened.execute("update alembic_version set version_num = '167914646830'")
    for says in ("nbgrader db upgrade", "file is not a database"):
        for arguments in (["grade", STEM], ["release", STEM], ["export"]):
            assert main([*arguments, "--course-dir", str(tmp_path)]) == 3
            told = capsys.readouterr().err
            assert str(tmp_path / "gradebook.db") in told
            assert says in told or (arguments == ["export"] and "cannot be read" in told)
        (tmp_path / "gradebook.db").write_bytes(b"not a database" * 100)
