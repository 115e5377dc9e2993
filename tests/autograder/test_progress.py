"""What is told while a class is graded: rate and time left, a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import TextIO

import pytest
from rich.console import Console
from rich.text import Text

from autograder.live import Frame, LiveProgress, packed
from autograder.progress import PlainProgress, Progress, Tally, about, closing, duration, is_live, speed
from autograder.report.summary import MOST_PROBLEMS, MOST_ROWS, overview
from autograder.report.table import NOT_SANDBOXED, table
from autograder.result import Result, Status
from tests.autograder.terminal import Screen

EVIL = "\x1b[2J\x07evil\r\n‮[bold]名前[/bold]\u0300"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def result(student: str = "somebody", status: Status = Status.GRADED, seconds: float = 0.5) -> Result:
    return Result(student, "04_channels", "04_channels", status, 3.0, 4.0, seconds, message="what it says")


def tally(clock: Callable[[], float], total: int = 1000) -> Tally:
    made = Tally(clock)
    made.total, made.begun = total, True
    return made


# --- rate and time left


def test_what_was_kept_is_done_but_in_no_rate(clock: Clock) -> None:
    counted = tally(clock)
    for _ in range(900):
        counted.add(result(), kept=True)
    assert (counted.done, counted.rate(), counted.seconds_left()) == (900, None, None)
    for _ in range(20):
        clock.now += 2.0
        counted.add(result(), kept=False)
    assert counted.done == 920
    assert counted.rate() == pytest.approx(0.5, rel=0.05)
    assert counted.seconds_left() == pytest.approx(80 / 0.5, rel=0.05)


def test_who_handed_nothing_in_is_in_no_rate_either(clock: Clock) -> None:
    counted = tally(clock)
    counted.begun = False
    for number in range(700):  # told before the workers begin; or later, if the gradebook was away
        counted.begun = number > 600
        counted.add(result(status=Status.MISSING, seconds=0.0), kept=False)
    for _ in range(10):
        clock.now += 1.0
        counted.add(result(seconds=1.0), kept=False)
    assert counted.done == 710
    assert counted.rate() == pytest.approx(1.0)


def test_the_start_of_the_workers_is_in_no_rate(clock: Clock) -> None:
    counted = tally(clock)
    clock.now += 30.0  # they start
    for _ in range(3):
        clock.now += 1.0
        counted.add(result(seconds=1.0), kept=False)
    assert counted.rate() == pytest.approx(1.0)


def test_the_rate_follows_the_recent_past_and_falls_while_nothing_comes(clock: Clock) -> None:
    counted = tally(clock, total=10_000)
    for seconds in (0.1, 1.0):
        for _ in range(200):
            clock.now += seconds
            counted.add(result(seconds=seconds), kept=False)
    assert counted.rate() == pytest.approx(1.0, rel=0.05)
    clock.now += 1000.0
    stalled = counted.rate()
    assert stalled is not None
    assert 0 < stalled < 0.02


def test_two_results_at_the_same_moment_promise_nothing(clock: Clock) -> None:
    counted = tally(clock)
    clock.now += 60.0
    for _ in range(2):
        counted.add(result(seconds=60.0), kept=False)
    assert counted.rate() is None
    clock.now += 60.0
    counted.add(result(seconds=60.0), kept=False)
    assert counted.rate() == pytest.approx(3 / 120)


def test_who_runs_longest_and_who_was_slowest_are_known(clock: Clock) -> None:
    counted = tally(clock)
    counted.at_work({("a", "n"): "a", ("b", "n"): "b"})
    clock.now += 5.0
    counted.at_work({("b", "n"): "b", ("c", "n"): "c"})
    clock.now += 1.0
    assert counted.running() == [("b", 6.0), ("c", 1.0)]
    counted.add(replace(result("b", seconds=6.0), notebook="n"), kept=False)
    assert counted.running() == [("c", 1.0)], "b is done, whatever the workers' loop said last"
    counted.add(result("d", seconds=2.0), kept=False)
    counted.add(result("e", seconds=99.0), kept=True)
    assert counted.slowest == ("b", 6.0), "what was kept did not take any time now"


@pytest.mark.parametrize(
    ("seconds", "exact", "guess"),
    [(0.2, "0 s", "1 s"), (8.2, "8 s", "9 s"), (41, "41 s", "45 s"), (200, "3 min 20 s", "3 min 30 s"),
     (601, "10 min", "11 min"), (3600, "1 h", "1 h"), (7519, "2 h 5 min", "2 h 10 min"),
     (90_000, "25 h", "25 h")],
)  # fmt: skip
def test_times_are_as_exact_as_a_person_wants_them(seconds: float, exact: str, guess: str) -> None:
    assert (duration(seconds), about(seconds)) == (exact, guess)


def test_a_rate_is_a_number_of_which_one_has_an_idea() -> None:
    assert [speed(rate) for rate in (23.4, 2.34, 0.5, 0.05)] == [
        "23 a second", "2.3 a second", "30 a minute", "3.0 a minute",
    ]  # fmt: skip


# --- the bar


def busy(clock: Clock) -> Tally:
    """All statuses, long ids, kept ones, someone who takes long."""
    counted = tally(clock, 120)
    for number in range(12):
        counted.add(result(f"{number}"), kept=True)
    for number in range(25):
        clock.now += 0.8
        status = list(Status)[number % len(Status)]
        counted.add(result(f"{number:02}-{EVIL}", status, 20.0 if number == 7 else 0.7), kept=False)
    counted.at_work({("x", "n"): EVIL * 9})
    clock.now += 75.0
    return counted


def test_the_bar_says_all_that_an_instructor_asks(clock: Clock) -> None:
    shown = "\n".join(line.plain for line in Frame("04_channels", busy(clock)).lines(97))
    assert "37 of 120" in shown
    assert "7.2 a minute" in shown
    assert "about 12 min left" in shown
    assert "12 kept from an earlier run" in shown
    for status in Status:
        assert f" {status}" in shown, "by words, not by colour alone"
    assert "running " in shown
    assert "1 min 15 s" in shown
    assert "slowest 07-" in shown


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("columns", [5, 12, 40, 41, 60, 80, 100, 300])
def test_no_line_of_the_bar_is_as_long_as_the_terminal_is_wide(
    clock: Clock, columns: int, ascii_only: bool
) -> None:
    counted = busy(clock)
    counted.stopping = "stopping: what runs is finished and written. Ctrl-C again ends at once."
    lines = Frame("03_cross_correlation", counted).lines(columns, ascii_only=ascii_only)
    assert len(lines) < 40
    for line in lines:
        assert line.cell_len <= columns
        assert all(character.isprintable() for character in line.plain)
        assert not ascii_only or line.plain.isascii()


def test_pieces_are_packed_into_lines_by_the_cells_that_they_take() -> None:
    words = [Text("名前"), Text("abc"), Text("a-long-word"), Text("d")]
    assert [line.plain for line in packed(words, 9, "  ")] == ["名前  abc", "a-long-word", "d"]


class Tty(io.StringIO):
    """A terminal without a size, that keeps what is written."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError


