"""TRUSTED SIDE: starts the fork server in the jail, and a submission in a fork of it."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from autograder.limits import MEBIBYTE, Limits
from autograder.sandbox import wire
from autograder.sandbox.trusted import cgroup, view
from autograder.sandbox.trusted.left_behind import end_unfinished_jails
from autograder.sandbox.trusted.refusal import SandboxError, bubblewrap, explain
from autograder.sandbox.trusted.session import Session

__all__ = ["Jail", "SandboxError", "bubblewrap", "require_sandbox"]

START_SECONDS = 120.0
STOP_SECONDS = 10.0
TRIAL_SECONDS = 60.0
MOST_GROWTH = (
    64 * MEBIBYTE
)  # of the fork server's own memory: each submission is a fork, so it should not grow
PYTHON_OPTIONS = ("-S", "-P", "-m")  # no site folder and no current folder to import from


def require_sandbox(hidden: Sequence[Path] = ()) -> None:
    """Build the isolation of one empty submission; SandboxError with cause and remedy where that fails.

    It takes a tenth of a second: a class is refused at once, before any worker starts.
    What a killed grader left of a jail is ended here, too.
    """
    end_unfinished_jails()
    command = [*view.jail_command(hidden), view.python(), *PYTHON_OPTIONS, "autograder.sandbox.jailed.trial"]
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=TRIAL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxError(explain(str(error))) from error
    if done.returncode != 0:
        raise SandboxError(explain(done.stderr.decode(errors="replace")[-2000:]))


def _start_process(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start it from a thread that ends with this process.

    The kernel ends a jail (--die-with-parent) with the *thread* that started it, and a cluster's worker may
    end the thread that needed the jail first.
    """
    if threading.current_thread() is threading.main_thread():
        return subprocess.Popen(command, **options)
    return _starter().submit(lambda: subprocess.Popen(command, **options)).result()


def _amount(answer: dict[str, object], key: str) -> int:
    value = answer.get(key)
    return int(value) if isinstance(value, int | float) else 0


@lru_cache(maxsize=1)
def _starter() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="starts jails")


class Jail:
    """A running fork server. One submission at a time; start several jails for several workers."""

    def __init__(self, limits: Limits | None = None, hidden: Sequence[Path] = ()) -> None:
        self.limits = limits or Limits()
        self.hidden = tuple(hidden)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._group: Path | None = None
        self._complaints: IO[bytes] | None = None
        self._is_ready = False
        self._memory_at_start = 0

    def start(self) -> None:
        """Build the jail and wait until the server is ready. SandboxError if it does not get there."""
        self.begin()
        self._memory_at_start = _amount(self._request(None, START_SECONDS), "memory")
        self._is_ready = True

    def begin(self) -> None:
        """Begin to build the jail, if it does not run; `session` waits until the server is ready."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        command = self._server_command()  # first: it raises where bubblewrap is missing, and nothing is open
        ours, theirs = socket.socketpair()
        self._group = self._control_group()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the jail
        try:
            self._process = _start_process(
                cgroup.inside(self._group, [*command, str(theirs.fileno())]),
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                pass_fds=[theirs.fileno()],
            )
        finally:
            theirs.close()
        self._control = ours

    def _server_command(self) -> list[str]:
        jail = view.jail_command(self.hidden)
        return [*jail, view.python(), *PYTHON_OPTIONS, "autograder.sandbox.jailed.server"]

    def _environment(self) -> dict[str, str] | None:
        """Of bubblewrap, None being the grader's own; what is inside gets only what its command line says."""
        return None

    def _control_group(self) -> Path | None:
        return cgroup.make(int(self.limits.processes))

    def _request(
        self, message: dict[str, object] | None, seconds: float, fds: Sequence[int] = ()
    ) -> dict[str, object]:
        """Send a control message, return the answer; the server is trusted code, so a fault here is ours."""
        if self._control is None:
            raise SandboxError("the jail is not running")
        try:
            if message is not None:
                wire.send(self._control, message, fds=fds)
            return wire.receive(self._control, 1 << 16, time.monotonic() + seconds)[0]
        except wire.WireError as error:
            complaint = self._last_complaint()
            self.close()
            if message is None:  # it never got ready
                raise SandboxError(explain(complaint or str(error))) from error
            raise SandboxError(f"the fork server failed: {error}. {complaint}".strip()) from error

    def _last_complaint(self) -> str:
        if self._complaints is None:
            return ""
        self._complaints.seek(0)
        return self._complaints.read()[-2000:].decode(errors="replace").strip()

    @contextlib.contextmanager
    def session(self, seconds: float | None = None, limits: Limits | None = None) -> Iterator[Session]:
        """One submission's own process, from fork to kill, for at most `seconds` of wall clock.

        Without `seconds` the limit of a notebook holds, without `limits` those of the jail.
        The server is started if it is not running.
        """
        if self._process is None or self._process.poll() is not None or not self._is_ready:
            self.start()
        limits = limits or self.limits
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                begun = self._request({"start": limits.as_dict()}, START_SECONDS, [theirs.fileno()])
            if not begun.get("started"):
                raise SandboxError(explain(str(begun.get("why"))))
            session = Session(ours, limits, seconds or limits.notebook_seconds)
            try:
                yield session
            finally:
                self._stop(session)

    def _stop(self, session: Session) -> None:
        stop: dict[str, object] = {"stop": True, "gone": session.gone}
        answer = self._request(stop, STOP_SECONDS)
        session.ended = str(answer.get("ended"))
        used, waited = answer.get("cpu"), answer.get("waited")
        session.cpu_seconds = float(used) if isinstance(used, int | float) else 0.0
        session.waited_seconds = float(waited) if isinstance(waited, int | float) else 0.0
        grown = _amount(answer, "memory") - self._memory_at_start
        if not answer.get("clean") or grown > MOST_GROWTH:
            self.close()  # something of the submission is left, or may be: end all, and begin afresh

    def sharing(self) -> dict[str, int]:
        """Bytes of the submission that runs now: "resident", and "own": what it shares with nobody."""
        answer = self._request({"measure": True}, STOP_SECONDS)
        return {key: _amount(answer, key) for key in ("resident", "own")}

    def close(self) -> None:
        """End the server and everything in the jail."""
        self._is_ready = False
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        cgroup.remove(self._group)
        self._group = None
        if self._complaints is not None:
            self._complaints.close()
            self._complaints = None

    def __enter__(self) -> Jail:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
