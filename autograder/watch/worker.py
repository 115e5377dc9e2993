"""TRUSTED: what a worker process does for a watch: takes, grades, makes the page, and gives it back.

No student's code ever runs in this process, so it may know the seed of the next questions. Each submission
has a seed of its own: whoever hands in twice, or hears of another's questions, is asked others.
"""

from __future__ import annotations

import copy
import errno
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeReleaseFeedback

from autograder.course import Course
from autograder.feedback import FeedbackWriter
from autograder.grade_one import READINGS, Job, assignment_of, course_of, grade_one
from autograder.jails import lent_jail
from autograder.judge import unanswered
from autograder.limits import Limits
from autograder.receipt import keep_receipts
from autograder.result import Result
from autograder.run import run_notebook
from autograder.store import kept_result
from autograder.submission import digest_of_folder
from autograder.watch.errands import Errand
from autograder.watch.inbound import SECRET
from autograder.watch.taking import NotTaken, put_back, take
from coursekit.checks import fresh_cases
from coursekit.checks.diagnosis import answers_of

_warm: set[tuple[Path, str]] = set()  # courses and assignments that are loaded
_ahead: dict[tuple[Path, str], tuple[str, int]] = {}  # of each the run, and the seed of drawn questions


@dataclass(frozen=True)
class Graded:
    """What came of an errand: each result, and whether it is one of an earlier run. Or why there is none.

    `digest` is that of the submission's folder.
    """

    digest: str = ""
    results: tuple[tuple[Result, bool], ...] = ()
    gone: str = ""  # there is nothing to grade any more
    fault: str = ""  # ours


@dataclass(frozen=True)
class Given:
    """Where the feedback is: the pages here, and the places where its student finds it. Or what failed.

    `refused` says why a student's own folder does not take it: that is up to them, and not tried again.
    """

    pages: tuple[Path, ...] = ()
    places: tuple[str, ...] = ()
    refused: str = ""
    fault: str = ""


@lru_cache(maxsize=READINGS)
def _pages(root: Path, stem: str, run: str) -> FeedbackWriter:
    """One for each assignment: its templates are compiled once."""
    return FeedbackWriter(course_of(root, run), stem)


def prepare(root: Path, stem: str, run: str, limits: Limits) -> str:
    """Do ahead what the next submission would wait for; what failed, in a sentence, or "".

    `run` is the watch's reading of the assignment, as in `Job`.
    """
    try:
        if (root, stem) not in _warm:
            _warm_up(root, stem, run, limits)
            _warm.add((root, stem))
        _draw_ahead(root, stem, run)
    except Exception as error:  # noqa: BLE001 - whoever hands in will meet it again, and be told
        return f"{stem} could not be prepared: {type(error).__name__}: {error}"
    return ""


def _warm_up(root: Path, stem: str, run: str, limits: Limits) -> None:
    """Load everything and start the fork server, by grading the assignment as it was released."""
    for notebook in assignment_of(root, stem, run).values():
        with lent_jail(root, limits) as jail:
            run_notebook(copy.deepcopy(notebook.release), notebook, jail, secrets.randbits(64), "nobody")
    _ = _pages(root, stem, run).exporter.template  # compiles it


def _draw_ahead(root: Path, stem: str, run: str) -> None:
    drawn_for, _ = _ahead.get((root, stem), ("", 0))
    if drawn_for == run:
        return
    seed = secrets.randbits(64)
    for notebook in assignment_of(root, stem, run).values():
        for task in notebook.tasks.values():
            if not task.personal:  # its questions depend on who will hand in
                answers_of(task, fresh_cases(task, seed))
                unanswered(task, seed, "", "not-defined", "")
    _ahead[root, stem] = run, seed


def take_and_grade(errand: Errand) -> Graded:
    """Put what arrived into submitted/ and grade it. Whatever goes wrong is said, never raised."""
    try:
        course = course_of(errand.root, errand.run)
        if errand.place != "submitted":
            take(course, errand)
        folder = course.folder("submitted", errand.stem, errand.student)
        digest = digest_of_folder(folder, int(errand.limits.notebook_bytes))
        return Graded(digest, tuple(_graded(course, errand)))
    except NotTaken as error:
        return Graded(gone=str(error))
    except Exception as error:  # noqa: BLE001 - a fault of ours is told, and tried again
        return Graded(fault=f"{type(error).__name__}: {error}")


def _graded(course: Course, errand: Errand) -> list[tuple[Result, bool]]:
    drawn_for, seed = _ahead.pop((errand.root, errand.stem), ("", 0))
    if drawn_for != errand.run:
        seed = secrets.randbits(64)
    results = []
    for name, basis in errand.bases.items():
        job = Job(errand.root, errand.student, errand.stem, name, seed, errand.limits, basis, run=errand.run)
        kept = kept_result(course, job)
        results.append((grade_one(job), False) if kept is None else (kept, True))
    return results


def give_back(errand: Errand, note: str) -> Given:
    """Write the student's page and put it where they find it. `note` says why there may be none.

    Whatever goes wrong is said, never raised.
    """
    try:
        course = course_of(errand.root, errand.run)
        graded = course.folder("autograded", errand.stem, errand.student)
        pages: tuple[Path, ...] = ()
        if any(graded.glob("*.ipynb")):
            keep_receipts(course.folder("submitted", errand.stem, errand.student), graded)
            _write_page(errand)
            pages = tuple(sorted(course.folder("feedback", errand.stem, errand.student).glob("*.html")))
        places, refused = [], ""
        if pages and (graded / SECRET).is_file() and _release(course, errand):
            places.append("exchange")
        if errand.drop is not None:
            try:
                places.append(str(put_back(errand.drop, errand.stem, pages, note)))
            except OSError as error:
                if error.errno == errno.ENOSPC:
                    raise
                refused = f"{errand.drop} takes no feedback: {error.strerror or error}"
        return Given(pages, tuple(places), refused)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - nbgrader ends failed conversions with SystemExit
        return Given(fault=f"{type(error).__name__}: {error}")


def _write_page(errand: Errand) -> None:
    writer = _pages(errand.root, errand.stem, errand.run)
    try:
        writer.write(errand.student)
    except BaseException:
        _pages.cache_clear()  # it may be in the middle of something
        raise
    finally:
        writer.close()  # it connects again: the gradebook's file may be another one by then


def _release(course: Course, errand: Errand) -> bool:
    """Do what `nbgrader release_feedback` does for this student; False where the course has no exchange."""
    directory = CourseDirectory(
        config=course.config, root=str(course.root), assignment_id=errand.stem, student_id=errand.student
    )
    release = ExchangeReleaseFeedback(coursedir=directory, config=course.config)
    if not Path(release.root, directory.course_id).is_dir():
        return False
    release.start()
    return True
