"""How long a student waits for feedback from `autograder watch`: one after the other, and all at once.

A submission arrives when its notebook is in the drop folder under its name; its feedback is there when the
page is. Target on an idle machine: 95 of 100 that come one after the other have it within two seconds.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.grading.course import OURS, REPOSITORY, lay_out
from benchmarks.grading.report import quantile
from benchmarks.grading.students import students
from benchmarks.results import Results, table, verdict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEM = "03_cross_correlation"
ALONE, BURST = 40, 20  # submissions one after the other, and at once
BURSTS = 2
PATIENCE_SECONDS = 180.0
TARGET_SECONDS = 2.0
NOT_YET = 0.02  # seconds between two looks


@dataclass(frozen=True)
class Waited:
    """How submissions came, and the seconds that each waited."""

    how: str
    seconds: tuple[float, ...]


def main(alone: int = ALONE, burst: int = BURST, bursts: int = BURSTS) -> Results:
    """Watch a drop folder, and hand in."""
    wanted = alone + burst * bursts
    blocks = -(-wanted // len(students(STEM, 1)))
    texts = {name: text for name, (_, text) in students(STEM, blocks).items()}
    names = list(texts)[:wanted]
    with tempfile.TemporaryDirectory(prefix="watching-") as folder:
        root, drop = lay_out(Path(folder) / "course", STEM, OURS.read_text(), {}), Path(folder) / "drop"
        drop.mkdir()
        with watcher(root, drop):
            one_by_one = [_together(drop, texts, [name])[0] for name in names[:alone]]
            at_once: list[float] = []
            for number in range(bursts):
                first = alone + number * burst
                at_once += _together(drop, texts, names[first : first + burst])
    found = [
        Waited("one after the other", tuple(one_by_one)),
        Waited(f"{burst} at once", tuple(at_once)),
    ]
    return Results(
        "watching",
        [asdict(one) for one in found],
        text(found),
        lambda: draw(found),
        packages=("nbgrader", "watchfiles"),
    )


@contextlib.contextmanager
def watcher(root: Path, drop: Path) -> Iterator[None]:
    """A real `autograder watch` of `drop`, once it has loaded everything; ended with the block."""
    log = root.parent / "watch.log"
    command = [sys.executable, "-m", "autograder", "watch", STEM, "--course-dir", str(root)]
    command += ["--drop", str(drop), "--workers", "2"]
    with log.open("wb") as told:
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
        process = subprocess.Popen(command, env=environment, cwd=root, stdout=told, stderr=told)
    try:
        patience = time.monotonic() + PATIENCE_SECONDS
        while "ready:" not in log.read_text(errors="replace"):
            if process.poll() is not None or time.monotonic() > patience:
                raise RuntimeError(f"autograder watch did not begin:\n{log.read_text(errors='replace')}")
            time.sleep(NOT_YET)
        yield
    finally:
        process.terminate()
        process.wait()


def _together(drop: Path, texts: Mapping[str, str], names: Sequence[str]) -> list[float]:
    """Hand in for all of them at once; the seconds that each waited."""
    arrived, pages = {}, {}
    for name in names:
        (drop / name).mkdir()
        part = drop / f".{name}.part"
        part.write_text(texts[name], encoding="utf-8")
        pages[name] = drop / name / "feedback" / STEM / f"{STEM}.html"
        arrived[name] = time.time()
        part.rename(drop / name / f"{STEM}.ipynb")
    patience = time.monotonic() + PATIENCE_SECONDS
    while not all(page.exists() for page in pages.values()):
        if time.monotonic() > patience:
            late = [name for name, page in pages.items() if not page.exists()]
            raise TimeoutError(f"no feedback within {PATIENCE_SECONDS:g} s for {', '.join(late)}")
        time.sleep(NOT_YET)
    # the page is written whole under another name, and named just after its last change
    return [pages[name].stat().st_mtime - arrived[name] for name in names]


def text(found: Sequence[Waited]) -> str:
    """The table and the verdict."""
    lines = [
        [
            one.how,
            str(len(one.seconds)),
            *(f"{quantile(one.seconds, share):.2f}" for share in (0.5, 0.95, 1)),
        ]
        for one in found
    ]
    header = ["seconds from arrival to feedback", "submissions", "p50", "p95", "longest"]
    told = verdict("one after the other, p95", quantile(found[0].seconds, 0.95), TARGET_SECONDS)
    return f"{table(header, lines)}\n\n{told}"


def draw(found: Sequence[Waited]) -> Figure:
    """The share of submissions that have their feedback after so many seconds."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 3.8), layout="constrained")
    ax = figure.subplots()
    for one, colour in zip(found, ("#2166ac", "#d95f02"), strict=True):
        ax.ecdf(one.seconds, color=colour, label=one.how)
    ax.axvline(TARGET_SECONDS, color="#9e9e9e", linestyle="--", linewidth=0.9)
    ax.axhline(0.95, color="#9e9e9e", linestyle="--", linewidth=0.9)
    ax.set(xlabel="seconds from arrival to feedback", ylabel="share of the submissions", xlim=(0, None))
    ax.legend(frameon=False, fontsize=8, loc="lower right")
    ax.spines[["top", "right"]].set_visible(False)
    return figure
