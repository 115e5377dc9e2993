"""TRUSTED: a class on a Dask cluster. Dask moves, spreads and repeats the work; workers.py has the loop.

`distributed` is optional, and imported only where a scheduler was named.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
import uuid
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from autograder.assignment import code_digest
from autograder.course import Course, UsageError
from autograder.grade_one import Job, submission_digest
from autograder.result import Result
from autograder.workers import AHEAD
from coursekit.errors import CourseError

if TYPE_CHECKING:
    from distributed import Client

LOOK_SECONDS = 1.0  # between two looks at which workers there are
LEAVE_SECONDS = 20.0  # that workers have to end their jails; without a word they do after a minute
LEAST_AHEAD = 60  # jobs: an elastic cluster grows by what waits
MISSING = (
    "--scheduler needs Dask's package distributed, which is not installed here; run: "
    "pip install 'convolution-course[cluster]'"
)
GO_ON = "What was graded is kept; run the same command to go on."


class ClusterError(CourseError, RuntimeError):
    """The cluster cannot grade, or not any more. Exit code 3."""


class ClusterCrew:
    """The workers of the Dask scheduler at `address`: tcp://HOST:PORT, tls://HOST:PORT, or in its file.

    `say` is told what the instructor should know: which workers cannot grade and why, that there is none.
    """

    def __init__(self, address: str, say: Callable[[str], None] = lambda text: None) -> None:
        self._where, self._say = _where(address), say

    @contextlib.contextmanager
    def pool(self, sample: Job, most: int) -> Iterator[ClusterPool]:
        """The cluster's workers, for jobs like `sample`. ClusterError if no scheduler answers."""
        with _connected(self._where) as client:
            _require_same_code(client)
            pool = ClusterPool(client, sample, most, self._say)
            try:
                yield pool
            finally:
                pool.close()


def examine_workers(address: str, root: Path | None) -> dict[str, str]:
    """By worker of the scheduler at `address`: what keeps it from grading the course at `root`, or ""."""
    with _connected(_where(address)) as client:
        from autograder.cluster_worker import examine

        answers: dict[str, object] = client.run(examine, root, code_digest(), on_error="return")
    return {worker: str(answer) for worker, answer in answers.items()}


def _where(address: str) -> dict[str, str]:
    """As the client takes it. UsageError for a file that is not there."""
    path = address.removeprefix("file:")
    if path == address and not address.endswith(".json"):
        return {"address": address}
    path = path.removeprefix("//")
    if not Path(path).is_file():
        raise UsageError(
            "--scheduler must be an address as tcp://HOST:PORT, or the file that `dask scheduler "
            f"--scheduler-file FILE` writes; there is no file {path!r}"
        )
    return {"scheduler_file": path}


def _require_usable(where: dict[str, str]) -> None:
    """ValueError and others for what a client of Dask would stumble over."""
    from distributed import Security
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    path = where.get("scheduler_file")
    address = where["address"] if path is None else json.loads(Path(path).read_text())["address"]
    scheme, place = parse_address(address)
    get_backend(scheme)
    parse_host_port(place)
    if scheme == "tls" and Security().get_connection_args("client")["ssl_context"] is None:
        raise ValueError("Dask's configuration names no certificates: distributed.comm.tls")


@contextlib.contextmanager
def _connected(where: dict[str, str]) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(MISSING) from error
    shown = "".join(where.values())
    try:
        _require_usable(where)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            "--scheduler must be an address that Dask can use, as tcp://HOST:PORT, or its file; "
            f"got {shown!r} ({error})"
        ) from error
    try:
        client = Client(**where, name="autograder", set_as_default=False)
    except OSError as error:
        raise ClusterError(f"no Dask scheduler answers at {shown}: {error}") from error
    try:
        yield client
    finally:
        client.close(timeout=LEAVE_SECONDS)


def _require_same_code(client: Client) -> None:
    """ClusterError unless the scheduler has this code: it unpacks what it hands on to the workers."""
    try:
        theirs = client.run_on_scheduler(code_digest)
    except Exception as error:
        raise ClusterError(
            f"the Dask scheduler cannot load the grader's code ({error!r}); install the course there, as here"
        ) from error
    if theirs != code_digest():
        raise ClusterError(
            "the Dask scheduler has another version of the grader's code; "
            "give all machines the same, and start scheduler and workers again"
        )


