"""TRUSTED: the class report: one page that shows how a class did, and what it has not understood yet."""

from __future__ import annotations

import os
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.course import Course, UsageError
from autograder.files import write_pieces
from autograder.report.table import NOT_SANDBOXED, counts, explanation, penalty, points, total
from autograder.result import TOGETHER, Result
from autograder.store import stored_results
from coursekit.checks import find_task
from coursekit.checks.report import Verdict

MOST_BARS = 12  # of the score distribution
MOST_NAMES = 20  # of the students who made one mistake
PIECES_TOGETHER = 500  # of the page, written at once
WIDTHS = (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100)  # points from one bar to the next
CODE = re.compile(r"`([^`]+)`")


@dataclass
class Mistake:
    """A misconception that occurred: how often, the first who have it, and the sentence that explains it."""

    task: str
    name: str
    sentence: str
    count: int = 0
    students: list[str] = field(default_factory=list)


@dataclass
class TaskSummary:
    """How the class did on one task."""

    name: str
    max_score: float
    points: float = 0.0
    verdicts: Counter[str] = field(default_factory=Counter)

    @property
    def mean(self) -> float:
        """Points of this task, on average."""
        return self.points / (self.verdicts.total() or 1)


@dataclass
class Summary:
    """What the report says of the class as a whole; it grows with the course's tasks, not with the class."""

    notebooks: int = 0
    names: set[str] = field(default_factory=set)
    late: bool = False
    sandboxed: bool = True
    statuses: Counter[str] = field(default_factory=Counter)
    scores: Counter[float] = field(default_factory=Counter)
    max_score: float = 0.0
    tasks: dict[str, TaskSummary] = field(default_factory=dict)
    mistakes: dict[tuple[str, str], Mistake] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        """Count one more notebook."""
        self.notebooks += 1
        self.names.add(result.notebook)
        self.late = self.late or bool(result.late_penalty)
        self.sandboxed = self.sandboxed and result.sandboxed
        self.statuses[str(result.status)] += 1
        if not counts(result):
            return
        self.scores[result.score] += 1
        self.max_score = max(self.max_score, result.max_score)
        for task in result.tasks:
            of_class = self.tasks.setdefault(task.id, TaskSummary(task.id, task.max_score))
            of_class.points += task.score
            of_class.verdicts[task.verdict] += 1
            if task.misconception and task.verdict != Verdict.CORRECT:
                self._add_mistake(task.id, task.misconception, result.student)

    def _add_mistake(self, task: str, name: str, student: str) -> None:
        key = (task, name)
        if key not in self.mistakes:
            sentences = {m.name: m.sentence for m in find_task(task).misconceptions}
            both = [sentences.get(one, "") for one in name.split(TOGETHER)]
            self.mistakes[key] = Mistake(task, name, " And: ".join(both))
        self.mistakes[key].count += 1
        if len(self.mistakes[key].students) < MOST_NAMES:
            self.mistakes[key].students.append(student)

    @property
    def median(self) -> float | None:
        """The score in the middle of the class; None where nobody has one."""
        if not self.scores:
            return None
        scored = sorted(self.scores.elements())
        return statistics.median(scored)


def write_class_report(course: Course, stem: str) -> Path:
    """Write `reports/STEM/index.html` from the results on record; its path.

    They are read one by one, twice: a class of any size takes the same memory. UsageError if there are none.
    """
    course.require_stem(stem)
    summary = Summary()
    for result in stored_results(course, stem):
        summary.add(result)
    if not summary.notebooks:
        raise UsageError(f"there are no results of {stem} yet; run: autograder grade {stem}")
    target = course.reports(stem) / "index.html"
    links = partial(_feedback_link, course, stem, target.parent)
    write_pieces(target, render(stem, summary, stored_results(course, stem), links))
    return target


def _feedback_link(course: Course, stem: str, start: Path, result: Result) -> str:
    """Where the student's page is, seen from the report; "" if there is none."""
    page = course.folder("feedback", stem, result.student) / f"{result.notebook}.html"
    return quote(os.fsencode(os.path.relpath(page, start))) if page.exists() else ""


def render(
    stem: str, summary: Summary, results: Iterable[Result], link: Callable[[Result], str]
) -> Iterator[str]:
    """The page as pieces of HTML text. Everything a student wrote is escaped by the template engine."""
    templates = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=templates, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["explanation"] = lambda result: with_code(explanation(result))
    environment.filters["points"] = points
    environment.filters["penalty"] = penalty
    environment.filters["total"] = total
    environment.filters["link"] = link
    page = environment.get_template("class_report.html.j2").stream(
        stem=stem,
        summary=summary,
        results=results,
        warning="" if summary.sandboxed else NOT_SANDBOXED,
        several=len(summary.names) > 1,
        bars=distribution(summary.scores, summary.max_score),
        mistakes=sorted(summary.mistakes.values(), key=lambda mistake: -mistake.count),
    )
    page.enable_buffering(PIECES_TOGETHER)
    return iter(page)


def with_code(text: str) -> Markup:
    """What stands between backticks as code; all else is escaped, for a student may have written it."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))


def distribution(scores: Mapping[float, int], full: float) -> list[tuple[str, int]]:
    """Number of notebooks in each range of scores: (least score, count), from 0 to full marks."""
    if full <= 0:
        return []
    width = next((width for width in WIDTHS if full / width < MOST_BARS), full / (MOST_BARS - 1))
    last = int(full / width + 1e-9)
    bars: Counter[int] = Counter()
    for score, count in scores.items():
        bars[min(last, int(score / width + 1e-9))] += count
    return [(f"{width * index:g}", bars[index]) for index in range(last + 1)]
