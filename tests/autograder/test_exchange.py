"""One exchange, an instructor and three students, each a user of the system: the whole round with nbgrader.

Nobody reads or replaces what is another's, and what is collected is what its student handed in.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest

from autograder.sample_class.build import STEM
from tests.autograder.campus import REPOSITORY, Campus, why_not

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(bool(why_not()), reason=f"several users of the system: {why_not()}"),
]
SUBMITTED = REPOSITORY / "autograder" / "sample_class" / "submitted"
TEACHER, FIRST, SECOND, THIRD = "instructor", "student-1", "student-2", "student-3"

# Runs several of nbgrader's and our commands in one process: each is the real one, Python starts once.
COMMANDS = """
import json, shutil, sys, time
from autograder.__main__ import main
from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp
for program, *arguments in json.loads(sys.argv[1]):
    try:
        if program == "nbgrader":
            app = NbGraderApp.instance()
            try:
                app.initialize(arguments)
                app.start()
            except NoStart:  # the subcommand has run
                pass
            finally:
                if app.subapp is not None:
                    type(app.subapp).clear_instance()
                NbGraderApp.clear_instance()
            code = 0
        elif program == "autograder":
            code = main(arguments)
        else:
            code = shutil.copy(*arguments) and 0
    except SystemExit as error:
        code = error.code
    print(json.dumps([program, *arguments, code]), flush=True)
