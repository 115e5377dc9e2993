"""TRUSTED: tries whether this machine can grade, by doing it, and says what to do where it cannot.

Every limit is passed and every promise of isolation is attacked, in the real jail, in some seconds.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from autograder import isolation_trials, limit_trials
from autograder.course import Course
from autograder.limits import SIZES, Limits
from autograder.sandbox.trusted.jail import Jail, SandboxError, bubblewrap, require_sandbox
from autograder.sandbox.trusted.session import SubmissionEnded
from coursekit.checks.outcome import Returned
from coursekit.errors import CourseError

STEPS = ("source", "release", "submitted", "autograded", "feedback")
FREE_BYTES = 1024**3  # of disk; a class of 300 takes some hundred megabytes
HEADINGS = {
    isolation_trials.SEES: "What a submission sees: it cannot",
    isolation_trials.CHANGES: "What it changes: it cannot",
    isolation_trials.REACHES: "What it reaches: it cannot",
    isolation_trials.GAINS: "What rights it has: it cannot",
    isolation_trials.EARLIER: "What is left for the next submission: that one cannot",
}


class Examination:
    """Tells each finding as one line and remembers the problems."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.problems: list[str] = []

    def heading(self, text: str) -> None:
        """Begin a group of findings."""
        self.say(f"\n{text}")

    def good(self, text: str) -> None:
        """Tell what was tried and held."""
        self.say(f"  ok       {text}")

    def problem(self, text: str) -> None:
        """Tell what did not hold, and what to do."""
        self.problems.append(text)
        self.say("\n           ".join(f"  PROBLEM  {text}".splitlines()))


def examine_machine(
    say: Callable[[str], None], course: Course | None = None, scheduler: str | None = None
) -> list[str]:
    """Try everything that grading rests on; tell each finding through `say`; the problems found.

    With `course` its limits are shown, and its folders and gradebook are tried too; with `scheduler` the
    workers of that Dask scheduler.
    """
    findings = Examination(say)
    say("Machine")
    findings.good(f"{platform.system()} {platform.release()} on {platform.machine()}, {_versions()}")
    limits = Limits()
    if course is not None:
        limits = examine_course(findings, course)
    findings.heading("Sandbox")
    try:
        findings.good(f"bubblewrap {_bubblewrap_version()}")
        require_sandbox()
        with Jail(hidden=[course.root] if course else ()) as jail:
            _examine_jail(findings, jail, limits)
    except (SandboxError, SubmissionEnded) as error:
        findings.problem(str(error))
    if scheduler is not None:
        _examine_cluster(findings, scheduler, course)
    count = len(findings.problems)
    say(f"\n{_verdict(count)}")
    return findings.problems


def _examine_cluster(findings: Examination, scheduler: str, course: Course | None) -> None:
    from autograder.cluster import examine_workers

    findings.heading(f"Workers of the Dask scheduler {scheduler}")
    try:
        found = examine_workers(scheduler, course.root if course else None)
    except CourseError as error:
        findings.problem(str(error))
        return
    for worker, why in sorted(found.items()):
        if why:
            findings.problem(f"{worker} cannot grade: {why}")
        else:
            findings.good(f"{worker} can grade")
    if not found:
        findings.problem("there are none. Start some: docs/cluster.md tells how.")


def _verdict(problems: int) -> str:
    if not problems:
        return "This machine can grade."
    return f"This machine must not grade before {'that is' if problems == 1 else 'these are'} mended."


def _versions() -> str:
    return f"Python {sys.version.split()[0]}, NumPy {np.__version__}"


def _bubblewrap_version() -> str:
    path = bubblewrap()
    done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False)
    return f"{done.stdout.split()[-1] if done.stdout.split() else '(no version)'}: {path}"


