"""How much faster two workers are than one: on this machine, and as two workers of a Dask scheduler.

Efficiency is the time of one worker divided by twice that of two, the start-up left out: a class is graded,
and two submissions by themselves, and only the difference counts. Target, on two cores: at least 0.85.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.grading.course import REPOSITORY, graded_by_us
from benchmarks.grading.students import students
from benchmarks.results import Results, table
from benchmarks.timing import usable_cores

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEM = "03_cross_correlation"
BLOCKS = 5
ROUNDS = 2  # each way is measured so often, every other round in the reverse order
FEW = 2
TARGET = 0.85
PATIENCE_SECONDS = 120.0
LOCAL, CLUSTER = "local", "Dask"
COUNTS = (1, 2)


@dataclass
class Measured:
    """One way with one number of workers: seconds of each round, for the class and for a few."""

    way: str
    workers: int
    submissions: int
    wall: list[float]
    few_wall: list[float]
    cpu: list[float]

    @property
    def each(self) -> float:
        """Seconds of wall clock that one more submission takes."""
        more = self.submissions - FEW
        return (sum(self.wall) - sum(self.few_wall)) / len(self.wall) / more


def main(blocks: int = BLOCKS, most: int | None = None, rounds: int = ROUNDS) -> Results:
    """Grade the same class with one worker and with two, both ways."""
    texts = {name: text for name, (_, text) in students(STEM, blocks, most).items()}
    found = [Measured(way, count, len(texts), [], [], []) for way in (LOCAL, CLUSTER) for count in COUNTS]
    with tempfile.TemporaryDirectory(prefix="grading-scaling-") as folder:
        for round_ in range(rounds):
            for one in found if round_ % 2 == 0 else reversed(found):
                print(
                    f"  {one.way}, {one.workers} workers, {len(texts)} submissions",
                    file=sys.stderr,
                    flush=True,
                )
                _measure(Path(folder) / f"{one.way}-{one.workers}-{round_}", one, texts)
    return Results(
        "grading_scaling",
        [asdict(one) | {"each": one.each} for one in found],
        text(found),
        lambda: draw(found),
        packages=("nbgrader", "distributed"),
    )


def _measure(root: Path, one: Measured, texts: dict[str, str]) -> None:
    few = dict(list(texts.items())[:FEW])
    with _workers(root / "cluster", one) as options:
        one.few_wall.append(graded_by_us(root / "few", STEM, few, *options).wall)
        took = graded_by_us(root / "class", STEM, texts, *options)
    one.wall.append(took.wall)
    one.cpu.append(took.cpu)


@contextlib.contextmanager
def _workers(folder: Path, one: Measured) -> Iterator[tuple[str, ...]]:
    """The options of `autograder grade` for these workers; a cluster runs while the block does."""
    if one.way == LOCAL:
        yield ("--workers", str(one.workers))
        return
    folder.mkdir(parents=True)
    with dask_cluster(folder, one.workers) as address:
        yield ("--scheduler", address)


@contextlib.contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[str]:
    """A scheduler and its workers, one thread each, as processes on the loopback: the address."""
    file = folder / "scheduler.json"
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(_dask(folder, "scheduler", file, "--host", "127.0.0.1", "--port", "0"))
        patience = time.monotonic() + PATIENCE_SECONDS
        while not (file.exists() and file.read_text().endswith("}")):
            if time.monotonic() > patience:
                raise TimeoutError(f"no Dask scheduler; see {folder}/scheduler.log")
            time.sleep(0.05)
        for number in range(workers):
            place = ("--local-directory", str(folder / str(number)), "--memory-limit", "0")
            started.append(_dask(folder, "worker", file, "--host", "127.0.0.1", "--nthreads", "1", *place))
        yield str(json.loads(file.read_text())["address"])
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait()


def _dask(folder: Path, kind: str, file: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dask", kind, "--scheduler-file", str(file), "--no-dashboard", *options]
    with (folder / f"{kind}.log").open("ab") as log:
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)


def efficiency(found: Sequence[Measured], way: str) -> float:
    """Of two workers: 1 if they take half the time of one."""
    one, two = (next(each for each in found if each.way == way and each.workers == count) for count in COUNTS)
    return one.each / (2 * two.each)


def text(found: Sequence[Measured]) -> str:
    """The table and the verdicts."""
    lines = [
        [
            one.way,
            str(one.workers),
            str(one.submissions),
            f"{sum(one.wall) / len(one.wall):.1f}",
            f"{sum(one.few_wall) / len(one.few_wall):.1f}",
            f"{1000 * one.each:.0f}",
        ]
        for one in found
    ]
    header = ["", "workers", "submissions", "s in all", f"s for {FEW}", "ms each"]
    verdicts = []
    for way in (LOCAL, CLUSTER):
        value = efficiency(found, way)
        met = "met" if value >= TARGET else "MISSED"
        verdicts.append(f"- {way}: efficiency of two workers {value:.2f}; target at least {TARGET}: {met}")
    return (
        f"The class of {STEM} on {usable_cores()} cores, figures drawn; mean of {len(found[0].wall)} rounds. "
        f'"ms each" is what one more submission takes.\n\n{table(header, lines)}\n\n' + "\n".join(verdicts)
    )


def draw(found: Sequence[Measured]) -> Figure:
    """Bars of milliseconds a submission, beside what two perfect workers would take."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    ax = figure.subplots()
    names = [f"{one.way}, {one.workers}" for one in found]
    bars = ax.bar(names, [1000 * one.each for one in found], color=["#9e9e9e", "#2166ac"] * 2, width=0.6)
    ax.bar_label(bars, [f"{1000 * one.each:.0f}" for one in found], fontsize=8)
    for place in (1, 3):
        half = 1000 * found[place - 1].each / 2
        ax.plot([place - 0.4, place + 0.4], [half, half], color="#d95f02", linestyle="--")
    ax.plot([], [], color="#d95f02", linestyle="--", label="half of one worker's time")
    ax.set(xlabel="workers", ylabel="ms of wall clock a submission")
    ax.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    ax.spines[["top", "right"]].set_visible(False)
    return figure