def grade_something(progress: Progress) -> None:
    with progress:
        progress.say("another process grades\x1b[31m this; waiting")
        progress.begin(3)
        progress.result(result("kept"), kept=True)
        progress.grading(2)
        progress.at_work({("a", "n"): EVIL})
        progress.result(result(EVIL))
        progress.result(result("[red]01[/red]", Status.GRADER_ERROR))


def test_problems_and_notes_stay_above_the_bar_and_the_bar_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    terminal = Tty()
    grade_something(LiveProgress("04_channels", terminal))
    screen = Screen(80)
    screen.feed(terminal.getvalue().replace("\n", "\r\n"))  # as a terminal does it
    lines = screen.text().rstrip().splitlines()
    assert lines[0] == "autograder: another process grades [31m this; waiting"
    assert lines[1:3] == ["[3/3] [red]01[/red]: grader-error, -  (0.5 s)", "  what it says"]
    assert lines[3].startswith("autograder: 3 in ")
    assert lines[3].endswith("2 graded, 1 grader-error; 1 kept from an earlier run")
    assert len(lines) == 4
    assert screen.cursor_is_shown


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    coloured = {}
    for value in ("", "1"):
        monkeypatch.setenv("NO_COLOR", value)
        monkeypatch.setenv("TERM", "xterm-256color")
        drawn = io.StringIO()
        Console(file=drawn, force_terminal=True).print(Frame("04_channels", busy(clock)))
        coloured[value] = "\x1b[32m" in drawn.getvalue() or ";32m" in drawn.getvalue()
    assert coloured == {"": True, "1": False}


