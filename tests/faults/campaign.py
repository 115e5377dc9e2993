"""Kills real graders, again and again, and audits what is left after each kill."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from autograder.course import Course
from autograder.grade import grade_class
from autograder.lock import NAME
from autograder.sample_class.build import STEM
from tests.faults.audit import Auditor, Process, family, kind_of, left_outside, wait_until_gone
from tests.faults.classroom import lay_out_class
from tests.faults.tracing import Tracer
from tests.signals import heed_ctrl_c

REPOSITORY = Path(__file__).resolve().parents[2]
RUN_SECONDS = 300.0  # patience with one run, on a busy machine
# where a grader is killed -9: (phase, how often, the most calls of a phase that are let pass)
WRITING = {"notebook": 14, "gradebook": 26, "record": 12}
MAKING = {"making the gradebook": 300, "release": 12}
OTHERS = ("a foreman", "a worker", "a bubblewrap", "a fork server", "a submission")
SIGNALS = {"SIGTERM": signal.SIGTERM, "Ctrl-C": signal.SIGINT, "Ctrl-C twice": signal.SIGINT}
KINDS = {"start-up": 25, "grading": 20, "writing": 43, "other process": 7} | dict.fromkeys(SIGNALS, 3)


@dataclass
class Figures:
    """What a campaign did."""

    kills: Counter[str] = field(default_factory=Counter)  # of the grader with SIGKILL, by phase
    others: Counter[str] = field(default_factory=Counter)  # of other processes, and other signals
    calls: Counter[str] = field(default_factory=Counter)  # the calls before which it was killed
    windows: Counter[str] = field(default_factory=Counter)  # what kills left half way
    runs: int = 0
    classes: int = 0
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Take in the figures of another campaign that ran beside this one."""
        for name in ("kills", "others", "calls", "windows"):
            getattr(self, name).update(getattr(other, name))
        self.runs, self.classes = self.runs + other.runs, self.classes + other.classes
        self.seconds = max(self.seconds, other.seconds)
        self.violations += other.violations


def phase_of(root: Path) -> Callable[[str], str | None]:
    """Which phase a path belongs to. The gradebook is being made until the first notebook is written."""
    begun = False

    def phase(path: str) -> str | None:
        nonlocal begun
        if not path.startswith(str(root)):
            return None
        begun = begun or "/autograded/" in path
        if "/autograded/" in path:
            return "notebook"
        if "/results/" in path:
            return "record"
        if "gradebook.db" in path:
            return "gradebook" if begun else "making the gradebook"
        return "release" if "/exercises/" in path or ".releasing" in path else None

    return phase


@dataclass
class Grader:
    """One `autograder grade` as it is typed, and its descendants."""

    course: Course
    workers: int
    mark: str = field(default_factory=lambda: f"GRADER_UNDER_TEST={secrets.token_hex(8)}")

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "autograder", "grade", STEM, "--course-dir", str(self.course.root)]
        quick = {"PYTHONPATH": str(Path(__file__).with_name("quick")), "PYTHONDONTWRITEBYTECODE": "1"}
        self.said = self.course.root.with_suffix(".stderr")
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [*command, "--workers", str(self.workers)], cwd=REPOSITORY,
                env=os.environ | quick | dict([self.mark.split("=")]),
                stdout=subprocess.DEVNULL, stderr=said, preexec_fn=heed_ctrl_c,
            )  # fmt: skip
        self.kin: set[Process] = set()

    def results(self) -> int:
        """How many results it has told of."""
        return self.said.read_text(errors="replace").count("] ")

    def look(self) -> dict[int, list[Process]]:
        """Its descendants now; they are remembered."""
        found = family(self.process.pid)
        self.kin |= {process for generation in found.values() for process in generation}
        return found

    def kin_of_kind(self, kind: str) -> list[Process]:
        """Its descendants of a kind that `kind_of` names."""
        return [p for generation in self.look().values() for p in generation if kind_of(p) == kind]

    def wait_for(self, ready: Callable[[], object]) -> bool:
        """Wait until `ready`; False if the grader ends before."""
        patience = time.monotonic() + RUN_SECONDS
        while self.process.poll() is None and time.monotonic() < patience:
            if ready():
                return True
            time.sleep(0.01)
        return False

    def kill(self, number: int = signal.SIGKILL, then: float | None = None) -> bool:
        """Send a signal, again after `then` seconds, and wait for the end; False if it had ended before."""
        if self.process.poll() is not None:
            return False
        self.look()
        self.process.send_signal(number)
        if then is not None:
            time.sleep(then)
            self.process.send_signal(number)
        self.process.wait(RUN_SECONDS)
        return True