"""


@dataclass
class Round:
    """What everybody saw in one round through the exchange."""

    campus: Campus
    due: datetime = field(default_factory=lambda: datetime.now(UTC))
    said: dict[str, str] = field(default_factory=dict)

    @property
    def exchange(self) -> Path:
        return self.campus.root / "exchange"

    @property
    def course(self) -> Path:
        return self.campus.home(TEACHER) / "course"

    def does(self, name: str, *commands: list[str], step: str) -> None:
        """Run commands as a user; all must succeed; what they said is kept under `step`."""
        folder = self.course if name == TEACHER else self.campus.home(name)
        done = self.campus.python(name, "-c", COMMANDS, json.dumps(commands), folder=folder)
        codes = [json.loads(line)[-1] for line in done.stdout.splitlines() if line.startswith('["')]
        assert (done.returncode, codes) == (0, [0] * len(commands)), done.stdout + done.stderr
        self.said[step] = done.stdout + done.stderr

    def tries(self, name: str, script: str) -> subprocess.CompletedProcess[str]:
        """Run a shell script as a user."""
        return self.campus.run(name, "sh", "-c", script)


def answers(student: str) -> str:
    return str(SUBMITTED / student / STEM / f"{STEM}.ipynb")


def hand_in(of: str, *options: str) -> list[list[str]]:
    return [["copy", answers(of), f"{STEM}/{STEM}.ipynb"], ["nbgrader", "submit", STEM, *options]]


ATTACKS = f"""
umask 000
cd "$1"
ln -s "$2/solutions/{STEM}" "student-3+{STEM}+2026-01-01 00:00:00.0 UTC+link"
own="student-3+{STEM}+2026-01-02 00:00:00.0 UTC+files"
mkdir "$own" && cd "$own"
ln -s "$2/solutions/{STEM}/{STEM}.ipynb" {STEM}.ipynb
ln -s "$2" all && mkfifo pipe && mkdir closed && touch closed/x && chmod 0 closed
echo 2026-01-02 00:00:00 UTC > timestamp.txt && echo x > unreadable && chmod 0 unreadable
mkdir "$1/student-1+{STEM}+2026-13-77+x" "$1/..+{STEM}+2026-01-01 00:00:00 UTC+x"
forged="$1/student-2+{STEM}+2099-01-01 00:00:00 UTC+x"
mkdir "$forged" && cp "$3" "$forged"
"""


@pytest.fixture(scope="module")
def story() -> Iterator[Round]:
    """Release, fetch, submit (twice; late; in another's name), collect, grade, feedback, submit again."""
    root = Path(tempfile.mkdtemp(prefix="exchange-", dir="/tmp"))  # pytest's own folder is closed to others
    try:
        story = Round(Campus(root, [TEACHER, FIRST, SECOND, THIRD]))
        _set_up(story)
        _play(story)
        yield story
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _set_up(story: Round) -> None:
    story.exchange.mkdir()
    story.exchange.chmod(0o777)
    shutil.copytree(REPOSITORY / "solutions" / STEM, story.course / "solutions" / STEM)
    ours = (REPOSITORY / "autograder" / "nbgrader_config.py").read_text()
    where = f"\nc.Exchange.root = {str(story.exchange)!r}\n"
    (story.course / "nbgrader_config.py").write_text(ours + where)
    for student in (FIRST, SECOND, THIRD):
        settings = story.campus.home(student) / "nbgrader_config.py"
        settings.write_text(f"c = get_config()\nc.CourseDirectory.course_id = 'convolution'{where}")
        story.campus.give(student, settings)
    story.campus.give(TEACHER, story.course, 0o755)  # open, as many are: the home above it is not


def _play(story: Round) -> None:
    generate, release = ["nbgrader", "generate_assignment", STEM], ["nbgrader", "release_assignment", STEM]
    story.does(TEACHER, generate, release, step="release")
    fetch = ["nbgrader", "fetch_assignment", STEM]
    story.does(
        FIRST,
        fetch,
        *hand_in("07-convolves"),
        *hand_in("12-unfinished"),
        ["nbgrader", "list", "--cached"],
        step="first",
    )
    story.due = datetime.now(UTC)
    forged = hand_in("01-loops", f"--student={FIRST}")
    story.does(SECOND, fetch, *hand_in("07-convolves"), *forged, step="second")
    inbound = story.exchange / "convolution" / "inbound"
    attack = story.campus.run(THIRD, "sh", "-ec", ATTACKS, "sh", inbound, story.course, answers("01-loops"))
    assert attack.returncode == 0, attack.stderr
    dated = ["nbgrader", "db", "assignment", "add", STEM, f"--duedate={story.due:%Y-%m-%d %H:%M:%S.%f} UTC"]
    grade = ["autograder", "grade", STEM, "--workers", "1"]
    feedback = [["autograder", "feedback", STEM], ["nbgrader", "release_feedback", STEM]]
    story.does(TEACHER, dated, ["nbgrader", "collect", STEM], grade, *feedback, step="grade")
    got = ["nbgrader", "fetch_feedback", STEM]
    story.does(FIRST, got, *hand_in("01-loops"), step="again")
    story.does(SECOND, got, step="fetched")


def collected(story: Round, student: str) -> Path:
    return story.course / "submitted" / student / STEM


def source(path: Path) -> str:
    return str([cell.source for cell in nbformat.read(path, 4).cells])


def test_the_newest_of_ones_own_submissions_is_collected(story: Round) -> None:
    notebook = collected(story, FIRST) / f"{STEM}.ipynb"
    assert source(notebook) == source(Path(answers("12-unfinished")))
    assert source(collected(story, SECOND) / f"{STEM}.ipynb") == source(Path(answers("07-convolves")))
    assert "student-1 03_cross_correlation" in story.said["first"], "nbgrader list shows both"


def test_a_submission_in_the_name_of_another_is_not_collected_and_said(story: Round) -> None:
    said = story.said["grade"]
    assert "claims to be of student-1 and belongs to student-2" in said
    assert "claims to be of student-2 and belongs to student-3" in said
    assert not (collected(story, FIRST) / "all").exists()


def test_a_link_to_the_solutions_hands_in_nothing(story: Round) -> None:
    """nbgrader's own collect would copy what the instructor can read: full marks for a link."""
    said = story.said["grade"]
    assert f"{STEM}.ipynb: Too many levels of symbolic links" in said
    assert "claims to be of student-3 and is no folder" in said
    assert [path.name for path in sorted(collected(story, THIRD).rglob("*"))] == ["closed", "timestamp.txt"]
    for student in (FIRST, SECOND, THIRD):
        for path in collected(story, student).rglob("*.ipynb"):
            assert "BEGIN SOLUTION" not in path.read_text()


def test_a_name_that_nbgrader_does_not_give_stops_nobody(story: Round) -> None:
    assert story.said["grade"].count("has a name that nbgrader does not give") == 1  # ".." is no name at all
    assert sorted(path.name for path in (story.course / "submitted").iterdir()) == [FIRST, SECOND, THIRD]
    assert not (story.course / STEM).exists()


def test_what_is_collected_is_the_instructors_and_closed_to_writers(story: Round) -> None:
    for path in (story.course / "submitted").rglob("*"):
        status = path.stat()
        assert status.st_uid == story.campus.uids[TEACHER]
        assert status.st_mode & 0o022 == 0, path
        assert status.st_mode & 0o400


def test_the_instructor_grades_as_an_ordinary_user(story: Round) -> None:
    with (story.course / "reports" / STEM / "results" / FIRST / f"{STEM}.json").open() as file:
        first = json.load(file)
    assert (first["status"], first["score"]) == ("graded", 2.0)
    assert (story.course / "gradebook.db").stat().st_uid == story.campus.uids[TEACHER]
    lines = [line for line in story.said["grade"].splitlines() if "] student-" in line]
    assert sorted(line.split("] ")[1].split("  (")[0] for line in lines) == [
        "student-1: graded, 2 / 11",
        "student-2: graded, 5 / 11",
        "student-3: missing, -",
    ]


def test_who_came_late_is_late_by_the_time_in_the_exchange(story: Round) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{story.course}/gradebook.db", "convolution") as gradebook:
        late = {s.student.id: s.total_seconds_late for s in gradebook.assignment_submissions(STEM)}
    assert late[FIRST] == 0
    assert 0 < late[SECOND] < timedelta(hours=1).total_seconds()


def test_students_read_neither_the_instructors_files_nor_each_others(story: Round) -> None:
    inbound = story.exchange / "convolution" / "inbound"
    for script in (
        f"cat '{story.course}/solutions/{STEM}/{STEM}.ipynb'",
        f"cat '{story.course}/gradebook.db'",
        f"ls '{inbound}'",
        f"ls '{inbound}/'*",
        f"cat '{story.campus.home(FIRST)}/{STEM}/{STEM}.ipynb'",
        f"ls '{story.exchange}/convolution/feedback'",
        f"cat '{story.exchange}/convolution/feedback/'*.html",
        f"cat '{story.course}/submitted/{FIRST}/{STEM}/submission_secret.txt'",
        f"echo x > '{story.exchange}/convolution/outbound/{STEM}/{STEM}.ipynb'",
        f"echo x > '{story.exchange}/convolution/feedback/x.html'",
    ):
        done = story.tries(SECOND, script)
        assert done.returncode != 0, script
        assert done.stdout == "", script
        assert "Permission denied" in done.stderr or "No such file" in done.stderr, done.stderr


def test_each_student_gets_their_own_feedback(story: Round) -> None:
    for student, correct in ((FIRST, "2"), (SECOND, "5")):
        pages = list((story.campus.home(student) / STEM / "feedback").glob("*/*.html"))
        assert len(pages) == 1, "of the submission that was graded"
        assert f"{correct}" in pages[0].read_text()
    assert len(list((story.exchange / "convolution" / "feedback").glob("*.html"))) == 2
    first, second = (
        next((story.campus.home(student) / STEM / "feedback").glob("*/*.html")).read_text()
        for student in (FIRST, SECOND)
    )
    assert first != second


def test_a_later_submission_is_collected_on_request_and_graded_again(story: Round) -> None:
    again = [["nbgrader", "collect", STEM, "--update"], ["autograder", "grade", STEM, "--workers", "1"]]
    story.does(TEACHER, *again, step="update")
    assert source(collected(story, FIRST) / f"{STEM}.ipynb") == source(Path(answers("01-loops")))
    assert "student-1: graded, 11 / 11" in story.said["update"]
    assert "Updating submission: student-1" in story.said["update"]
    with (story.course / "reports" / STEM / "results" / SECOND / f"{STEM}.json").open() as file:
        assert json.load(file)["score"] == 5.0
