"""Ctrl-C and SIGTERM while a class is graded: what runs is finished, the rest is for the next run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import stopping
from autograder.course import Course
from autograder.result import Result, Status
from autograder.stopping import Stopping, Terminated
from autograder.store import stored_results
from tests.autograder.small_course import REPOSITORY, RIGHT, STEM, hand_in, make_course, notebook
from tests.autograder.terminal import CTRL_C, Terminal

TASK = "one_number"
STUDENTS = [f"{number:02}" for number in range(7)]
SLEEPERS = ("02", "03")  # they run when Ctrl-C comes


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class in which the third and the fourth take their time."""
    source = notebook(TASK)
    made = make_course(tmp_path_factory.mktemp("stopping") / "course", {STEM: source})
    for student in STUDENTS:
        nap = "import time\ntime.sleep(6)\n" if student in SLEEPERS else ""
        hand_in(made, student, source, {TASK: nap + RIGHT[TASK]})
    return made


def command(course: Course, *options: str) -> list[str]:
    return [sys.executable, "-m", "autograder", "grade", STEM, "--course-dir", str(course.root), *options]


def graded(course: Course) -> dict[str, Result]:
    return {result.student: result for result in stored_results(course, STEM)}


@pytest.mark.sandbox
def test_ctrl_c_in_a_terminal_finishes_what_runs_and_the_same_command_goes_on(
    course: Course, tmp_path: Path
) -> None:
    environment = os.environ | {"TERM": "xterm-256color", "CI": ""}
    out = tmp_path / "stdout"
    with out.open("wb") as stdout:
        terminal = Terminal(
            command(course, "--workers", "2", "--json", "-"), environment, REPOSITORY, stdout=stdout.fileno()
        )
    try:
        terminal.wait_for(lambda shown: "Grading 04_channels ━" in shown and "2 of 7" in shown)
        terminal.press(CTRL_C)  # to every process of the foreground: grader, workers, bubblewraps
        terminal.resize(40)
        narrow = terminal.wait_for(lambda shown: re.search(r"^[━─]+ +\d of 7$", shown, re.MULTILINE))
        assert "stopping: what runs is finished and" in narrow
        assert terminal.end() == 130, terminal.screen.text()
    finally:
        terminal.close()
    told = re.search(r"stopped: (\d) of 7 are graded\.", terminal.screen.text())
    assert told is not None, terminal.screen.text()
    found = graded(course)
    assert len(found) == int(told[1]) < 7
    assert set(SLEEPERS) <= set(found), "what ran was finished"
    assert {(result.status, result.score) for result in found.values()} == {(Status.GRADED, 1.0)}
    assert out.read_bytes() == b"", "a part of a class is not written as if it were all of it"
    assert "Traceback" not in terminal.screen.text()
    assert "Run the same command" in terminal.screen.text()
    assert terminal.screen.cursor_is_shown

    again = subprocess.run(command(course), capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert again.returncode == 0, again.stderr
    assert f"autograder: {len(found)} of 7 kept from an earlier run\n" in again.stderr
    assert again.stderr.count("] 0") == 7 - len(found), "each that was left has a line, and no other"
    assert "\x1b" not in again.stderr + again.stdout
    assert len(graded(course)) == 7


# --- signals, heard in this process


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Signals as in a program at a terminal: pytest, too, may run in the background."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield []
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    time.sleep(0.01)  # so that Python has looked for signals


@pytest.mark.parametrize(
    ("number", "ends_with"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)]
)
def test_where_nothing_runs_the_first_signal_ends_at_once(
    heard: list[str], number: signal.Signals, ends_with: type[BaseException]
) -> None:
    with Stopping(heard.append) as wish, pytest.raises(ends_with):
        send(number)
    assert heard == []
    assert not wish()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_while_something_runs_the_first_signal_is_a_wish_and_the_second_an_end(
    heard: list[str], number: signal.Signals
) -> None:
    with Stopping(heard.append) as wish:
        with wish.something_runs(), pytest.raises(KeyboardInterrupt) as ended:
            assert not wish()
            send(number)
            assert wish()
            assert wish.asked is number
            send(signal.SIGINT)
        assert ended.type is KeyboardInterrupt
        assert len(heard) == 1


def test_after_sigterm_what_runs_has_a_bounded_time(
    heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "GRACE_SECONDS", 0.1)
    with Stopping(heard.append) as wish, wish.something_runs():
        send(signal.SIGTERM)
        with pytest.raises(Terminated):
            time.sleep(60)
    with Stopping() as wish:
        with wish.something_runs():
            send(signal.SIGTERM)
        time.sleep(0.2)  # what ran is done in time: nothing ends what comes after it
        assert wish()


def test_who_ignores_ctrl_c_goes_on_ignoring_it_and_handlers_come_back(heard: list[str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as with `nohup autograder grade &`
    with Stopping(heard.append) as wish, wish.something_runs():
        send(signal.SIGINT)
        assert not wish()
        assert signal.getsignal(signal.SIGTERM) == wish._heard
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN


def test_without_signals_nobody_wishes_to_stop(heard: list[str]) -> None:
    wish = Stopping()
    with wish.something_runs():
        assert not wish()
        with pytest.raises(KeyboardInterrupt):
            send(signal.SIGINT)
    assert heard == []