class ClusterPool:
    """The workers of one scheduler that can grade, as they come and go."""

    def __init__(self, client: Client, sample: Job, most: int, say: Callable[[str], None]) -> None:
        self._client, self._sample, self._most, self._say = client, sample, most, say
        self._course = Course(sample.root)
        self._run = f"autograder-{secrets.token_hex(8)}"
        self._executor = client.get_executor(resources={self._run: 1}, pure=False)
        self._keys = WeakKeyDictionary[Future[Result], str]()
        self._threads: dict[str, int] = {}  # by worker that can grade, how many submissions at once
        self._refused: dict[str, str] = {}  # by worker that cannot, why
        self._untold: list[str] = []
        self._said = ""
        self._looked = self._ever = False  # whether it is known who is there; whether one could grade
        self._closed = threading.Event()
        self._usher = threading.Thread(target=self._welcome_workers, name="welcomes workers", daemon=True)
        self._usher.start()

    def begin(self, job: Job) -> Future[Result]:
        """Have it graded on the worker that Dask chooses."""
        from autograder.cluster_worker import grade_there

        digest = submission_digest(self._course, job)
        key = f"grade_there-{uuid.uuid4()}"
        try:
            future: Future[Result] = self._executor.submit(grade_there, job, digest, key=key)
        except Exception as error:
            if self._client.status == "running":
                raise
            raise ClusterError(f"the Dask scheduler is gone. {GO_ON}") from error
        self._keys[future] = key
        return future

    def threads(self) -> int:
        """How many jobs run at once, now."""
        return sum(self._threads.values())

    def ahead(self) -> int:
        """How many jobs Dask may have, now. ClusterError if there is no way on."""
        self._tell()
        if self._client.status in ("closing", "closed"):
            raise ClusterError(f"the Dask scheduler is gone. {GO_ON}")
        if self._client.status != "running":
            return 0
        if self._refused and not self._ever:
            why = next(iter(self._refused.values()))  # --quiet has shown none of them
            raise ClusterError(
                f"none of the cluster's {len(self._refused)} workers can grade. The first: {why}. {GO_ON}"
            )
        return min(self._most, max(AHEAD * self.threads(), LEAST_AHEAD))

    def recall(self, futures: Collection[Future[Result]]) -> list[Future[Result]]:
        """Cancel those of `futures` that no worker has begun, and return them."""
        try:
            stacks: dict[str, dict[str, Any]] = self._client.call_stack()
        except Exception:  # noqa: BLE001 - it cannot be asked: what may run is waited for
            return []
        begun = {key for running in stacks.values() for key in running}
        waiting = [f for f in futures if self._keys.get(f) not in begun]
        return [future for future in waiting if future.cancel()]

    def close(self) -> None:
        """Cancel what is left; end the workers' jails, if they can be reached."""
        self._closed.set()
        farewell = threading.Thread(target=self._take_leave, name="takes leave", daemon=True)
        farewell.start()
        farewell.join(LEAVE_SECONDS)

    def _take_leave(self) -> None:
        from autograder.cluster_worker import leave

        with contextlib.suppress(Exception):  # whom nobody reaches ends its jails by itself
            if self._client.status == "running":
                self._executor.shutdown(wait=False)
                self._usher.join()
                self._client.run(leave, self._run, on_error="ignore")

    def _tell(self) -> None:
        """Say, in the thread of the loop, what the usher found."""
        while self._untold:
            self._say(self._untold.pop(0))
        state = self._state()
        if state != self._said:
            self._said = state
            if state:
                self._say(state)

    def _state(self) -> str:
        """What keeps the class waiting."""
        if self._client.status == "connecting":
            return "the connection to the Dask scheduler is lost; trying to get it back"
        if self._threads or not self._looked:
            return ""
        return "the cluster has no worker that can grade now: waiting for one"

    def _welcome_workers(self) -> None:
        """In a thread of its own: have new workers join, forget those that are gone."""
        failed = ""
        while not self._closed.is_set():
            if self._client.status == "running":
                try:
                    self._look()
                except Exception as error:  # noqa: BLE001 - told, and tried again: workers come and go
                    said, failed = failed, f"the cluster's workers could not be asked: {error!r}"
                    if self._client.status == "running" and said != failed:
                        self._untold.append(failed)
            self._closed.wait(LOOK_SECONDS)

    def _look(self) -> None:
        there: dict[str, int] = self._client.nthreads()
        joined = self._ask_to_join([w for w in there if w not in self._threads and w not in self._refused])
        self._threads = {worker: there[worker] for worker in [*self._threads, *joined] if worker in there}
        self._ever = self._ever or bool(self._threads)
        self._looked = True

    def _digest(self) -> str | None:
        """Of the sample's submission; None if the grader itself cannot read it."""
        try:
            return submission_digest(self._course, self._sample)
        except OSError:
            return None

    def _ask_to_join(self, workers: list[str]) -> list[str]:
        """Those that can grade."""
        from autograder.cluster_worker import join

        if not workers:
            return []
        answers: dict[str, object] = self._client.run(
            join, self._run, self._sample, self._digest(), workers=workers, on_error="return"
        )
        for worker, answer in answers.items():
            if answer != "" and not isinstance(answer, OSError):  # OSError: it is gone, or is asked again
                self._refused[worker] = why = str(answer) or type(answer).__name__
                self._untold.append(f"the worker {worker} cannot grade: {why}")
        return [worker for worker, answer in answers.items() if answer == ""]
