"""The commands of students and lecturers, as they are typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coursekit import doctor


def coursekit(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coursekit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_doctor_uses_every_part_and_says_that_all_is_there() -> None:
    done = coursekit("doctor")
    assert done.returncode == 0, done.stdout
    assert "the reference, the images and the widget work" in done.stdout
    assert "All there: run coursekit lab." in done.stdout


def test_doctor_names_what_is_missing_and_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "NEEDED", ("numpy", "a_package_that_is_nowhere"))
    said: list[str] = []
    (problem,) = doctor.examine_machine(said.append)
    assert "a_package_that_is_nowhere cannot be imported" in problem
    assert "pip install --editable '.[lab]'" in problem
    assert said[-1] == "Then run: coursekit doctor"


def test_lab_wants_the_folder_of_the_course(tmp_path: Path) -> None:
    done = coursekit("lab", "--course-dir", str(tmp_path))
    assert done.returncode == 2
    assert "with lectures/ in it" in done.stderr


def test_an_unknown_command_is_wrong_usage() -> None:
    assert coursekit("lecture").returncode == 2
