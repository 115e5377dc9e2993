"""`nbgrader zip_collect` of what Moodle and Canvas give out, by the words of docs/collecting.md."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from autograder.grade import grade_class
from autograder.release import save_source_cells
from autograder.result import Status
from tests.autograder.small_course import (
    REPOSITORY,
    RIGHT,
    STEM,
    answered,
    make_course,
    notebook,
    penalties,
)

GUIDE = (REPOSITORY / "docs" / "collecting.md").read_text(encoding="utf-8")
SOURCE = notebook("one_number")
RIGHT_ANSWER = nbformat.writes(answered(SOURCE, RIGHT))
STUB = nbformat.writes(answered(SOURCE, {}))
MOODLE = "{name}_{number}_assignsubmission_{kind}_/{file}"
STUDENTS = """id,first_name,last_name,email,lms_user_id
student-01,Student,One,one@example.org,101
student-02,Student,Two,two@example.org,102
student-03,,,three@example.org,103
student-04,Étudiante,Четыре,four@example.org,104
"""
WORKSHEET = """\ufeffIdentifier,"Full name","Email address",Status,Grade,"Last modified (submission)"
"Participant 7000001","Student One",one@example.org,Submitted,,"Tuesday, 3 February 2026, 3:00 PM"
"Participant 7000002","Student Two",two@example.org,Submitted,,-
"Participant 7000003","Somebody else",three@example.org,Submitted,,"Wednesday, 4 February 2026, 12:30 AM"
"""


def block(language: str, holds: str) -> str:
    """The code block of the guide that holds these words."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return next(text for text in blocks if holds in text)


def follow(course: Course, commands: str) -> str:
    """Type the guide's commands in the course root; what they say."""
    said = ""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": scripts + os.pathsep + os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
    }
    for command in commands.strip().splitlines():
        done = subprocess.run(
            command, shell=True, cwd=course.root, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        said += done.stdout + done.stderr
    return said


def download(course: Course, name: str, files: dict[str, str]) -> None:
    """Put a zip of these files where the guide says."""
    archive = course.root / "downloaded" / STEM / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive / name, "w") as target:
        for path, text in files.items():
            target.writestr(path, text)


def collected(course: Course) -> dict[str, str]:
    """The files under `submitted/`: "student/name of the file" and text."""
    paths = (course.root / "submitted").glob(f"*/{STEM}/**/*")
    return {
        f"{path.relative_to(course.root / 'submitted').parts[0]}/{path.name}": path.read_text(
            encoding="utf-8"
        )
        for path in paths
        if path.is_file()
    }


@pytest.fixture
def course(tmp_path: Path) -> Course:
    zone = block("python", "time_zone")
    course = make_course(tmp_path / "course", {STEM: SOURCE}, "\n" + zone)
    save_source_cells(course, STEM)
    (course.root / "students.csv").write_text(STUDENTS, encoding="utf-8")
    return course


