"""TRUSTED: the class report: one page that shows how a class did, and what it has not understood yet."""

from __future__ import annotations

import os
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.course import Course, UsageError
from autograder.grade import stored_results, write_whole
from autograder.report.table import explanation, points
from autograder.result import TOGETHER, Result, Status
from coursekit.checks import find_task
from coursekit.checks.report import Verdict

BINS = 9  # bars of the score distribution


@dataclass
class Mistake:
    """A misconception that occurred: who has it, and the sentence that explains it."""

    task: str
    name: str
    sentence: str
    students: list[str] = field(default_factory=list)


@dataclass
class TaskSummary:
    """How the class did on one task."""

    name: str
    max_score: float
    mean: float
    verdicts: dict[str, int]


def write_class_report(course: Course, stem: str) -> Path:
    """Write `reports/STEM/index.html` from the results on record; its path.

    UsageError if nothing was graded yet.
    """
    course.require_stem(stem)
    results = stored_results(course, stem)
    if not results:
        raise UsageError(f"there are no results of {stem} yet; run: autograder grade {stem}")
    target = course.reports(stem) / "index.html"
    write_whole(target, render(stem, results, _feedback_links(course, stem, results, target.parent)))
    return target


def _feedback_links(course: Course, stem: str, results: Sequence[Result], start: Path) -> dict[str, str]:
    pages = {r.student: course.folder("feedback", stem, r.student) / f"{r.notebook}.html" for r in results}
    return {student: os.path.relpath(page, start) for student, page in pages.items() if page.exists()}


def render(stem: str, results: Sequence[Result], links: dict[str, str]) -> str:
    """The page as HTML text. Everything a student wrote is escaped by the template engine."""
    templates = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=templates, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["explanation"] = explanation
    environment.filters["points"] = points
    scored = [r for r in results if r.status not in (Status.MISSING, Status.GRADER_ERROR)]
    scores = [r.score for r in scored]
    return environment.get_template("class_report.html.j2").render(
        stem=stem,
        results=results,
        links=links,
        statuses=Counter(str(result.status) for result in results),
        scored=len(scored),
        median=statistics.median(scores) if scores else None,
        max_score=max((r.max_score for r in scored), default=0.0),
        bars=distribution(scored),
        tasks=task_summaries(scored),
        mistakes=mistakes(scored),
    )


def distribution(results: Sequence[Result]) -> list[tuple[str, int]]:
    """Number of notebooks in each range of scores: (label, count), from 0 to full marks."""
    full = max((r.max_score for r in results), default=0.0)
    if full <= 0:
        return []
    counts = Counter(min(BINS - 1, int(r.score / full * (BINS - 1) + 1e-9)) for r in results)
    return [(f"{full * index / (BINS - 1):g}", counts[index]) for index in range(BINS)]


def task_summaries(results: Sequence[Result]) -> list[TaskSummary]:
    """Mean score and verdicts of each task, in the order of the notebook."""
    by_task: dict[str, list[tuple[float, float, str]]] = {}
    for result in results:
        for task in result.tasks:
            by_task.setdefault(task.id, []).append((task.score, task.max_score, task.verdict))
    return [
        TaskSummary(
            name, rows[0][1], statistics.fmean(row[0] for row in rows), dict(Counter(row[2] for row in rows))
        )
        for name, rows in by_task.items()
    ]


def mistakes(results: Sequence[Result]) -> list[Mistake]:
    """The misconceptions that occurred, the most frequent first."""
    found: dict[tuple[str, str], Mistake] = {}
    for result in results:
        for task in result.tasks:
            if task.misconception and task.verdict != Verdict.CORRECT:
                key = (task.id, task.misconception)
                sentences = {m.name: m.sentence for m in find_task(task.id).misconceptions}
                both = [sentences.get(name, "") for name in task.misconception.split(TOGETHER)]
                mistake = Mistake(task.id, task.misconception, " And: ".join(both))
                found.setdefault(key, mistake).students.append(result.student)
    return sorted(found.values(), key=lambda mistake: -len(mistake.students))