def _examine_jail(findings: Examination, jail: Jail, limits: Limits) -> None:
    started = time.monotonic()
    jail.start()
    findings.good(f"fork server ready after {time.monotonic() - started:.1f} s")
    _ask_a_question(findings, jail)
    findings.heading("Limits: each was made small, then passed; shown are those that hold")
    for trial in limit_trials.TRIALS:
        shown, amount = trial.run(jail, trial.over), readable(trial.limit, asdict(limits)[trial.limit])
        if trial.holds(shown):
            findings.good(f"{trial.limit:<21}{amount:>10}   {trial.outcome}")
        else:
            findings.problem(f"{trial.limit} is not held: over it the trial showed {_short(shown)}")
    group = ""
    for attempt in isolation_trials.TRIALS:
        if attempt.group != group:
            group = attempt.group
            findings.heading(HEADINGS[group])
        shown = attempt.run(jail)
        if shown == "True":
            findings.good(attempt.attempt)
        else:
            findings.problem(f"it can {attempt.attempt}, or the trial failed: {_short(shown)}")
    _compare_random_numbers(findings, jail)


def _ask_a_question(findings: Examination, jail: Jail) -> None:
    begun = time.monotonic()
    with jail.session() as session:
        session.run_cell("def double(values):\n    return 2 * values")
        ready = time.monotonic()
        outcome = session.ask("double", [np.arange(3)])
        asked = time.monotonic()
    if isinstance(outcome, Returned) and np.array_equal(np.asarray(outcome.value), [0, 2, 4]):
        times = f"{1000 * (ready - begun):.0f} ms, a question is answered in {1000 * (asked - ready):.1f} ms"
        findings.good(f"a submission starts in {times}")
    else:
        findings.problem(f"a question was not answered: {outcome}")


def _compare_random_numbers(findings: Examination, jail: Jail) -> None:
    first, second = (isolation_trials.random_numbers(jail) for _ in range(2))
    if set(first) & set(second):
        findings.problem(f"two submissions drew the same random numbers: {first}")
    else:
        findings.good("draw the same random numbers")


def examine_course(findings: Examination, course: Course) -> Limits:
    """Try the course's folders and gradebook; its limits, or the usual ones if they cannot be read."""
    from autograder.database import require_gradebook
    from autograder.files import StorageError, require_writable

    findings.heading(f"Course {course.root}")
    limits = Limits()
    try:
        limits = course.limits
        stems = course.stems()
        findings.good(
            f"{len(stems)} assignments, {stems[0]} to {stems[-1]}" if stems else "no assignment yet"
        )
    except CourseError as error:
        findings.problem(str(error))
    for step in STEPS[1:]:
        folder = course.folder(step, "any-assignment", "any-student")
        try:
            require_writable(folder)
            findings.good(f"{step:<12}can be written")
        except StorageError as error:
            findings.problem(f"{error}. Give this user the right to write there.")
    _look_at_the_disk(findings, course)
    try:
        require_gradebook(course)
        findings.good("gradebook   opens and takes a write (which was rolled back)")
    except StorageError as error:
        findings.problem(str(error))
    return limits


def _look_at_the_disk(findings: Examination, course: Course) -> None:
    free = shutil.disk_usage(course.root).free
    if free < FREE_BYTES:
        findings.problem(f"only {free / 1024**2:.0f} MiB of disk are free in {course.root}: 1 GiB should be.")
    else:
        findings.good(f"disk        {free / 1024**3:.0f} GiB free")


def readable(name: str, value: float) -> str:
    """A limit with its unit: "5 s", "64 MiB", "32"."""
    if name.endswith("_seconds"):
        return f"{value:g} s"
    if name.endswith("_bytes"):
        unit = max((unit for unit in SIZES if value >= SIZES[unit]), key=SIZES.__getitem__)
        return f"{value / SIZES[unit]:g} {unit or 'bytes'}"
    return f"{value:,g}"


def _short(shown: str) -> str:
    text = " ".join(shown.split())
    return repr(text if len(text) <= 200 else f"{text[:100]} ... {text[-90:]}")
