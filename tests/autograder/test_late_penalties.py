"""What coming late costs, by nbgrader's own plugin or the course's, as nbgrader's own run gives it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbgrader import api
from nbgrader.apps.nbgraderapp import NbGraderApp
from nbgrader.plugins import LateSubmissionPlugin
from traitlets.config import Config

from autograder.course import Course, UsageError
from autograder.grade import grade_class
from autograder.late import LatePenalties, LatePenaltyError
from autograder.release import save_source_cells
from autograder.report.class_report import write_class_report
from autograder.report.table import json_lines, table
from autograder.result import Result, Status
from tests.autograder.small_course import (
    GRADED_HERE,
    RIGHT,
    STEM,
    by_hand,
    database,
    grades,
    hand_in,
    make_course,
    nbgraders_own_run,
    notebook,
    penalties,
)

pytestmark = GRADED_HERE
SOURCE = notebook("one_number", "correlate_channels")
DUE = "2026-02-03 23:59 Europe/Berlin"
PLUGIN = """
class ByTheHour(LateSubmissionPlugin):
    "A quarter of a point for each hour that has begun."

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.25 * -(-total_seconds_late // 3600)
"""
IN_A_MODULE = "\nc.AssignLatePenalties.plugin_class = 'lateness.ByTheHour'\n"
IN_THE_CONFIGURATION = (
    "\nfrom nbgrader.plugins import LateSubmissionPlugin\n{}\nc.AssignLatePenalties.plugin_class = {}\n"
)
ZERO = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
TIMES = {  # in Berlin it is an hour later than in Greenwich
    "01-in-time": "2026-02-03 22:59:00 UTC",
    "02-a-second-late": "2026-02-03 22:59:01 UTC",
    "03-three-hours-late": "2026-02-04T02:59:00+01:00",
    "04-days-late": "2026-02-06 12:00:00 America/New_York",
    "05-no-time": "",
}
ODD = {"06-no-such-time": "yesterday", "07-still-to-come": "2999-01-01 00:00 UTC"}


def class_of(course: Course, times: dict[str, str]) -> None:
    """Each hands in right answers at its time, and the assignment is due."""
    save_source_cells(course, STEM)
    set_due(course, DUE)
    for student, when in times.items():
        hand_in(course, student, SOURCE, RIGHT, when=when)


def set_due(course: Course, when: str | None) -> None:
    """Set the due date as formgrader and `nbgrader db assignment add --duedate` do."""
    with api.Gradebook(course.gradebook_url, course.course_id) as gradebook:
        gradebook.update_or_create_assignment(STEM, duedate=when)


@pytest.mark.parametrize("config", ["", ZERO, IN_A_MODULE], ids=["none", "zero", "own"])
def test_the_rows_are_those_of_nbgraders_own_run(
    tmp_path: Path, config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "course"
    root.mkdir()
    (root / "lateness.py").write_text("from nbgrader.plugins import LateSubmissionPlugin\n" + PLUGIN)
    monkeypatch.delitem(__import__("sys").modules, "lateness", raising=False)
    course = make_course(root, {STEM: SOURCE}, config)
    class_of(course, TIMES)
    results = grade_class(course, STEM)
    ours = penalties(course)
    assert [result.score for result in results] == [4.0] * len(TIMES), "the score stays the score"
    expected = {"": [None] * 5, ZERO: [None, 4.0, 4.0, 4.0, None], IN_A_MODULE: [None, 0.25, 0.75, 4.0, None]}
    assert [ours[student, STEM][0] for student in TIMES] == expected[config]
    assert [r.late_penalty for r in results] == [value or 0.0 for value in expected[config]]
    assert [r.total for r in results] == [4.0 - (value or 0.0) for value in expected[config]]
    for student in ("02-a-second-late", "03-three-hours-late"):  # nbgrader cannot read +01:00
        course.folder("submitted", STEM, student).joinpath("timestamp.txt").write_text(
            ours[student, STEM][1].split(".")[0] + " UTC"
        )
    (root / "gradebook.db").unlink()
    save_source_cells(course, STEM)
    set_due(course, DUE)
    nbgraders_own_run(course, TIMES, force=True)
    assert penalties(course) == ours


def test_table_json_and_report_show_the_penalty_and_the_total(tmp_path: Path) -> None:
    config = IN_THE_CONFIGURATION.format(PLUGIN, "ByTheHour")
    course = make_course(tmp_path / "course", {STEM: SOURCE}, config)
    class_of(course, {key: TIMES[key] for key in ("01-in-time", "03-three-hours-late")} | ODD)
    results = grade_class(course, STEM)
    lines = table(results, width=200).splitlines()
    assert lines[0].split() == ["student", "status", "score", "late", "total", "what", "went", "wrong"]
    assert lines[2].split() == ["01-in-time", "graded", "4", "/", "4", "4"]
    assert lines[3].split() == ["03-three-hours-late", "graded", "4", "/", "4", "-0.75", "3.25"]
    assert "timestamp.txt holds no time: no late penalty." in lines[4]
    assert "which is still to come: no late penalty." in lines[5]
    assert '"late_penalty": 0.75, "total": 3.25' in json_lines(results)
    page = write_class_report(course, STEM).read_text(encoding="utf-8")
    assert '<td class="number">-0.75</td><td class="number">3.25</td>' in page
    assert penalties(course)["06-no-such-time", STEM] == (None, None)
    assert penalties(course)["07-still-to-come", STEM][0] is None


def test_a_kept_result_follows_the_due_date_an_extension_and_what_was_given_by_hand(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", {STEM: SOURCE}, ZERO)
    class_of(course, {"03-three-hours-late": TIMES["03-three-hours-late"]})

    def graded_again() -> Result:
        (result,) = grade_class(course, STEM)
        return result

    first = graded_again()
    assert (first.late_penalty, first.total) == (4.0, 0.0)
    by_hand(course, first.student, "one_number-check", extra_credit=1.0)
    assert graded_again().late_penalty == 5.0, "of all points that the gradebook counts"
    with api.Gradebook(course.gradebook_url, course.course_id) as gradebook:
        gradebook.grant_extension(STEM, first.student, hours=3)
    extended = graded_again()
    assert (extended.late_penalty, extended.total, extended.seconds) == (0.0, 5.0, first.seconds)
    with api.Gradebook(course.gradebook_url, course.course_id) as gradebook:
        gradebook.grant_extension(STEM, first.student)
    assert graded_again().total == 0.0
    set_due(course, None)
    assert graded_again().total == 5.0
    assert penalties(course)[first.student, STEM][0] is None
    assert not grades(course, first.student)["one_number-check"][2], "nobody has to look at it again"


@pytest.mark.parametrize(
    ("gives", "says"),
    [
        ("float('nan')", "ByTheHour must give a number >= 0 or None; got nan"),
        ("-1", "ByTheHour must give a number >= 0 or None; got -1"),
        ("'all'", "ByTheHour must give a number >= 0 or None; got 'all'"),
        ("score / 0", "ByTheHour raised ZeroDivisionError: float division by zero"),
        ("exit(1)", "ByTheHour raised SystemExit: 1"),
    ],
)
def test_what_is_no_penalty_is_an_error_that_names_the_plugin(gives: str, says: str) -> None:
    names = {"LateSubmissionPlugin": LateSubmissionPlugin, "__name__": "lateness"}
    exec(PLUGIN.replace("0.25 * -(-total_seconds_late // 3600)", gives), names)
    penalties_of_course = LatePenalties(Config({"AssignLatePenalties": {"plugin_class": names["ByTheHour"]}}))
    with pytest.raises(LatePenaltyError, match=re.escape(f"lateness.{says}")):
        penalties_of_course.penalty("01", 4.0, 60.0)
    assert penalties_of_course.penalty("01", 4.0, 0.0) is None, "who is in time does not meet it"


def test_a_plugin_that_fails_is_the_graders_error_and_takes_no_points(tmp_path: Path) -> None:
    broken = PLUGIN.replace("0.25 * -(-total_seconds_late // 3600)", "float('nan')")
    config = IN_THE_CONFIGURATION.format(broken, "ByTheHour")
    course = make_course(tmp_path / "course", {STEM: SOURCE}, config)
    class_of(course, {key: TIMES[key] for key in ("01-in-time", "04-days-late")})
    in_time, late = grade_class(course, STEM)
    assert (in_time.status, in_time.total) == (Status.GRADED, 4.0)
    assert late.status is Status.GRADER_ERROR
    assert "ByTheHour must give a number >= 0 or None; got nan" in late.message
    with database(course) as opened:
        assert opened.execute("select student_id from submitted_assignment").fetchall() == [("01-in-time",)]


def test_a_plugin_that_cannot_be_loaded_stops_the_run_before_anything_is_graded(tmp_path: Path) -> None:
    course = make_course(
        tmp_path / "course", {STEM: SOURCE}, "\nc.AssignLatePenalties.plugin_class = 'no.Such'\n"
    )
    hand_in(course, "01-in-time", SOURCE, RIGHT)
    with pytest.raises(UsageError, match=r"c\.AssignLatePenalties in nbgrader_config\.py cannot .*no\.Such"):
        grade_class(course, STEM)
    assert not (course.root / "reports" / STEM / "results").exists()


def test_a_configuration_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nbgrader_config\.py cannot be read: .*no_such_module"):
        make_course(tmp_path / "course", {STEM: SOURCE}, "\nimport no_such_module\n")


def test_the_due_date_of_nbgraders_command_is_the_one_that_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_course(tmp_path / "course", {STEM: SOURCE}, ZERO)
    save_source_cells(course, STEM)
    monkeypatch.chdir(course.root)
    try:
        NbGraderApp.launch_instance(["db", "assignment", "add", STEM, "--duedate", DUE])
    finally:
        NbGraderApp.clear_instance()
    for student in ("01-in-time", "02-a-second-late"):
        hand_in(course, student, SOURCE, RIGHT, when=TIMES[student])
    assert [result.total for result in grade_class(course, STEM)] == [4.0, 0.0]
