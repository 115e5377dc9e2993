"""The doctor tries what README.md promises, and what it says can be read on a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder import doctor, isolation_trials, limit_trials
from autograder.course import Course
from autograder.doctor import examine_machine, readable
from autograder.isolation_trials import IsolationTrial
from autograder.limit_trials import LimitTrial
from autograder.limits import NAMES
from autograder.sample_class.__main__ import lay_out

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = lay_out(tmp_path_factory.mktemp("doctor") / "course").root
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("c.AutograderLimits.question_seconds = 7\n")
    return Course(root)


@pytest.fixture(scope="module")
def said(course: Course) -> Iterator[list[str]]:
    lines: list[str] = []
    assert examine_machine(lines.append, course) == []
    yield [line for text in lines for line in text.splitlines()]


def test_every_limit_and_every_promise_has_a_line_that_says_it_was_kept(said: list[str]) -> None:
    kept = [line for line in said if line.startswith("  ok       ")]
    for words in (*NAMES, *(trial.attempt for trial in isolation_trials.TRIALS), "random numbers"):
        assert [line for line in kept if words in line], words
    assert said[-1] == "This machine can grade."


def test_its_lines_fit_a_terminal_of_a_hundred_columns(said: list[str]) -> None:
    assert [line for line in said if len(line) > 100 and not line.startswith("Course ")] == []


def test_it_shows_the_limits_of_the_course(said: list[str]) -> None:
    assert [line for line in said if "question_seconds" in line and " 7 s " in line]


def test_it_tries_the_folders_and_the_gradebook(said: list[str], course: Course) -> None:
    for words in ("submitted", "autograded", "feedback", "gradebook", "disk"):
        assert [line for line in said if line.startswith(f"  ok       {words}")], words
    assert not list(course.root.glob("autograded/any*")), "it leaves nothing behind"


def test_what_does_not_hold_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = LimitTrial("open_files", {}, "", "print('still open')", ("Too many open files",), "OSError")
    escape = IsolationTrial(isolation_trials.SEES, "list its own folder", "print(refused(os.listdir))")
    monkeypatch.setattr(limit_trials, "TRIALS", (broken,))
    monkeypatch.setattr(isolation_trials, "TRIALS", (escape,))
    lines: list[str] = []
    problems = examine_machine(lines.append)
    assert problems == [
        "open_files is not held: over it the trial showed 'still open'",
        "it can list its own folder, or the trial failed: 'False'",
    ]
    assert [line for line in lines if line.startswith("  PROBLEM  ")] == [f"  PROBLEM  {p}" for p in problems]
    assert lines[-1].endswith("This machine must not grade before these are mended.")


def test_a_course_that_cannot_be_written_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = lay_out(tmp_path / "course")
    (course.root / "autograded").write_text("in the way")
    (course.root / "gradebook.db").mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=5 * 1024**2))
    lines: list[str] = []
    findings = doctor.Examination(lines.append)
    doctor.examine_course(findings, course)
    autograded, disk, gradebook = findings.problems
    assert "autograded" in autograded
    assert "only 5 MiB of disk are free" in disk
    assert "gradebook.db cannot be written" in gradebook


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("question_seconds", 0.5, "0.5 s"),
        ("memory_bytes", 3 * 2**29, "1.5 GiB"),
        ("answer_bytes", 5000, "4.88281 KiB"),
        ("output_bytes", 900, "900 bytes"),
        ("implementation_calls", 1000, "1,000"),
    ],
)
def test_a_limit_is_shown_with_its_unit(name: str, value: float, shown: str) -> None:
    assert readable(name, value) == shown
