"""JAILED SIDE: the pre-warmed fork server.

Started once by bubblewrap with NumPy, IPython and matplotlib imported; a submission then costs a fork.
It talks to the trusted side on its control socket, one submission at a time:

    {"start": limits} + one file descriptor   fork a submission that talks on that descriptor
    {"stop": true, "gone": bool}              kill it; answers {"ended": how, "clean": bool, "cpu": seconds,
                                              "waited": seconds, "memory": bytes of this server's own}
    {"measure": true}                         answers {"resident": bytes of the submission, "own": of them
                                              not shared with this server}

"gone" means that it hung up by itself, so its exit status is on its way. "clean" means that nothing of it is
left; if something is, the trusted side ends this server.

A submission cannot reach this process: it has another PID namespace, no /proc and no control socket.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.sandbox import wire
from autograder.sandbox.jailed import isolation, runner, watchdog

WATCH_SECONDS = 0.05
GONE_SECONDS = 0.2  # a process that hung up is given this long to leave its exit status
LEFT_SECONDS = 2.0  # killed processes are given this long to be gone


class Submission:
    """One running submission: `outer` is our child, `inner` is PID 1 of its namespaces."""

    def __init__(self, outer: int, inner: int, limits: dict[str, float]) -> None:
        self.outer = outer
        self.inner = os.pidfd_open(inner)  # a number could be another process's by the time it is killed
        self.end_of_outer = os.pidfd_open(outer)
        self.watch = watchdog.Watch(limits)
        self.cpu_seconds = 0.0  # of processor time, known once it is stopped
        self.waited_seconds = 0.0  # for a processor, as far as it was alive when it was stopped
        self.excess: str | None = None
        self.status: int | None = None

    def processes(self) -> list[Path]:
        """The /proc folders of all that it runs."""
        return watchdog.others({1, os.getpid(), self.outer})

    def poll(self) -> None:
        """Look whether it has ended or uses too much; end it if so."""
        if self.status is None:
            done, status, usage = os.wait4(self.outer, os.WNOHANG)
            if done:
                self.status, self.cpu_seconds = status, usage.ru_utime + usage.ru_stime
        if self.status is None and self.excess is None:
            self.excess = self.watch.excess(self.processes())
            if self.excess:
                self.kill()

    def _ends_within(self, seconds: float) -> bool:
        """Wait for the end of the outer process, which waits for the inner one; False if it does not come."""
        return bool(select.select([self.end_of_outer], [], [], seconds)[0])

    def kill(self) -> None:
        """Kill PID 1 of its namespaces: the kernel then ends everything in them."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.inner, signal.SIGKILL)

    def stop(self, gone: bool) -> str:
        """End it for good and say how it ended.

        "memory", "processes", "cpu": over that limit; "exit N", "signal N": by itself; "stopped": only now.
        """
        if gone:
            self._ends_within(GONE_SECONDS)
        self.poll()
        own_end = self.status
        self.waited_seconds = watchdog.waited_seconds(self.processes())
        self.kill()
        if own_end is None:
            if not self._ends_within(LEFT_SECONDS):
                os.kill(self.outer, signal.SIGKILL)
            usage = os.wait4(self.outer, 0)[2]
            self.cpu_seconds = usage.ru_utime + usage.ru_stime
        os.close(self.inner)
        os.close(self.end_of_outer)
        self.cpu_seconds = max(self.cpu_seconds, self.watch.cpu_seconds)
        if self.excess or own_end is None:
            return self.excess or "stopped"
        code = os.waitstatus_to_exitcode(own_end)
        return f"signal {code - 128}" if code > 128 else f"exit {code}"

    def nothing_is_left(self) -> bool:
        """Wait until only bubblewrap and this server are here; False if something does not go."""
        patience = time.monotonic() + LEFT_SECONDS
        while watchdog.others({1, os.getpid()}):
            if time.monotonic() > patience:
                return False
            time.sleep(0.002)
        return True


Starter = Callable[[socket.socket, int, dict[str, float]], Submission]