def test_a_terminal_that_goes_away_stops_no_class(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(Tty):
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setenv("TERM", "xterm")
    for progress in (LiveProgress("04_channels", Gone()), PlainProgress(Gone())):
        grade_something(progress)
        assert progress.tally.done == 3


# --- elsewhere


@pytest.mark.parametrize(
    ("is_terminal", "environment", "live"),
    [
        (True, {"TERM": "xterm"}, True),
        (True, {"TERM": "xterm", "CI": "false"}, True),
        (False, {"TERM": "xterm", "FORCE_COLOR": "1", "TTY_COMPATIBLE": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {}, False),
        (True, {"TERM": "xterm", "CI": "true"}, False),
    ],
)
def test_a_bar_is_for_a_person_at_a_terminal(
    is_terminal: bool, environment: dict[str, str], live: bool
) -> None:
    stream: TextIO = Tty() if is_terminal else io.StringIO()
    assert is_live(stream, environment) == live


def test_a_log_has_a_line_for_each_new_result_and_no_control_code() -> None:
    log = io.StringIO()
    grade_something(PlainProgress(log))
    lines = log.getvalue().split("\n")
    assert lines[0] == "autograder: another process grades [31m this; waiting"
    assert lines[1] == "autograder: 1 of 3 kept from an earlier run"
    assert lines[2].startswith("[2/3]")
    assert "evil" in lines[2]
    assert lines[3:5] == ["[3/3] [red]01[/red]: grader-error, -  (0.5 s)", "  what it says"]
    assert lines[5].startswith("autograder: 3 in ")
    assert all(character.isprintable() for character in "".join(lines))


def test_quiet_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    grade_something(Progress())
    assert capfd.readouterr() == ("", "")


def test_the_closing_line_counts_each_result_once(clock: Clock) -> None:
    counted = busy(clock)
    assert closing(counted).startswith("37 in 1 min 35 s: 16 graded, 4 timeout, 4 memory, 4 crashed")


# --- a class that is larger than a screen


def large_class(size: int) -> list[Result]:
    def status(number: int) -> Status:
        return Status.INVALID if number % 4 == 1 else Status.GRADER_ERROR if number == 50 else Status.GRADED

    return [
        replace(result(f"{number:03}", status(number), seconds=number / 10), score=float(number % 5))
        for number in range(size)
    ]


def test_a_class_that_fits_a_screen_is_a_table_and_a_larger_one_if_all_rows_are_wanted() -> None:
    small, large = large_class(MOST_ROWS), large_class(MOST_ROWS + 1)
    assert overview(small, 100) == table(small, 100)
    assert overview(large, 100, whole=True) == table(large, 100)


def test_the_summary_of_a_large_class_names_the_trouble_and_where_all_rows_are() -> None:
    results = large_class(200)
    text = overview(results, 100)
    lines = text.splitlines()
    assert lines[0] == "149 graded  50 invalid  1 grader-error"
    assert lines[1] == "score: mean 2.0 of 4, median 2, lowest 0, highest 4"
    assert lines[2] == "slowest: 199 19.9 s, 198 19.8 s, 197 19.7 s"
    assert lines[6].split()[:2] == ["050", "grader-error"], "our own fault comes first"
    assert f"... and {51 - MOST_PROBLEMS} more" in lines
    assert (
        "all 200 rows: add --all-rows (nothing is graded again), or: autograder report 04_channels" in lines
    )
    assert len(lines) < 60 - MOST_PROBLEMS
    assert all(len(line) <= 100 for line in lines)
    assert NOT_SANDBOXED not in text
    assert NOT_SANDBOXED in overview([replace(r, sandboxed=False) for r in results], 100)


def test_a_large_class_without_a_score_or_a_problem_has_a_summary_too() -> None:
    nothing = [result(f"{number}", Status.MISSING) for number in range(100)]
    assert overview(nothing, 80).splitlines()[0] == "100 missing"
