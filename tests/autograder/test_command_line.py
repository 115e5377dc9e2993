"""The instructor's commands, as they are typed: exit codes, messages, files."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
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
from tests.signals import heed_ctrl_c

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
        (["feedback", STEM, "--course-dir", "ROOT"], f"run: autograder grade {STEM}"),
        (["mark"], "invalid choice"),
        (["grade", STEM, "--worker", "2"], "unrecognized arguments: --worker 2; did you mean --workers?"),
        (
            ["release"],
            "autograder release: the following arguments are required: STEM\nTry: autograder release --help",
        ),
        ([], "grade what students handed in"),
    ],
)
def test_wrong_usage_is_named_and_ends_with_2(root: Path, arguments: list[str], says: str) -> None:
    done = autograder(*(argument.replace("ROOT", str(root)) for argument in arguments))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_class_that_handed_in_nothing_is_told_as_such(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "course").root
    shutil.rmtree(root / "submitted")
    done = autograder("grade", STEM, "--course-dir", root)
    assert (done.returncode, done.stdout) == (0, "")
    wanted = root / "submitted" / "STUDENT" / STEM
    assert f"nobody has handed in {STEM}: there is no {wanted}" in done.stderr


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


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--limit", "question=1"], "--limit: a limit must be one of question_seconds, cell_seconds"),
        (["--limit", "processes=none"], "--limit: a limit must be written as in processes=10"),
        (["--limit", "open_files=1"], "--limit: open_files must be an integer >= 16; got 1"),
    ],
)
def test_a_limit_that_cannot_be_is_wrong_usage(root: Path, arguments: list[str], says: str) -> None:
    done = autograder("grade", STEM, "--course-dir", root, *arguments)
    assert done.returncode == 2
    assert says in done.stderr


@pytest.mark.sandbox
def test_a_limit_of_the_course_and_one_of_the_command_line_both_hold(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "course").root
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("c.AutograderLimits.question_seconds = 1.5\n")
    out, student = root / "out.jsonl", ("--student", "14-endless-loop")
    limit = ("--limit", "notebook_seconds=100")
    done = autograder("grade", STEM, "--course-dir", root, *student, *limit, "--json", out)
    assert done.returncode == 0, done.stderr
    (line,) = [json.loads(text) for text in out.read_text().splitlines()]
    # on a busy machine it is asked again, with four times the limit
    assert any(f"no answer within {seconds} s" in line["message"] for seconds in ("1.5", "6"))
    nothing = autograder("grade", STEM, "--course-dir", root, *student, "--limit", "notebook_bytes=2KiB")
    assert "at most 2048 bytes" in nothing.stdout, "changed limits: it is graded again"


def started_with(mark: str) -> list[int]:
    """The processes with this environment variable: the grader, its workers, their bubblewraps."""
    found = []
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdecimal() and mark.encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("how", "ends_with", "says"),
    [
        (signal.SIGKILL, -signal.SIGKILL, ""),
        (signal.SIGINT, 130, "Ctrl-C again ends at once"),  # and it comes again
        (signal.SIGTERM, 143, "what runs has 7 s to finish"),
    ],
)
def test_a_grader_that_is_stopped_leaves_no_process_and_the_next_run_goes_on(
    tmp_path: Path, how: int, ends_with: int, says: str
) -> None:
    root = lay_out(tmp_path / "course").root
    command = [sys.executable, "-m", "autograder", "grade", STEM, "--course-dir", str(root), "--workers", "2"]
    students = ("--student", "01-loops", "--student", "14-endless-loop", "--limit", "question_seconds=100")
    mark = f"GRADER_UNDER_TEST={secrets.token_hex(8)}"
    environment = os.environ | dict([mark.split("=")])
    grader = subprocess.Popen(
        [*command, *students],
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env=environment,
        preexec_fn=heed_ctrl_c,
    )
    assert grader.stderr is not None
    assert "01-loops" in grader.stderr.readline()  # and 14-endless-loop is still at it
    assert len(started_with(mark)) >= 5, "the grader, two workers and their two jails"
    grader.send_signal(how)
    if how == signal.SIGINT:
        assert grader.stderr.readline() == "\n"
        assert says in grader.stderr.readline()
        grader.send_signal(how)
    _, said = grader.communicate(timeout=60)
    assert grader.returncode == ends_with
    assert ("run the same command to go on" in said) == (how != signal.SIGKILL)
    assert how != signal.SIGTERM or says in said
    patience = time.monotonic() + 20
    while started_with(mark) and time.monotonic() < patience:
        time.sleep(0.1)
    assert started_with(mark) == []
    done = autograder("grade", STEM, "--course-dir", root, "--student", "01-loops", "--json", "-", "--quiet")
    assert json.loads(done.stdout)["score"] == 11.0
