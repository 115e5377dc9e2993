"""A real watch: what arrives is graded once, whole, and its feedback is where its student finds it."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from autograder.lock import AlreadyGrading, only_grader, only_watcher
from autograder.watch.journal import Journal
from tests.autograder.small_course import RIGHT, STEM, answered, database, hand_in, make_course, notebook
from tests.autograder.watching import Watcher, until

pytestmark = pytest.mark.sandbox
SOURCE = notebook("one_number", "to_channels_first")
ME = getpass.getuser()
# what it was asked stands in the feedback, as it would for any student who prints it
TELLS_THE_QUESTION = {
    "to_channels_first": "asked = []\n\ndef to_channels_first(batch):\n"
    "    asked.append(batch.ravel().tolist()[:5])\n"
    "    if len(asked) > 4:\n"
    "        raise ValueError(asked[:5])\n"
    "    return np.moveaxis(batch, 3, 1)"
}


def work(answers: dict[str, str]) -> str:
    return str(nbformat.writes(answered(SOURCE, answers)))


@pytest.fixture(scope="module")
def exchange() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="exchange-"))
    (root / "convolution" / "inbound").mkdir(parents=True)
    for path in (root, root / "convolution" / "inbound"):
        path.chmod(0o777)
    yield root
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def watcher(tmp_path_factory: pytest.TempPathFactory, exchange: Path) -> Iterator[Watcher]:
    base = tmp_path_factory.mktemp("watch")
    course = make_course(base / "course", {STEM: SOURCE}, f"\nc.Exchange.root = {str(exchange)!r}\n")
    hand_in(course, "came-before", SOURCE, RIGHT)
    watcher = Watcher(course.root)
    put(watcher.drop / "broken", f"{STEM}.ipynb", "this is no notebook")  # is waited for: it may go on
    yield watcher
    watcher.end(signal.SIGKILL)


@pytest.fixture(scope="module")
def student_home(tmp_path_factory: pytest.TempPathFactory, exchange: Path) -> Path:
    """The folder of a student of the exchange, who is the user that runs the tests."""
    home = tmp_path_factory.mktemp("home")
    config = ["c = get_config()", "c.CourseDirectory.course_id = 'convolution'"]
    config += [f"c.Exchange.root = {str(exchange)!r}", f"c.Exchange.cache = {str(home / 'cache')!r}"]
    (home / "nbgrader_config.py").write_text("\n".join(config))
    (exchange / "convolution" / "outbound" / STEM).mkdir(parents=True)
    (exchange / "convolution" / "outbound" / STEM / f"{STEM}.ipynb").write_text(work({}))
    return home


def nbgrader(home: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command], cwd=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def submit(home: Path, answers: dict[str, str]) -> None:
    (home / STEM).mkdir(exist_ok=True)
    (home / STEM / f"{STEM}.ipynb").write_text(work(answers))
    nbgrader(home, "submit", STEM)


def put(folder: Path, name: str, text: str) -> Path:
    """Put a file there whole, under its name at once."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f".{name}").write_text(text)
    return (folder / f".{name}").rename(folder / name)


def total(page: str) -> str:
    found = re.search(r'<p class="total">(.*?) points</p>', page)
    return found[1] if found else ""


def test_what_came_before_it_began_is_graded_first(watcher: Watcher) -> None:
    result = watcher.result("came-before")
    assert (result["status"], result["score"], result["place"]) == ("graded", 2.0, "submitted")
    assert (watcher.root / "feedback" / "came-before" / STEM / f"{STEM}.html").is_file()


def test_who_submits_by_nbgrader_fetches_the_feedback_by_nbgrader(
    watcher: Watcher, student_home: Path
) -> None:
    submit(student_home, RIGHT)
    first = watcher.result(ME)
    assert (first["status"], first["score"], first["place"]) == ("graded", 2.0, "exchange")
    assert first["feedback"] == ["exchange"]
    submit(student_home, {})
    assert watcher.result(ME, 2)["score"] == 0.0
    nbgrader(student_home, "fetch_feedback", STEM)
    pages = sorted((student_home / STEM / "feedback").glob(f"*/{STEM}.html"))
    assert [total(page.read_text()) for page in pages] == ["2 of 2", "0 of 2"], "one page for each submission"


