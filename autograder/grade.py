"""TRUSTED: grades a class. Workers run submissions; this process alone writes files and the gradebook."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

from autograder.assignment import AssignmentNotebook, basis, load_assignment
from autograder.course import Course, UsageError
from autograder.database import require_gradebook
from autograder.files import remove_file, require_writable, write_whole
from autograder.grade_one import Job, missing, new_run
from autograder.gradebook import GradebookWriter
from autograder.limits import Limits
from autograder.lock import only_grader
from autograder.progress import Progress
from autograder.release import save_source_cells
from autograder.result import Result
from autograder.sandbox.trusted.jail import require_sandbox
from autograder.stopping import Stopping
from autograder.store import PATIENCE_SECONDS, Store, kept_result
from autograder.workers import Crew, LocalCrew, graded


def grade_class(
    course: Course,
    stem: str,
    *,
    students: Iterable[str] | None = None,
    workers: int = 0,
    crew: Crew | None = None,
    force: bool = False,
    limits: Limits | None = None,
    sandboxed: bool = True,
    figures: bool = True,
    wait: bool = False,
    patience: float = PATIENCE_SECONDS,
    progress: Progress | None = None,
    stopping: Stopping | None = None,
) -> list[Result]:
    """Grade `stem` for `students` (all, if None) and write gradebook, notebooks and results.

    What was graded before and has not changed since is not run again, unless `force`.
    `workers` is the number of processes, 0 for one per core, unless there is a `crew` of other workers.
    `progress` is told of every result, and of what is waited for: with `wait` another grader of this
    assignment; the gradebook, for `patience` seconds.
    Returns the results by student: all, or those that were finished once `stopping` was asked.
    Raises UsageError for a stem or student that does not exist, AlreadyGrading, or StorageError before
    anything is graded where nothing could be written, and SandboxError where no sandbox can be built. Only
    without `sandboxed` is there none: students' code then has all rights of this process's user. Without
    `figures` a line of text stands where a figure would.
    """
    progress, stopping = progress or Progress(), stopping or Stopping()
    assignment = load_assignment(course, stem)
    with only_grader(course, stem, wait=wait, say=progress.say):
        for step in ("autograded", "release"):
            require_writable(course.folder(step, stem, "any-student"))
        require_gradebook(course, say=progress.say)
        with GradebookWriter(course) as writer:
            release_if_needed(course, stem, assignment, writer)
            chosen = _students(course, stem, writer, students)
            seed, run, bounds = secrets.randbits(64), new_run(), limits or course.limits
            bases = {name: basis(notebook, bounds) for name, notebook in assignment.items()}
            common = (seed, bounds)
            how = (sandboxed, figures)
            jobs = [Job(course.root, s, stem, n, *common, bases[n], *how, run) for s in chosen for n in bases]
            store = Store(course, assignment, writer, patience)
            progress.begin(len(jobs))
            written = _written(
                jobs, store, crew or LocalCrew(workers or os.cpu_count() or 1), force, progress, stopping
            )
            with contextlib.closing(written):  # so that workers end before anything else is done
                results = list(written)
    return sorted(results, key=lambda result: (result.student, result.notebook))


def _written(
    jobs: list[Job], store: Store, crew: Crew, force: bool, progress: Progress, stopping: Stopping
) -> Generator[Result]:
    """One result for each job, once it is written; first those of an earlier run."""
    todo, kept = [], set()

    def told(results: Iterable[Result]) -> Iterator[Result]:
        for result in results:
            progress.result(result, kept=(result.student, result.notebook) in kept)
            yield result

    for job in jobs:
        found = None if force else kept_result(store.course, job)
        nothing = missing(store.course, job, store.assignment) if found is None else None
        if nothing is not None:
            yield from told(store.put(nothing))
        elif found is None:
            todo.append(job)
        else:
            kept.add((job.student, job.notebook))
            yield from told(store.keep(found))
    progress.grading(len(todo))
    if todo and todo[0].sandboxed:
        require_sandbox([store.course.root])

    def at_work(running: Sequence[Job]) -> None:
        progress.at_work({(job.student, job.notebook): job.student for job in running})

    with stopping.something_runs():
        # workers end with what takes their results
        with contextlib.closing(graded(todo, crew, stopping, at_work)) as results:
            for result in results:
                yield from told(store.put(result))
        yield from told(store.finish())


def release_if_needed(
    course: Course, stem: str, assignment: Mapping[str, AssignmentNotebook], writer: GradebookWriter
) -> None:
    """Tell the gradebook of the assignment. A mark stays meanwhile: half of it is not taken for all."""
    mark = course.reports(stem) / ".releasing"
    if mark.exists() or not writer.knows(stem, assignment):
        write_whole(mark, "")
        save_source_cells(course, stem)
        remove_file(mark)


def _students(course: Course, stem: str, writer: GradebookWriter, wanted: Iterable[str] | None) -> list[str]:
    known = sorted({*course.students_with_a_submission(stem), *writer.students()})
    if wanted is None:
        return known
    chosen = list(wanted)
    for student in chosen:
        if student not in known:
            raise UsageError(f"--student must have a submission or be in the gradebook; got {student!r}")
    return chosen
