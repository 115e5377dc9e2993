"""The measurements: every exercise by stock nbgrader and by us, one by otter-grader too."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.grading.course import OURS, Scores, graded_by_stock, graded_by_us, lay_out, scores
from benchmarks.grading.otter import NoOtter, graded_by_otter
from benchmarks.grading.students import STEMS, Student, students
from benchmarks.measured import Took, run

STOCK, OTTER = "nbgrader autograde", "otter-grader"
FIGURES, NO_FIGURES = "autograder grade", "autograder grade --figures none"
PLACE = {FIGURES: "feedback", NO_FIGURES: "none"}
LOOKED_INTO = "03_cross_correlation"  # graded by otter too, profiled, and its memory looked at
Graded = Callable[[Path, Mapping[str, str]], Took]


@dataclass(frozen=True)
class Size:
    """How large the class is.

    blocks : times the block of students, for us; stock nbgrader and otter-grader grade one block
    most : students of a block that take part, all if None
    few : submissions of the others' run for the start-up; ours grades one for each worker
    otter : whether otter-grader takes part
    """

    blocks: int = 8
    most: int | None = None
    stems: tuple[str, ...] = STEMS
    workers: int = 2
    few: int = 1
    otter: bool = True
    looked_into: str = LOOKED_INTO

    @classmethod
    def asked_for(cls) -> Size:
        """As the variables GRADING_BLOCKS and GRADING_EXERCISES say."""
        stems = os.environ.get("GRADING_EXERCISES", "")
        blocks = int(os.environ.get("GRADING_BLOCKS", cls.blocks))
        return cls(blocks, stems=tuple(stems.split(",")) if stems else STEMS)


@dataclass(frozen=True)
class Row:
    """One exercise graded by one grader, as commands: a few submissions for the start-up, and the class.

    wall, cpu : seconds of the whole command; few_wall, few_cpu : of the one that graded only `few`
    seconds : of each submission in its worker; ours alone tells
    """

    stem: str
    grader: str
    submissions: int
    wall: float
    cpu: float
    few: int
    few_wall: float
    few_cpu: float
    peak: float
    seconds: tuple[float, ...] = ()

    @property
    def each(self) -> float:
        """Seconds of wall clock a submission, the start-up shared among all."""
        return self.wall / self.submissions

    @property
    def slope(self) -> float:
        """Seconds of wall clock that one more submission takes."""
        more = self.submissions - self.few
        return (self.wall - self.few_wall) / more if more else self.each

    @property
    def start(self) -> float:
        """Seconds of wall clock before and after all submissions."""
        return max(0.0, self.wall - self.slope * self.submissions)


@dataclass(frozen=True)
class Difference:
    """A graded cell to which two graders gave other points; `known` where tests/honest lists it."""

    stem: str
    student: str
    cell: str
    ours: float | None
    theirs: float | None
    known: bool


@dataclass
class Measured:
    """All that was measured; `otter_says` is why there is no row of otter-grader, or ""."""

    size: Size
    kinds: dict[str, int]
    rows: list[Row]
    differences: list[Difference]
    compared: int
    otter_differences: list[Difference]
    otter_compared: int
    otter_says: str
    profiles: dict[str, Any]
    memory: dict[str, dict[str, float]]

    def as_list(self) -> list[dict[str, Any]]:
        """Ready for JSON."""
        return [asdict(self)]


def measure(size: Size, tell: Callable[[str], None]) -> Measured:
    """Grade everything with everybody. `tell` hears what begins."""
    found = Measured(size, {}, [], [], 0, [], 0, "", {}, {})
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        for stem in size.stems:
            _exercise(Path(folder) / stem, stem, found, tell)
            shutil.rmtree(Path(folder) / stem)
        stem = size.looked_into
        tell(f"{stem}: where the time goes, and the memory")
        whole = {name: text for name, (_, text) in students(stem, 1, size.most).items()}
        for figures in ("feedback", "none"):
            found.profiles[figures] = _profile(Path(folder) / figures, stem, figures, whole)
        watched = {name: text for name, (_, text) in students(stem, 2, size.most).items()}
        workers = ("--workers", str(size.workers))
        found.memory = graded_by_us(Path(folder) / "memory", stem, watched, *workers, memory=True).roles
    return found


def _exercise(root: Path, stem: str, found: Measured, tell: Callable[[str], None]) -> None:
    size = found.size
    everybody = students(stem, size.blocks, size.most)
    once = students(stem, 1, size.most)
    for student, _ in everybody.values():
        found.kinds[student.kind] = found.kinds.get(student.kind, 0) + 1
    ours, theirs = _texts(everybody), _texts(once)
    workers = ("--workers", str(size.workers))
    for grader, options in ((FIGURES, workers), (NO_FIGURES, (*workers, "--figures", "none"))):
        tell(f"{stem}: {grader}, {len(ours)} submissions")
        row = _row(
            root / PLACE[grader],
            stem,
            grader,
            ours,
            size.workers,
            lambda place, texts, options=options: graded_by_us(place, stem, texts, *options),  # type: ignore[misc]
        )
        found.rows.append(row)
    tell(f"{stem}: {STOCK}, {len(theirs)} submissions")
    stock = root / "stock"
    found.rows.append(
        _row(stock, stem, STOCK, theirs, size.few, lambda place, texts: graded_by_stock(place, stem, texts))
    )
    with_figures, without = (scores(root / PLACE[one] / "class") for one in (FIGURES, NO_FIGURES))
    for given in (with_figures, without):
        found.differences += differences(stem, everybody, given, scores(stock / "class"))
        found.compared += len(given)
    if stem == size.looked_into and size.otter:
        tell(f"{stem}: {OTTER}, {len(theirs)} submissions")
        _otter(root / "otter", stem, theirs, everybody, with_figures, found)


def _texts(work: Mapping[str, tuple[Student, str]]) -> dict[str, str]:
    return {name: text for name, (_, text) in work.items()}


def _row(root: Path, stem: str, grader: str, texts: Mapping[str, str], few: int, graded: Graded) -> Row:
    """Grade the class and, where it is larger, a few of it, each in a new course."""
    few = min(few, len(texts))
    took = graded(root / "class", texts)
    least = graded(root / "few", dict(list(texts.items())[:few])) if few < len(texts) else took
    lines = root / "class" / "results.jsonl"
    seconds: tuple[float, ...] = ()
    if lines.exists():
        seconds = tuple(json.loads(line)["seconds"] for line in lines.read_text().splitlines())
    return Row(stem, grader, len(texts), took.wall, took.cpu, few, least.wall, least.cpu, took.peak, seconds)


def _otter(
    root: Path,
    stem: str,
    texts: Mapping[str, str],
    everybody: Mapping[str, tuple[Student, str]],
    ours: Scores,
    found: Measured,
) -> None:
    """The row of otter-grader, or why there is none."""
    given: list[Scores] = []
    seed = secrets.randbits(64)

    def graded(place: Path, chosen: Mapping[str, str]) -> Took:
        took, points = graded_by_otter(place, stem, chosen, seed)
        given.append(points)
        return took

    try:
        found.rows.append(_row(root, stem, OTTER, texts, found.size.few, graded))
    except NoOtter as error:
        found.otter_says = str(error)
        return
    once = {name: everybody[name] for name in texts}
    found.otter_differences = differences(
        stem, once, {k: v for k, v in ours.items() if k[0] in once}, given[0]
    )
    found.otter_compared = len(given[0])


def differences(
    stem: str, everybody: Mapping[str, tuple[Student, str]], ours: Scores, theirs: Scores
) -> list[Difference]:
    """Every graded cell with other points; each copy of a student is compared with the first one's."""
    found = []
    for (name, cell), points in sorted(ours.items()):
        student = everybody[name][0]
        other = theirs.get((f"{student.name}-0", cell))
        if (points or 0.0) != (other or 0.0) or (points is None) != (other is None):
            known = cell in student.stock and student.stock[cell] == other
            found.append(Difference(stem, name, cell, points, other, known))
    return found


def _profile(root: Path, stem: str, figures: str, texts: Mapping[str, str]) -> Any:
    lay_out(root, stem, OURS.read_text(encoding="utf-8"), texts)
    command = [sys.executable, "-m", "benchmarks.grading.spans", str(root), stem, figures]
    return json.loads(run(root, command).output)