@dataclass
class Campaign:
    """Kills graders of one class after another until there were enough kills."""

    folder: Path
    reference: Course
    seed: int
    copies: int = 1
    only: tuple[str, ...] = ()
    say: Callable[[str], None] = print
    figures: Figures = field(default_factory=Figures)
    start_up: float = 6.0  # seconds until it grades, as seen lately

    def run(self, kills: int) -> Figures:
        """Kill graders `kills` times with SIGKILL, and then let the last class be completed."""
        self.random = random.Random(self.seed)
        started = time.monotonic()
        self.auditor = Auditor(self.reference)
        while sum(self.figures.kills.values()) < kills and not self.figures.violations:
            self._class(kills)
        self.figures.windows = self.auditor.windows
        self.figures.seconds = time.monotonic() - started
        return self.figures

    def _class(self, kills: int) -> None:
        """Grade one class, with kills, until it is complete."""
        number = self.figures.classes
        self.course = lay_out_class(self.folder / f"class-{number}", self.copies, self.only)
        self.auditor.begin()
        self.left: list[Path] = []
        complete = False
        try:
            while not complete:
                enough = sum(self.figures.kills.values()) >= kills
                complete = self._one_run("none" if enough else self._draw(KINDS))
            self.auditor.when_complete(self.course)
            assert [path for path in self.left if path.exists()] == [], "control groups are left for ever"
        except (AssertionError, ValueError, KeyError) as error:
            self.figures.violations.append(f"seed {self.seed}, run {self.figures.runs}: {error}")
        self.figures.classes += 1
        shutil.rmtree(self.course.root)

    def _draw(self, weights: dict[str, int]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def _one_run(self, kind: str) -> bool:
        """Start a grader and do to it what `kind` says. True if it completed the class all the same."""
        self.figures.runs += 1
        grader = Grader(self.course, self.random.choice([1, 2]))
        number = SIGNALS.get(kind, signal.SIGKILL)
        if kind == "writing":
            done = self._before_a_call(grader)
        elif kind == "other process":
            done = self._another(grader)
        elif kind == "none":
            done = None
        else:
            done = self._at_random(grader, kind, number)
        grader.process.wait(RUN_SECONDS)
        if done is not None and number == signal.SIGKILL and kind != "other process":
            self.figures.kills[done] += 1
        elif done is not None:
            self.figures.others[done] += 1
        code = grader.process.returncode
        assert code in (0, 3, -signal.SIGKILL, -number, 128 + number), (
            f"exit {code}: {grader.said.read_text()}"
        )
        wait_until_gone(list(grader.kin), grader.mark)
        self.left += left_outside(list(grader.kin))
        self.auditor.after_a_kill(self.course)
        self.say(f"{sum(self.figures.kills.values()):4} kills; {kind}: {done or 'it was done before'}")
        return code == 0

    def _at_random(self, grader: Grader, kind: str, number: int) -> str | None:
        """At a random moment: of the first seconds, or after a random result."""
        if kind == "start-up":
            time.sleep(self.random.uniform(0.0, self.start_up))
            phase = "start-up" if grader.results() == 0 else "grading"
        else:
            results = self.random.randint(0, 2)
            started = time.monotonic()
            if not grader.wait_for(
                lambda: grader.kin_of_kind("a fork server") and grader.results() >= results
            ):
                return None
            self.start_up = (self.start_up + time.monotonic() - started) / 2
            time.sleep(self.random.uniform(0.0, 1.0))
            phase = "grading"
        name = phase if number == signal.SIGKILL else kind
        then = self.random.uniform(0.0, 1.0) if kind == "Ctrl-C twice" else None
        return name if grader.kill(number, then) else None

    def _before_a_call(self, grader: Grader) -> str | None:
        """Just before a random one of the calls by which it writes."""
        fresh = not list((self.course.reports(STEM)).glob("results/*/*.json"))
        phases = WRITING | MAKING if fresh else WRITING
        phase = self.random.choice(list(phases))
        lock = self.course.reports(STEM) / NAME
        if not grader.wait_for(lambda: lock.exists() and str(grader.process.pid) in lock.read_text()):
            return None
        tracer = Tracer(grader.process.pid, phase_of(self.course.root), before_kill=grader.look)
        call = tracer.kill_before(phase, self.random.randint(1, phases[phase]))
        grader.process.returncode = os.waitstatus_to_exitcode(tracer.status)  # it was reaped there
        if call is None:
            return None
        self.figures.calls[call] += 1
        return phase

    def _another(self, grader: Grader) -> str | None:
        """Another process of it: the run goes on."""
        kind = self.random.choice(OTHERS)
        if not grader.wait_for(lambda: grader.kin_of_kind(kind)):
            return None
        time.sleep(self.random.uniform(0.0, 0.5))
        if not grader.wait_for(lambda: grader.kin_of_kind(kind)):  # that one may be gone
            return None
        with suppress(ProcessLookupError, IndexError):
            os.kill(self.random.choice(grader.kin_of_kind(kind)).pid, signal.SIGKILL)
            return kind
        return None


def graded_without_a_fault(root: Path, copies: int = 1, only: tuple[str, ...] = ()) -> Course:
    """The reference: the same class, left alone."""
    reference = lay_out_class(root, copies, only)
    grade_class(reference, STEM)
    return reference


def run_share(folder: Path, reference: Path, seed: int, copies: int, kills: int) -> Figures:
    """One of several campaigns side by side."""
    folder.mkdir()
    say = partial(print, flush=True)
    return Campaign(folder, Course(reference), seed, copies, say=say).run(kills)
