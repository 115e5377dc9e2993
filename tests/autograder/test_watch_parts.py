"""The parts of a watch by themselves: who is next, whose a drop folder is, when something is whole."""

from __future__ import annotations

import configparser
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import foreman
from autograder.__main__ import main
from autograder.limits import Limits
from autograder.watch.crew import Worker
from autograder.watch.drop import Drop
from autograder.watch.errands import Errand, Waiting
from autograder.watch.inbound import Inbound
from autograder.watch.intake import spots_at
from autograder.watch.notices import Notices
from autograder.watch.places import Spot, is_whole
from autograder.watch.settling import QUIET_SECONDS, Settling
from autograder.watch.taking import put_back
from tests.autograder.small_course import STEM, make_course, notebook
from tests.autograder.watching import PATIENCE_SECONDS, until

REPOSITORY = Path(__file__).resolve().parents[2]
UNIT = REPOSITORY / "docs" / "watching" / "autograder-watch.service"


def errand(student: str, mark: str = "1", stem: str = STEM) -> Errand:
    path = Path("/nowhere") / student
    return Errand(Path("/course"), student, stem, "drop", path, mark, time.time(), Limits())


def every(errand: Errand) -> bool:
    return True


def test_of_a_thousand_submissions_of_one_student_the_newest_alone_waits_and_others_come_first() -> None:
    waiting = Waiting()
    waiting.add(errand("without-end", "first"))
    begun = waiting.next(frozenset(), every)
    assert begun is not None and begun.mark == "first"
    for number in range(1_000):
        waiting.add(errand("without-end", str(number)))
    for name in ("one", "two"):
        waiting.add(errand(name))
    assert len(waiting) == 3
    assert waiting.next(frozenset({"without-end"}), every).student == "one"  # type: ignore[union-attr]
    waiting.served("without-end", 0.0)
    order = [waiting.next(frozenset(), every) for _ in range(2)]
    assert [one and (one.student, one.mark) for one in order] == [("two", "1"), ("without-end", "999")]
    assert waiting.next(frozenset(), every) is None


def test_who_was_served_waits_as_long_as_their_last_work_took() -> None:
    waiting = Waiting()
    waiting.served("slow", 30.0)
    waiting.add(errand("slow"))
    assert waiting.next(frozenset(), every) is None
    waiting.add(errand("other"))
    found = waiting.next(frozenset(), every)
    assert found is not None and found.student == "other"


def test_after_a_fault_of_ours_an_errand_waits_longer_each_time_and_something_newer_takes_its_place() -> None:
    waiting, failed = Waiting(), errand("somebody", "old")
    assert [waiting.again(replace(failed, tries=tries, stem=f"{tries}")) for tries in (0, 1, 2, 9)] == [
        1,
        2,
        4,
        60,
    ]
    waiting.add(errand("somebody", "new"))
    assert waiting.again(failed) == 1.0
    found = waiting.next(frozenset(), every)
    assert found is not None and found.mark == "new"


def test_an_assignment_that_another_grader_has_keeps_nobody_elses_waiting() -> None:
    waiting = Waiting()
    waiting.add(errand("one", stem="locked"))
    waiting.add(errand("two", stem="free"))
    found = waiting.next(frozenset(), lambda one: one.stem == "free")
    assert found is not None and found.student == "two"
    assert ("one", "locked") in waiting


@pytest.mark.parametrize(
    "name, stem",
    [
        (f"{STEM}.ipynb", STEM),
        (f"{STEM} (2).ipynb", STEM),
        (f"{STEM.upper()}.ZIP", STEM),
        (STEM, STEM),
        (f"{STEM}-Copy1.ipynb", STEM),
        ("notes.txt", None),
        ("feedback", None),
        (f".{STEM}.ipynb.part", None),
        (f"my_{STEM}.ipynb", None),
    ],
)
def test_a_drop_is_known_by_its_name(tmp_path: Path, name: str, stem: str | None) -> None:
    (tmp_path / "somebody").mkdir()
    spot = Drop(tmp_path, [STEM], pytest.fail).spot_of(tmp_path / "somebody" / name)
    assert (spot.stem if spot else None) == stem


def test_of_a_new_folder_what_came_before_it_was_watched_is_found(tmp_path: Path) -> None:
    place = Drop(tmp_path, ["03_cross_correlation"], print)
    (tmp_path / "somebody").mkdir()
    (tmp_path / "somebody" / "03_cross_correlation.ipynb").write_text("{}")
    (tmp_path / "a-link").symlink_to(tmp_path / "somebody")
    spot = Spot("drop", "somebody", "03_cross_correlation", tmp_path / "somebody")
    assert list(spots_at(place, tmp_path / "somebody")) == [spot]
    assert list(spots_at(place, tmp_path / "a-link")) == []
    assert list(spots_at(place, tmp_path)) == []
    assert list(spots_at(place, tmp_path / "gone")) == []


