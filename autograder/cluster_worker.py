"""TRUSTED: what of a class run happens in a worker of a Dask cluster; it is imported only where Dask is."""

from __future__ import annotations

import asyncio
from pathlib import Path

from distributed import Worker, WorkerPlugin
from distributed.core import Status as WorkerStatus
from tornado.ioloop import PeriodicCallback

from autograder.assignment import code_digest
from autograder.course import Course
from autograder.grade_one import (
    Job,
    OtherVersion,
    grade_one,
    grader_error,
    require_same_version,
    submission_digest,
)
from autograder.jails import close_idle_jails, hold_jails, lent_jail, let_jails_go
from autograder.result import Result, Status
from autograder.sandbox.trusted.jail import SandboxError, require_sandbox

LOOK_SECONDS = 15.0  # between two looks for jails that are idle
NO_COURSE = "the course folder {} is not there; it must be at the same path on every machine"
IDLE_SECONDS = 60.0  # after which a jail ends that nobody uses: its grader may be gone without a word


class Jailer(WorkerPlugin):  # type: ignore[misc]
    """Keeps this worker's jails while the class run `run` lasts, and ends them with it or the worker."""

    def __init__(self, run: str) -> None:
        self.name = run
        self._clock = PeriodicCallback(self._end_what_is_idle, 1000 * LOOK_SECONDS)

    def setup(self, worker: Worker) -> None:
        """Keep a jail for the next submission."""
        hold_jails(self.name)
        self._clock.start()

    async def teardown(self, worker: Worker) -> None:
        """Keep none any more."""
        self._clock.stop()
        await asyncio.to_thread(let_jails_go, self.name)

    async def _end_what_is_idle(self) -> None:
        await asyncio.to_thread(close_idle_jails, IDLE_SECONDS)


async def join(run: str, sample: Job, digest: str | None, dask_worker: Worker) -> str:
    """Have this worker grade for `run`, if it can; why it cannot, or "".

    `sample` is one of the jobs, `digest` of its submission as the grader sees it, if it can. One that joined
    has the resource `run`, which the tasks of the run ask for, so that Dask gives them to no other.
    """
    await dask_worker.plugin_add(Jailer(run), name=run)
    why = await asyncio.to_thread(_cannot_grade, sample, digest)
    if why:
        await dask_worker.plugin_remove(run)
        return why
    await dask_worker.set_resources(**{run: dask_worker.state.nthreads})
    if dask_worker.status == WorkerStatus.running:
        # Dask looks for work that waits for such a worker when one begins to run, not when it gets a resource
        dask_worker.status = WorkerStatus.paused
        dask_worker.status = WorkerStatus.running
    return ""


async def examine(root: Path | None, code: bytes) -> str:
    """For the doctor: what keeps this worker from grading for a grader with this `code`, or ""."""
    return await asyncio.to_thread(_examine, root, code)


def _examine(root: Path | None, code: bytes) -> str:
    if code_digest() != code:
        return "it has another version of the grader's code; give all machines the same, start it again"
    if root is not None and not root.is_dir():
        return NO_COURSE.format(root)
    try:
        require_sandbox()
    except SandboxError as error:
        return str(error)
    return ""


def _cannot_grade(sample: Job, digest: str | None) -> str:
    """Why this worker cannot grade a submission as the grader would; "" once it was tried."""
    if not sample.root.is_dir():
        return NO_COURSE.format(sample.root)
    try:
        require_same_version(sample)
        if digest is not None:
            _require_same_submission(submission_digest(Course(sample.root), sample), sample, digest)
        if sample.sandboxed:
            require_sandbox([sample.root])
        with lent_jail(sample.root, sample.limits, sample.sandboxed) as jail, jail.session():
            pass  # its fork server is ready for the first submission
    except Exception as error:  # noqa: BLE001 - told to the instructor, whatever it is
        return f"{error}" if isinstance(error, OtherVersion) else f"{type(error).__name__}: {error}"
    return ""


async def leave(run: str, dask_worker: Worker) -> None:
    """Grade nothing more for `run`, and keep no jail for it."""
    if run in dask_worker.plugins:
        await dask_worker.plugin_remove(run)
        await dask_worker.set_resources(**{run: 0})


def grade_there(job: Job, digest: str) -> Result:
    """Grade `job` as the grader would: by its assignment and code, and the submission that it sees."""
    try:
        result = grade_one(job)
        if result.status is not Status.GRADER_ERROR:
            _require_same_submission(result.submitted_digest, job, digest)
    except Exception as error:  # noqa: BLE001 - a class run never stops for one submission
        return grader_error(job, error)
    return result


def _require_same_submission(seen: str, job: Job, digest: str) -> None:
    """OtherVersion where the shared folder shows this worker what it no longer holds, or not yet."""
    if seen != digest:
        raise OtherVersion(
            f"this worker sees another submission of {job.student} than the grader: all machines must share "
            "the course folder (a network file system may be some seconds late)"
        )
