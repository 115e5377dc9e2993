"""The instructor's commands, as they are typed: exit codes, messages, files."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.sample_class.__main__ import lay_out
from autograder.sample_class.build import STEM

REPOSITORY = Path(__file__).resolve().parents[2]


def autograder(
    *arguments: object, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, cwd=REPOSITORY, env=environment
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("commands") / "course").root


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grade", "04_nothing", "--course-dir", "ROOT"], f"STEM must be one of {STEM}; got '04_nothing'"),
        (["grade", "../solutions", "--course-dir", "ROOT"], "STEM must be one of"),
        (["grade", STEM, "--course-dir", "ROOT/nowhere"], "--course-dir must be a folder"),
        (["grade", STEM, "--course-dir", "ROOT", "--student", "nobody"], "--student must have a submission"),
        (["grade", STEM, "--course-dir", "ROOT", "--workers", "0"], "must be an integer >= 1; got '0'"),
        (["report", STEM, "--course-dir", "ROOT"], f"run: autograder grade {STEM}"),
        (["mark"], "invalid choice"),
    ],
)
def test_wrong_usage_is_named_and_ends_with_2(root: Path, arguments: list[str], says: str) -> None:
    done = autograder(*(argument.replace("ROOT", str(root)) for argument in arguments))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_release_writes_the_students_notebook_and_a_zip_without_answers(root: Path) -> None:
    done = autograder("release", STEM, "--course-dir", root)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(root / "dist" / f"{STEM}.zip") as archive:
        names = archive.namelist()
        text = archive.read(f"{STEM}/{STEM}.ipynb").decode()
    assert names == [f"{STEM}/{STEM}.ipynb"]
    assert "NotImplementedError" in text
    assert "BEGIN" not in text
    assert text == (REPOSITORY / "exercises" / STEM / f"{STEM}.ipynb").read_text()


@pytest.mark.sandbox
def test_grade_feedback_and_report_from_the_command_line(root: Path) -> None:
    out = root / "out.jsonl"
    students = ("--student", "07-convolves", "--student", "19-no-notebook")
    done = autograder("grade", STEM, "--course-dir", root, *students, "--json", out, "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert "[2/2]" in done.stderr
    assert "kernel flipped" in done.stdout
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(line["student"], line["status"], line["score"]) for line in lines] == [
        ("07-convolves", "graded", 5.0),
        ("19-no-notebook", "invalid", 0.0),
    ]
    assert autograder("feedback", STEM, "--course-dir", root).returncode == 0
    assert (root / "feedback" / "07-convolves" / STEM / f"{STEM}.html").exists()
    assert autograder("report", STEM, "--course-dir", root).returncode == 0
    assert "kernel flipped" in (root / "reports" / STEM / "index.html").read_text()
    notebook = nbformat.read(root / "autograded" / "07-convolves" / STEM / f"{STEM}.ipynb", 4)
    nbformat.validate(notebook)


@pytest.mark.sandbox
def test_json_to_standard_output_is_nothing_but_json(root: Path) -> None:
    done = autograder("grade", STEM, "--course-dir", root, "--student", "01-loops", "--json", "-", "--quiet")
    assert done.returncode == 0
    assert json.loads(done.stdout)["score"] == 11.0
    assert done.stderr == ""


@pytest.mark.sandbox
def test_doctor_tries_the_machine(root: Path) -> None:
    done = autograder("doctor")
    assert done.returncode == 0, done.stdout
    assert "This machine can grade." in done.stdout


def test_without_bubblewrap_grading_refuses_and_names_the_ways_out(root: Path) -> None:
    done = autograder("doctor", environment={"PATH": "/nowhere"})
    assert done.returncode == 3
    assert "sudo apt-get install bubblewrap" in done.stdout
    assert "virtual machine" in done.stdout


def test_without_bubblewrap_no_student_gets_a_zero(root: Path) -> None:
    out = root / "without.jsonl"
    done = autograder("grade", STEM, "--course-dir", root, "--student", "02-strides", "--json", out,
                      environment={"PATH": "/nowhere"})  # fmt: skip
    assert done.returncode == 3
    (line,) = [json.loads(text) for text in out.read_text().splitlines()]
    assert line["status"] == "grader-error"
    assert "bubblewrap" in line["message"]
    assert not (root / "autograded" / "02-strides").exists()


def started_with(mark: str) -> list[int]:
    """The processes with this environment variable: the grader, its workers, their bubblewraps."""
    found = []
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdecimal() and mark.encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


@pytest.mark.sandbox
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_grader_that_is_stopped_leaves_no_process_and_the_next_run_goes_on(
    tmp_path: Path, how: int
) -> None:
    root = lay_out(tmp_path / "course").root
    command = [sys.executable, "-m", "autograder", "grade", STEM, "--course-dir", str(root), "--workers", "2"]
    students = ("--student", "01-loops", "--student", "14-endless-loop")
    mark = f"GRADER_UNDER_TEST={secrets.token_hex(8)}"
    environment = os.environ | dict([mark.split("=")])
    grader = subprocess.Popen(
        [*command, *students], stderr=subprocess.PIPE, text=True, cwd=REPOSITORY, env=environment
    )
    assert grader.stderr is not None
    assert "01-loops" in grader.stderr.readline()  # and 14-endless-loop is still at it
    assert len(started_with(mark)) >= 5, "the grader, two workers and their two jails"
    grader.send_signal(how)
    _, said = grader.communicate(timeout=60)
    assert grader.returncode == (130 if how == signal.SIGINT else -how)
    assert ("run the same command to go on" in said) == (how == signal.SIGINT)
    patience = time.monotonic() + 20
    while started_with(mark) and time.monotonic() < patience:
        time.sleep(0.1)
    assert started_with(mark) == []
    done = autograder("grade", STEM, "--course-dir", root, "--student", "01-loops", "--json", "-", "--quiet")
    assert json.loads(done.stdout)["score"] == 11.0