@pytest.mark.sandbox
def test_a_download_of_moodle_is_collected_and_graded_as_the_guide_says(course: Course) -> None:
    follow(course, block("sh", "student import"))
    follow(course, block("sh", "--duedate").replace("23:59", "14:00"))

    def of(name: str, number: int, file: str, kind: str = "file") -> str:
        return MOODLE.format(name=name, number=number, file=file, kind=kind)

    download(
        course,
        "Course-Exercise 4-1234.zip",
        {
            of("Student One", 7000001, f"{STEM}.ipynb"): RIGHT_ANSWER,
            of("Student One", 7000001, "onlinetext.html", "onlinetext"): "<p>My answer is attached.</p>",
            of("Two Student", 7000002, f"{STEM} (1).ipynb"): RIGHT_ANSWER,
            of("Two Student", 7000002, "timestamp.txt"): "2000-01-01 00:00 UTC",
            of("Somebody else", 7000003, "my work.ipynb"): RIGHT_ANSWER,
            of("Четыре Étudiante", 7000004, f"{STEM}.ipynb"): STUB,
            of("Никто Нигде", 7000005, f"{STEM}.ipynb"): RIGHT_ANSWER,
            "grades.txt": "what is this?",
            "__MACOSX/._grades.txt": "",
        },
    )
    sheet = course.root / "downloaded" / STEM / "archive" / "Grades-Exercise 4-1234.csv"
    sheet.write_text(WORKSHEET, encoding="utf-8")
    said = follow(course, block("sh", "zip_collect"))
    name = f"{STEM}.ipynb"
    assert collected(course) == {
        f"student-01/{name}": RIGHT_ANSWER,
        "student-01/timestamp.txt": "2026-02-03 14:00:00",  # it was 15:00 in Berlin
        f"student-02/{name}": RIGHT_ANSWER,
        "student-03/my work.ipynb": RIGHT_ANSWER,
        "student-03/timestamp.txt": "2026-02-03 23:30:00",
        f"student-04/{name}": STUB,
        f"никто-нигде/{name}": RIGHT_ANSWER,
    }
    assert re.search("Not in the gradebook: Никто Нигде", said)
    assert re.search("none of Moodle's or Canvas's: .*grades.txt", said)
    assert re.search("online text and no file: .*onlinetext.html", said)
    assert re.search("a student does not say when it came: .*timestamp.txt", said)
    results = grade_class(course, STEM)  # the guide's command has graded already: this reads what is kept
    assert {result.student: (result.status, result.score) for result in results} == {
        "student-01": (Status.GRADED, 1.0),
        "student-02": (Status.GRADED, 1.0),
        "student-03": (Status.GRADED, 1.0),
        "student-04": (Status.GRADED, 0.0),
        "никто-нигде": (Status.GRADED, 1.0),
    }
    assert penalties(course)["student-01", STEM] == (None, "2026-02-03 14:00:00.000000")


def test_of_a_download_of_canvas_the_newest_file_of_each_student_counts(course: Course) -> None:
    follow(course, block("sh", "student import"))
    download(
        course,
        "submissions.zip",
        {
            f"onestudent_101_9001_{STEM}.ipynb": STUB,
            f"onestudent_101_9050_{STEM}-2.ipynb": RIGHT_ANSWER,
            f"onestudent_101_9020_{STEM}-1.ipynb": STUB,
            f"twostudent_LATE_102_9003_{STEM}.ipynb": RIGHT_ANSWER,
            "student03_103_9004_My Work-1.ipynb": RIGHT_ANSWER,
            f"четыреétudiante_777_9005_{STEM}-Copy1.ipynb": STUB,
            f"smithsmith_201_9006_{STEM}.ipynb": RIGHT_ANSWER,
            f"smithsmith_202_9007_{STEM}.ipynb": STUB,
            "notes of the meeting.ipynb": STUB,
        },
    )
    said = follow(course, block("sh", "zip_collect").splitlines()[0])
    name = f"{STEM}.ipynb"
    assert collected(course) == {
        f"student-01/{name}": RIGHT_ANSWER,
        f"student-02/{name}": RIGHT_ANSWER,
        "student-03/My Work-1.ipynb": RIGHT_ANSWER,
        f"student-04/{name}": STUB,
        f"smithsmith-201/{name}": RIGHT_ANSWER,
        f"smithsmith-202/{name}": STUB,
    }
    assert "Canvas says late, but not when: student-02" in said
    assert len(re.findall("a newer one was handed in: .*onestudent", said)) == 2
    assert "none of Moodle's or Canvas's" in said
    assert "2 of them are 'smithsmith'" in said
    kept = [path.name for path in (course.root / "downloaded" / STEM / "extracted").rglob("*.ipynb")]
    assert "notes of the meeting.ipynb" in kept

    again = {f"onestudent_101_9100_{STEM}-3.ipynb": STUB}
    download(course, "submissions.zip", again)
    follow(course, f"nbgrader zip_collect {STEM} --force")
    assert collected(course)[f"student-01/{name}"] == STUB
    assert collected(course)[f"student-02/{name}"] == RIGHT_ANSWER, (
        "who is not in the zip keeps what is there"
    )