def start(control: socket.socket, channel: int, limits: dict[str, float]) -> Submission:
    """Fork a submission. Returns when PID 1 of its namespaces exists."""
    told, tell = os.pipe()
    outer = os.fork()
    if outer == 0:
        try:
            os.close(told)
            control.close()
            _be_the_submission(channel, tell, limits)
        finally:
            os._exit(70)  # only if the isolation itself failed
    os.close(tell)
    os.close(channel)
    with os.fdopen(told, "rb") as pipe:
        text = pipe.read()
    if not text.isdigit():
        os.waitpid(outer, 0)
        raise OSError(f"isolation failed: {text.decode(errors='replace')}")
    return Submission(outer, int(text), limits)


def _be_the_submission(channel: int, tell: int, limits: dict[str, float]) -> None:
    try:
        os.setsid()
        isolation.enter_namespaces(limits)
        inner = os.fork()
    except OSError as error:
        os.write(tell, str(error).encode())
        return
    if inner == 0:
        isolation.close_files(channel)
        isolation.close_the_door(limits)
        runner.serve(socket.socket(fileno=channel), limits)
        os._exit(0)
    os.close(channel)
    os.write(tell, str(inner).encode())
    os.close(tell)
    _, status = os.waitpid(inner, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def serve(control: socket.socket, starter: Starter = start) -> None:
    """Obey the trusted side until it closes the control socket."""
    submission: Submission | None = None
    while True:
        ready, _, _ = select.select([control], [], [], WATCH_SECONDS if submission else None)
        if not ready:
            if submission:
                submission.poll()
            continue
        message, fds = _receive_control(control)
        if message is None:
            if submission:
                submission.stop(False)
            return
        if "start" in message and len(fds) == 1:
            try:
                submission = starter(control, fds[0], message["start"])
                wire.send(control, {"started": True})
            except OSError as error:
                wire.send(control, {"started": False, "why": str(error)})
        elif "stop" in message:
            wire.send(control, _stopped(submission, bool(message.get("gone"))))
            submission = None
        elif "measure" in message:
            wire.send(control, watchdog.sharing(submission.processes() if submission else ()))


def _stopped(submission: Submission | None, gone: bool) -> dict[str, Any]:
    if submission is None:
        return {"ended": "stopped", "clean": True, "cpu": 0.0, "waited": 0.0, "memory": watchdog.own_memory()}
    how = submission.stop(gone)
    used = {"cpu": submission.cpu_seconds, "waited": submission.waited_seconds}
    return {"ended": how, "clean": submission.nothing_is_left(), "memory": watchdog.own_memory()} | used


def _receive_control(control: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    header, fds, _, _ = socket.recv_fds(control, wire.HEADER.size, 1)
    if len(header) < wire.HEADER.size:
        return None, []
    text_size, blob_size = wire.HEADER.unpack(header)
    rest = wire.read_exactly(control, text_size + blob_size, None)
    return json.loads(rest[:text_size]), fds


def share_no_memory() -> None:
    """OSError if there is writable memory that forks share: they could write to each other."""
    maps = (line.split(maxsplit=5) for line in Path("/proc/self/maps").read_text().splitlines())
    shared = [" ".join(words[1:]) for words in maps if "w" in words[1] and "s" in words[1]]
    if shared:
        raise OSError(f"the fork server shares writable memory with its forks: {shared}")


def keep_shared() -> None:
    """Leave what is loaded out of every later garbage collection.

    A collection writes into each object that it looks at, so a fork would copy the memory of all of them.
    """
    gc.collect()
    gc.freeze()


def main() -> None:
    """Load what notebooks import, say that all is ready, serve."""
    control = socket.socket(fileno=int(sys.argv[1]))
    runner.warm_up()
    share_no_memory()
    isolation.ADDRESS_SPACE_AT_FORK = isolation.measure_address_space()
    keep_shared()
    wire.send(control, {"ready": True, "memory": watchdog.own_memory()})
    serve(control)


if __name__ == "__main__":
    main()