def test_half_of_a_notebook_is_waited_for(watcher: Watcher) -> None:
    text = work(RIGHT)
    folder = watcher.drop / "writes-slowly"
    folder.mkdir()
    with (folder / f"{STEM}.ipynb").open("w") as file:
        for place in range(0, len(text), len(text) // 4):
            assert not watcher.results("writes-slowly")
            file.write(text[place : place + len(text) // 4])
            file.flush()
            time.sleep(0.6)  # three times as long as a whole file has to rest
    result = watcher.result("writes-slowly")
    assert (result["status"], result["score"]) == ("graded", 2.0)
    assert len(watcher.results("writes-slowly")) == 1


def test_a_drop_folder_takes_a_notebook_a_zip_and_a_folder(watcher: Watcher) -> None:
    put(watcher.drop / "notebook", f"{STEM} (1).ipynb", work(RIGHT))
    put(watcher.drop / "folder" / STEM, f"{STEM}.ipynb", work(RIGHT))
    packed = watcher.drop / "zip" / ".part"
    packed.parent.mkdir()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"my work/{STEM}.ipynb", work(RIGHT))
        archive.writestr("../../outside.txt", "x")
    packed.rename(packed.with_name(f"{STEM}.zip"))
    for student in ("notebook", "folder", "zip"):
        result = watcher.result(student)
        assert (result["status"], result["score"], result["place"]) == ("graded", 2.0, "drop"), student
        assert total(watcher.page(student, STEM)) == "2 of 2"
        assert oct((watcher.drop / student / "feedback" / STEM / f"{STEM}.html").stat().st_mode)[-3:] == "644"
    assert not list(watcher.root.parent.rglob("outside.txt"))


def test_what_is_no_notebook_is_invalid_with_a_sentence_for_the_student(watcher: Watcher) -> None:
    result = watcher.result("broken")
    assert (result["status"], result["score"]) == ("invalid", 0.0)
    assert "could not be graded" in watcher.page("broken", STEM) or "is not a notebook" in watcher.page(
        "broken", STEM
    )


def test_the_newest_counts_its_page_replaces_the_old_one_and_its_questions_are_others(
    watcher: Watcher,
) -> None:
    asked = []
    for number in (1, 2, 3):
        answers = RIGHT if number == 3 else TELLS_THE_QUESTION | {"one_number": RIGHT["one_number"]}
        put(watcher.drop / "again", f"{STEM}.ipynb", work(answers))
        result = watcher.result("again", number)
        assert result["score"] == {1: 1.0, 2: 1.0, 3: 2.0}[number]
        asked.append(re.findall(r"ValueError: (\[\[[\d., \[\]-]+)", watcher.page("again", STEM))[:1])
    assert asked[0] and asked[1] and not asked[2]
    assert asked[0] != asked[1], "whoever saw the first questions knows nothing of the second"


def test_a_link_in_a_drop_folder_is_followed_neither_to_read_nor_to_write(watcher: Watcher) -> None:
    solution = watcher.root / "solutions" / STEM / f"{STEM}.ipynb"
    home = watcher.drop / "links"
    home.mkdir()
    (home / STEM).mkdir()
    (home / STEM / f"{STEM}.ipynb").symlink_to(solution)
    (home / "feedback").symlink_to(watcher.root / "solutions")
    (home / STEM / "notes.txt").write_text("x")
    told = watcher.result("links")
    assert (told["score"], told["feedback"], told["fault"]) == (0.0, [], "")
    assert "links takes no feedback" in watcher.said()
    before = solution.read_text()
    assert sorted(path.name for path in (watcher.root / "solutions" / STEM).iterdir()) == [f"{STEM}.ipynb"]
    assert solution.read_text() == before and "BEGIN SOLUTION" in before
    submitted = watcher.root / "submitted" / "links" / STEM
    assert not any("BEGIN SOLUTION" in path.read_text() for path in submitted.rglob("*") if path.is_file())


def test_other_graders_get_the_lock_and_what_arrives_meanwhile_waits_and_says_so(watcher: Watcher) -> None:
    course = Course(watcher.root)

    def free() -> bool:
        try:
            with only_grader(course, STEM):
                return True
        except AlreadyGrading:
            return False

    until("the lock", free)
    with only_grader(course, STEM):
        put(watcher.drop / "waits", f"{STEM}.ipynb", work(RIGHT))
        until("a word", lambda: f"{STEM} is being graded by process {os.getpid()}" in watcher.said())
        assert not watcher.results("waits")
    assert watcher.result("waits")["score"] == 2.0
    with (
        pytest.raises(AlreadyGrading, match=f"watched by process {watcher.process.pid}"),
        only_watcher(course),
    ):
        pass


def test_what_arrives_while_the_gradebook_is_away_is_graded_when_it_is_back(watcher: Watcher) -> None:
    with database(Course(watcher.root)) as opened:
        opened.execute("begin exclusive")
        put(watcher.drop / "no-gradebook", f"{STEM}.ipynb", work(RIGHT))
        until("a word", lambda: "cannot be written: database is locked" in watcher.said())
        assert not [told for told in watcher.results("no-gradebook") if told["status"] == "graded"]
        opened.rollback()
    until("the result", lambda: watcher.results("no-gradebook")[-1:])
    assert (
        until("the points", lambda: [t for t in watcher.results("no-gradebook") if t["status"] == "graded"])[
            0
        ]["score"]
        == 2.0
    )


def test_who_hands_in_without_end_does_not_starve_the_others(watcher: Watcher) -> None:
    text = work({})
    for number in range(1_000):
        put(watcher.drop / "without-end", f"{STEM}.ipynb", text.replace("return", f"return  # {number}", 1))
        if number == 500:
            for student in ("patient-1", "patient-2"):
                put(watcher.drop / student, f"{STEM}.ipynb", work(RIGHT))
            graded_before = len(watcher.results("without-end"))
    for student in ("patient-1", "patient-2"):
        assert watcher.result(student)["score"] == 2.0
    between = len(watcher.results("without-end")) - graded_before
    assert between <= 4, "one at a time, then the others first"
    until("the newest one's turn", lambda: watcher.results("without-end"))
    assert len(watcher.results("without-end")) < 100, "the newest alone counts"


def test_a_killed_watch_goes_on_where_it_was_and_does_nothing_twice(watcher: Watcher) -> None:
    course = Course(watcher.root)
    counts = {path.name: len(watcher.results(path.name)) for path in watcher.drop.iterdir()}
    for number in range(3):
        put(watcher.drop / f"killed-{number}", f"{STEM}.ipynb", work(RIGHT))
    until("the journal", lambda: Journal(course).read(STEM, "killed-0").marks)
    assert watcher.end(signal.SIGKILL) == -signal.SIGKILL
    watcher.begin()
    for number in range(3):
        assert watcher.result(f"killed-{number}")["score"] == 2.0
        assert total(watcher.page(f"killed-{number}", STEM)) == "2 of 2"
    until("the end of it", lambda: all(Journal(course).read(STEM, f"killed-{n}").given for n in range(3)))
    put(watcher.drop / "after", f"{STEM}.ipynb", work(RIGHT))
    watcher.result("after")
    again = {student: len(watcher.results(student)) - number for student, number in counts.items()}
    assert {student for student, number in again.items() if number} <= {"without-end"}, "it may still wait"
    with sqlite3.connect(watcher.root / "gradebook.db") as opened:
        rows = opened.execute("select student_id, count(*) from submitted_assignment group by 1").fetchall()
    assert dict(rows)["killed-0"] == 1


def test_sigterm_ends_it_in_good_order(watcher: Watcher) -> None:
    assert watcher.end(signal.SIGTERM) == 0
    assert "no longer watching" in watcher.said().splitlines()[-1]
    assert "Traceback" not in watcher.said()
