"""Where the time of a submission goes: the grader's own code in one process, with a clock around its parts.

    python -m benchmarks.grading.spans COURSE STEM feedback|none

A part's time is its own: what a part inside it takes is not counted twice. While the trusted side waits for
the jail its wall clock is the jail's work, so the machine must be quiet. Prints one JSON object.
"""

from __future__ import annotations

import functools
import importlib
import json
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from benchmarks.measured import MEBIBYTE

# Each part, and the functions that are it: module, name.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "read, repair": tuple(
        ("autograder.grade_one", name)
        for name in ("submission_digest", "look_into", "choose", "repair", "extra_files")
    ),
    "fork, isolation, end": (("autograder.sandbox.trusted.jail", "Jail._request"),),
    "cells": (("autograder.sandbox.trusted.session", "Session.run_cell"),),
    "questions": (("autograder.sandbox.trusted.session", "Session.put"),),
    "draw questions, judge": (("autograder.run", "judge"),),
    "conversion": (
        ("autograder.run", "add_hints"),
        ("autograder.run", "_show_reports"),
        ("autograder.grade_one", "_result"),
    ),
    "files": tuple(("autograder.store", name) for name in ("write_whole", "remove_file", "keep_receipts")),
    "gradebook": (("autograder.gradebook", "GradebookWriter.write"),),
}
OTHER = "the rest"
LOOKED_AT = 10  # submissions whose memory is looked at, after all others were timed


class Clock:
    """Adds up wall clock and processor time of the part that runs now."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = dict.fromkeys((*PARTS, OTHER), 0.0)
        self.cpu = dict(self.wall)
        self.calls = dict.fromkeys(self.wall, 0)
        self._inside = [OTHER]
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def lap(self) -> None:
        """Give the time since the last lap to the part that runs."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.wall[self._inside[-1]] += wall - self._wall
        self.cpu[self._inside[-1]] += cpu - self._cpu
        self._wall, self._cpu = wall, cpu

    def around(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function` as `part`."""

        @functools.wraps(function)
        def timed(*arguments: Any, **options: Any) -> Any:
            self.lap()
            self._inside.append(part)
            self.calls[part] += 1
            try:
                return function(*arguments, **options)
            finally:
                self.lap()
                self._inside.pop()

        return timed

    def wrap(self) -> None:
        """Put this clock around every part, in this process."""
        for part, places in PARTS.items():
            for module, name in places:
                owner: Any = importlib.import_module(module)
                *outer, last = name.split(".")
                for step in outer:
                    owner = getattr(owner, step)
                setattr(owner, last, self.around(part, getattr(owner, last)))


def jailed_seconds() -> tuple[float, float]:
    """Processor time of this process's fork servers: their own, and that of what they forked and saw end."""
    own = forked = 0.0
    for process in psutil.Process().children(recursive=True):
        used = process.cpu_times()
        own += used.user + used.system
        forked += used.children_user + used.children_system
    return own, forked


def shared(grade: Callable[[], object]) -> dict[str, float]:
    """MiB of a submission when it has ended, means over those that `grade` grades: resident, and its own."""
    from autograder.sandbox.trusted.jail import Jail

    seen: list[dict[str, int]] = []
    jails: Any = Jail
    stop = jails._stop

    def look_and_stop(jail: Jail, session: Any) -> None:
        if not session.gone:
            seen.append(jail.sharing())
        stop(jail, session)

    jails._stop = look_and_stop
    try:
        grade()
    finally:
        jails._stop = stop
    return {name: sum(one[name] for one in seen) / len(seen) / MEBIBYTE for name in ("resident", "own")}


def profile(root: Path, stem: str, figures: bool) -> dict[str, Any]:
    """Grade the class at `root` in this process, one after the other; milliseconds a submission, by part."""
    from autograder.assignment import basis, load_assignment
    from autograder.course import Course
    from autograder.grade import release_if_needed
    from autograder.grade_one import Job, grade_one, new_run
    from autograder.gradebook import GradebookWriter
    from autograder.jails import close_jails
    from autograder.store import Store

    clock = Clock()
    clock.wrap()
    course = Course(root)
    assignment = load_assignment(course, stem)
    with GradebookWriter(course) as writer:
        release_if_needed(course, stem, assignment, writer)
        store, seed = Store(course, assignment, writer), secrets.randbits(64)
        common = (seed, course.limits, basis(assignment[stem], course.limits), True, figures, new_run())
        jobs = [Job(root, one, stem, stem, *common) for one in course.students_with_a_submission(stem)]
        grade_one(jobs[0])  # the fork server starts
        before = Clock()
        clock.__dict__.update(before.__dict__)
        each = 1000 / len(jobs)
        jailed, started = jailed_seconds(), time.perf_counter()
        statuses = [str(result.status) for job in jobs for result in store.put(grade_one(job))]
        clock.lap()
        wall = time.perf_counter() - started
        used = [after - earlier for earlier, after in zip(jailed, jailed_seconds(), strict=True)]
        took = {
            part: {
                "wall": each * clock.wall[part],
                "cpu": each * clock.cpu[part],
                "calls": clock.calls[part] / len(jobs),
            }
            for part in clock.wall
        }  # before the look at the memory, which grades some again
        sharing = shared(lambda: [grade_one(job) for job in jobs[:LOOKED_AT]])
    close_jails()
    return {
        "stem": stem,
        "submissions": len(jobs),
        "graded": statuses.count("graded"),
        "wall": each * wall,
        "fork_server_cpu": each * used[0],
        "jailed_cpu": each * used[1],
        "sharing": sharing,
        "parts": took,
    }


if __name__ == "__main__":
    print(json.dumps(profile(Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "feedback")))
