"""How grading grows: time, memory and the gradebook, from ten submissions to ten thousand."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from benchmarks.grading.course import OURS
from benchmarks.grading.students import solution_answers
from benchmarks.growth.sweeps import slope
from benchmarks.measured import MEBIBYTE, Took, run
from benchmarks.results import Results, table, verdict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZES = (10, 100, 1_000, 10_000)
MOST_SECONDS = 240.0  # of feedback, which is left out where the size before says that it takes longer
RESUMED = 1_000  # the class of which nine tenths are graded
PARENT_MEBIBYTES = 300.0
STEM, FROM, TASK = "growth", "03_cross_correlation", "correlate1d"
SLIP = ("kernel[k]", "kernel[-1 - k]")  # every third student flips the kernel
HEADING = "# One task"
IMPORTS = "import numpy as np\n\nfrom coursekit import check"


@dataclass(frozen=True)
class Grown:
    """One size: seconds of wall and processor time of each command, and MiB of its first process.

    `again` is the same command when everything is graded; `gradebook` is in bytes.
    """

    submissions: int
    grade: Took
    again: Took
    report: Took
    feedback: Took | None
    gradebook: int


@dataclass(frozen=True)
class Resumed:
    """Nine tenths, then the rest: seconds of each run."""

    submissions: int
    first: float
    rest: float


def main(largest: int = SIZES[-1], resumed: int = RESUMED, workers: int = 2) -> Results:
    """Grade classes of growing size, up to `largest` submissions."""
    sizes = [size for size in SIZES if size <= largest]
    if len(sizes) < 2:
        raise ValueError(f"--max must be at least {SIZES[1]}, for a slope; got {largest}")
    with tempfile.TemporaryDirectory(prefix="grading-growth-") as folder:
        grown: list[Grown] = []
        for size in sizes:
            pages = not grown or _pages_seconds(grown[-1], size) <= MOST_SECONDS
            grown.append(_grown(Path(folder) / str(size), size, workers, pages))
        again = _resumed(Path(folder) / "resumed", min(resumed, largest), workers)
    measurements = [*map(asdict, grown), asdict(again)]
    return Results(
        "grading_growth", measurements, text(grown, again), lambda: draw(grown), packages=("nbgrader",)
    )


def _notebook(answer: str) -> str:
    """A released notebook of one task, with this answer."""
    cells = [
        nbformat.v4.new_markdown_cell(HEADING, id="heading"),
        nbformat.v4.new_code_cell(IMPORTS, id="imports"),
        _tagged(f"{TASK}-answer", answer, grade=False, solution=True),
        _tagged(f"{TASK}-check", f"check({TASK})", grade=True, solution=False, points=2),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return str(nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})))


def _tagged(grade_id: str, source: str, **settings: object) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, id=grade_id)
    locked = {"locked": not settings["solution"], "schema_version": 3, "task": False}
    cell.metadata["nbgrader"] = nbformat.from_dict({"grade_id": grade_id} | locked | settings)
    return cell


def lay_out(root: Path, students: Sequence[int]) -> Path:
    """A course of one small task; every third of the students flips the kernel."""
    answer = solution_answers(FROM)[f"{TASK}-answer"]
    begin = answer.index("    places")
    stub = f"{answer[:begin]}    ### BEGIN SOLUTION\n{answer[begin:]}\n    ### END SOLUTION"
    source = root / "solutions" / STEM
    source.mkdir(parents=True)
    (source / f"{STEM}.ipynb").write_text(_notebook(stub), encoding="utf-8")
    (root / "nbgrader_config.py").write_text(OURS.read_text(encoding="utf-8"), encoding="utf-8")
    hand_in(root, students)
    return root


def hand_in(root: Path, students: Sequence[int]) -> None:
    """The work of these students, by number."""
    answer = solution_answers(FROM)[f"{TASK}-answer"]
    for number in students:
        folder = root / "submitted" / f"s{number:06}" / STEM
        folder.mkdir(parents=True)
        own = answer if number % 3 else answer.replace(*SLIP)
        (folder / f"{STEM}.ipynb").write_text(_notebook(f"{own}\n# s{number:06}"), encoding="utf-8")


def _command(root: Path, *words: str) -> Took:
    return run(root, [sys.executable, "-m", "autograder", *words])


def _grade(root: Path, workers: int) -> Took:
    return _command(root, "grade", STEM, "--quiet", "--workers", str(workers))


def _pages_seconds(before: Grown, size: int) -> float:
    """How long the feedback of `size` submissions takes at most, judging by a smaller class."""
    return before.feedback.wall * size / before.submissions if before.feedback else float("inf")


def _grown(root: Path, size: int, workers: int, pages: bool) -> Grown:
    print(f"  {size} submissions", file=sys.stderr, flush=True)
    lay_out(root, range(size))
    grade = _grade(root, workers)
    again = _grade(root, workers)
    report = _command(root, "report", STEM)
    feedback = _command(root, "feedback", STEM) if pages else None
    gradebook = (root / "gradebook.db").stat().st_size
    shutil.rmtree(root)
    return Grown(size, grade, again, report, feedback, gradebook)


def _resumed(root: Path, size: int, workers: int) -> Resumed:
    print(f"  {size} submissions, of which nine tenths are graded", file=sys.stderr, flush=True)
    first = size * 9 // 10
    lay_out(root, range(first))
    took = _grade(root, workers)
    hand_in(root, range(first, size))
    rest = _grade(root, workers)
    return Resumed(size, took.wall, rest.wall)


def each(grown: Sequence[Grown], value: Callable[[Grown], float]) -> float:
    """What one more submission costs: the difference of the two largest sizes, by submission."""
    small, large = grown[-2:]
    return (value(large) - value(small)) / (large.submissions - small.submissions)


def text(grown: Sequence[Grown], resumed: Resumed) -> str:
    """The tables, and what a million would cost."""
    lines = [
        [
            f"{one.submissions:,}",
            f"{one.grade.wall:.1f}",
            f"{one.grade.cpu:.1f}",
            f"{one.again.wall:.1f}",
            f"{one.report.wall:.1f}",
            f"{one.feedback.wall:.1f}" if one.feedback else "",
            f"{one.gradebook / MEBIBYTE:.1f}",
        ]
        for one in grown
    ]
    header = ["submissions", "grade, s", "CPU s", "again, s", "report, s", "feedback, s", "gradebook, MiB"]
    memory = [
        [
            f"{one.submissions:,}",
            *(
                f"{took.peak:.0f}" if took else ""
                for took in (one.grade, one.again, one.report, one.feedback)
            ),
        ]
        for one in grown
    ]
    peak = max(took.peak for one in grown for took in (one.grade, one.again))
    return "\n\n".join(
        [
            f"## Time\n\n{table(header, lines, words=0)}\n\n{_slopes(grown)}",
            "## Memory\n\nMiB of the first process at its highest.\n\n"
            + table(["submissions", "grade", "again", "report", "feedback"], memory, words=0)
            + f"\n\n{verdict('the grader, MiB at most', peak, PARENT_MEBIBYTES)}",
            _resume(grown, resumed),
            _million(grown),
        ]
    )


def _slopes(grown: Sequence[Grown]) -> str:
    sizes = [one.submissions for one in grown]
    exponent = slope(sizes, [one.grade.wall for one in grown])
    seconds = each(grown, lambda one: one.grade.wall)
    start = grown[-1].grade.wall - seconds * grown[-1].submissions
    return (
        f"- time grows as submissions^{exponent:.2f} over the larger half of the sizes: "
        f"{start:.1f} s at the start, then {1000 * seconds:.1f} ms a submission\n"
        f"- the gradebook: {each(grown, lambda one: one.gradebook):.0f} bytes a submission of one task\n"
        f"- a submission that was graded before costs {1000 * each(grown, lambda one: one.again.wall):.1f} ms"
    )


def _resume(grown: Sequence[Grown], resumed: Resumed) -> str:
    new = resumed.submissions - resumed.submissions * 9 // 10
    return (
        f"## Going on\n\nNine tenths of {resumed.submissions:,} submissions were graded in "
        f"{resumed.first:.1f} s. The run for the other {new:,} took {resumed.rest:.1f} s, "
        f"{resumed.rest / resumed.first:.0%} of that."
    )


def _million(grown: Sequence[Grown]) -> str:
    million = 1_000_000
    hours = million * each(grown, lambda one: one.grade.wall) / 3600
    size = million * each(grown, lambda one: one.gradebook) / 2**30
    small, large = grown[-2:]
    more = (large.grade.peak - small.grade.peak) / (large.submissions - small.submissions) * million
    return (
        "## A million\n\nFrom these slopes, which nobody has measured at that size: "
        f"{hours:.1f} hours with two workers, {size:.1f} GiB of gradebook, "
        f"{max(0.0, large.grade.peak + more) / 1024:.1f} GiB of memory in the grader's first process."
    )


def draw(grown: Sequence[Grown]) -> Figure:
    """Seconds of each command, and the first process's memory, on logarithmic scales."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.2), layout="constrained")
    time, memory = figure.subplots(1, 2)
    for name, colour, mark in (
        ("grade", "#2166ac", "o"),
        ("again", "#92c5de", "s"),
        ("report", "#5e3c99", "^"),
        ("feedback", "#d95f02", "D"),
    ):
        taken = [(one.submissions, getattr(one, name)) for one in grown if getattr(one, name)]
        sizes = [size for size, _ in taken]
        time.loglog(sizes, [took.wall for _, took in taken], marker=mark, color=colour, label=name)
        memory.semilogx(sizes, [took.peak for _, took in taken], marker=mark, color=colour, label=name)
    sizes = [one.submissions for one in grown]
    seconds = each(grown, lambda one: one.grade.wall)
    time.loglog(
        sizes, [seconds * size for size in sizes], color="#9e9e9e", linestyle=":", label="proportional"
    )
    time.set(xlabel="submissions", ylabel="seconds of wall clock")
    memory.set(
        xlabel="submissions", ylabel="MiB of the first process at most", ylim=(0, 1.1 * PARENT_MEBIBYTES)
    )
    memory.axhline(PARENT_MEBIBYTES, color="#d95f02", linestyle="--", linewidth=0.9)
    for ax in (time, memory):
        ax.legend(frameon=False, fontsize=8)
        ax.spines[["top", "right"]].set_visible(False)
    return figure