def test_where_students_can_write_in_the_drop_folder_nobody_hands_in_as_another(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    (tmp_path / "somebody-else").mkdir()
    said: list[str] = []
    drop = Drop(tmp_path, [STEM], said.append)
    for _ in range(2):
        assert drop.spot_of(tmp_path / "somebody-else" / f"{STEM}.ipynb") is None
    assert len(said) == 1 and "must belong to the user of its name" in said[0]
    tmp_path.chmod(0o755)
    assert drop.spot_of(tmp_path / "somebody-else" / f"{STEM}.ipynb") is not None


def test_a_students_folder_that_is_a_link_or_has_a_name_of_no_student_is_not_taken(tmp_path: Path) -> None:
    root, outside = tmp_path / "drop", tmp_path / "outside"
    (root / "a*").mkdir(parents=True)
    outside.mkdir()
    (root / "link").symlink_to(outside)
    said: list[str] = []
    for student in ("a*", "link"):
        (root / student / f"{STEM}.ipynb").write_text("{}")
        assert list(Drop(root, [STEM], said.append).spots()) == []
    assert "it is no folder" in said[-1]


def test_in_the_exchange_only_ones_own_newest_submission_counts(tmp_path: Path) -> None:
    course = make_course(
        tmp_path / "course", {STEM: notebook("one_number")}, f"\nc.Exchange.root = {str(tmp_path)!r}\n"
    )
    folder = tmp_path / "convolution" / "inbound"
    me = Path.home().owner() if os.geteuid() else "root"
    for name in (
        f"{me}+{STEM}+2026-01-02 00:00:00.0 UTC+new",
        f"{me}+{STEM}+2026-01-01 00:00:00.0 UTC+old",
        f"somebody-else+{STEM}+2026-01-03 00:00:00.0 UTC+forged",
        f"{me}+other+2026-01-03 00:00:00.0 UTC+x",
        f"{me}+{STEM}+never+x",
        "no name",
    ):
        (folder / name).mkdir(parents=True)
    place = Inbound(course, [STEM], lambda stem: None)
    assert [spot.path.name[-3:] for spot in place.spots()] == ["new"]
    assert place.spot_of(folder / f"{me}+{STEM}+2026-01-01 00:00:00.0 UTC+old") is None
    (spot,) = place.spots()
    assert place.look(spot) is None, "it is empty yet"
    (spot.path / f"{STEM}.ipynb").write_text("{}")
    unfinished = place.look(spot)
    assert unfinished is not None and not unfinished.finished
    (spot.path / "submission_secret.txt").write_text("x")
    spot.path.chmod(0o777)
    finished = place.look(spot)
    assert finished is not None and finished.finished and finished.mark == spot.path.name


def test_a_file_that_was_moved_here_is_taken_at_once_and_one_that_grows_is_not(tmp_path: Path) -> None:
    (tmp_path / "somebody").mkdir()
    drop = Drop(tmp_path, [STEM], pytest.fail)
    path = tmp_path / "somebody" / f"{STEM}.ipynb"
    spot = drop.spot_of(path)
    assert spot is not None
    whole = tmp_path / "whole"
    whole.write_text("{}")
    os.utime(whole, (time.time() - 60, time.time() - 60))
    whole.rename(path)
    settling = Settling({"drop": drop})
    settling.touched(spot)
    assert [arrival.look.path for arrival in settling.settled()] == [path]
    path.write_text('{"cells": [')
    settling.touched(spot)
    end = time.monotonic() + 3 * QUIET_SECONDS
    while time.monotonic() < end:
        assert not list(settling.settled()), "half of a notebook"
        time.sleep(0.02)
    assert settling
    path.unlink()
    time.sleep(0.05)
    assert not list(settling.settled()) and not settling, "taken away again"


@pytest.mark.parametrize(
    "name, content, whole",
    [
        ("a.ipynb", b"{}", True),
        ("a.ipynb", b'{"cells": [', False),
        ("a.ipynb", b"", False),
        ("a.ipynb", b"[" * 100_000, True),
        ("a.zip", b"PK\x03\x04", False),
        ("a.txt", b"", True),
        ("a.ipynb", b"{" + b" " * 5_000_000 + b"}\n", True),
        ("a.ipynb", b"{" + b" " * 5_000_000, False),
    ],
)
def test_what_is_cut_off_is_not_whole(tmp_path: Path, name: str, content: bytes, whole: bool) -> None:
    (tmp_path / name).write_bytes(content)
    assert is_whole(tmp_path) is whole


def test_feedback_replaces_a_link_and_is_never_written_through_one(tmp_path: Path) -> None:
    home, outside = tmp_path / "somebody", tmp_path / "outside.html"
    outside.write_text("mine")
    page = tmp_path / f"{STEM}.html"
    page.write_text("page")
    folder = home / "feedback" / STEM
    folder.mkdir(parents=True)
    (folder / page.name).symlink_to(outside)
    (folder / f".{page.name}.part").symlink_to(outside)
    (folder / "old.html").write_text("of an earlier submission")
    assert put_back(home, STEM, [page], "") == folder
    assert (folder / page.name).read_text() == "page" and not (folder / page.name).is_symlink()
    assert outside.read_text() == "mine"
    assert sorted(path.name for path in folder.iterdir()) == [page.name]
    put_back(home, STEM, [], "Nothing was handed in.")
    assert [path.read_text() for path in folder.iterdir()] == ["Nothing was handed in."]
    (home / "feedback").rename(home / "moved")
    (home / "feedback").symlink_to(tmp_path)
    with pytest.raises(OSError, match="Not a directory"):
        put_back(home, STEM, [page], "")


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "options, said",
    [
        (["--drop", "nowhere"], "--drop must be a folder"),
        (["--drop", "."], "--drop must be outside of the course"),
        (["99_nothing"], "STEM must be one of"),
    ],
)
def test_what_cannot_be_watched_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    make_course(tmp_path / "course", {STEM: notebook("one_number")})
    monkeypatch.chdir(tmp_path / "course")
    assert main(["watch", *options]) == 2
    assert said in capsys.readouterr().err


def test_a_worker_that_was_killed_while_it_had_nothing_to_do_is_replaced() -> None:
    woken = queue.SimpleQueue[None]()
    worker = Worker(lambda: woken.put(None))

    def process() -> int:
        worker.begin("something", os.getpid)
        woken.get(timeout=PATIENCE_SECONDS)
        done = worker.done()
        assert done is not None
        return int(done.result())

    first = process()
    os.kill(first, signal.SIGKILL)
    until("its end", lambda: not Path(f"/proc/{first}").exists())
    assert process() != first
    worker.end(None, None, None)


def test_a_worker_whose_process_cannot_be_started_says_so_and_works_once_it_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    woken = queue.SimpleQueue[None]()
    worker = Worker(lambda: woken.put(None))

    def outcome() -> Future[int]:
        worker.begin("something", os.getppid)
        woken.get(timeout=PATIENCE_SECONDS)
        done = worker.done()
        assert done is not None
        return done

    os.kill(outcome().result(), signal.SIGKILL)  # the foreman: a new one is wanted
    monkeypatch.setattr(foreman, "PATIENCE_SECONDS", 0.1)
    multiprocessing.set_executable("/bin/false")
    try:
        worker.begin_again()
        failure = outcome().exception()
    finally:
        multiprocessing.set_executable(sys.executable)
    assert isinstance(failure, OSError)
    assert str(failure) == "the process that workers are forked from ended"
    worker.begin_again()
    assert outcome().result() > 1
    worker.end(None, None, None)


def inotify_handles() -> list[str]:
    """What this process has asked the kernel to be told of; a handle may be closed meanwhile."""
    handles = [os.path.realpath(path) for path in Path("/proc/self/fd").iterdir()]
    return [handle for handle in handles if "inotify" in handle]


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which handles there are")
def test_with_poll_an_arrival_is_seen_though_the_kernel_is_asked_for_no_word(tmp_path: Path) -> None:
    heard: queue.SimpleQueue[list[Path]] = queue.SimpleQueue()
    begun = threading.Event()
    (tmp_path / "somebody").mkdir()
    before = inotify_handles()
    notices = Notices(lambda _, paths: heard.put(paths), lambda _: begun.set(), pytest.fail, 0.05)
    notices.begin(Drop(tmp_path, [STEM], pytest.fail))
    try:
        assert begun.wait(60), "what came before is looked through"
        assert inotify_handles() == before
        path = tmp_path / "somebody" / f"{STEM}.ipynb"
        path.write_text("{}")
        while path not in heard.get(timeout=60):
            pass
    finally:
        notices.end()


def test_poll_takes_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in ("0", "-1", "nan", "x"):
        with pytest.raises(SystemExit):
            main(["watch", "--poll", wrong])
        assert "must be a number of seconds" in capsys.readouterr().err


def test_the_unit_for_systemd_calls_a_command_that_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(UNIT.read_text(encoding="utf-8"))
    service = unit["Service"]
    program, *arguments = service["ExecStart"].split()
    assert program.endswith("/bin/python") and arguments[:3] == ["-m", "autograder", "watch"]
    with pytest.raises(SystemExit) as ended:
        main([*arguments[2:], "--help"])  # parsed with all its options
    assert ended.value.code == 0
    assert service["User"] != "root"
    assert int(service["TimeoutStopSec"]) > 7
    assert service["SuccessExitStatus"] == "143"
    assert unit["Install"]["WantedBy"] == "multi-user.target"
