"""JAILED SIDE: the pre-warmed fork server.

Started once by bubblewrap with NumPy, IPython and matplotlib imported; a submission then costs a fork.
It talks to the trusted side on its control socket, one submission at a time:

    {"start": limits} + one file descriptor   fork a submission that talks on that descriptor
    {"stop": true, "gone": bool}              kill it; answers {"ended": how, "clean": bool}

"gone" means that it hung up by itself, so its exit status is on its way. "clean" means that nothing of it is
left; if something is, the trusted side ends this server.

A submission cannot reach this process: it has another PID namespace, no /proc and no control socket.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from typing import Any

from autograder.sandbox import wire
from autograder.sandbox.jailed import isolation, runner, watchdog

WATCH_SECONDS = 0.05
GONE_SECONDS = 0.2  # a process that hung up is given this long to leave its exit status
LEFT_SECONDS = 2.0  # killed processes are given this long to be gone


class Submission:
    """One running submission: `outer` is our child, `inner` is PID 1 of its namespaces."""

    def __init__(self, outer: int, inner: int, limits: dict[str, float]) -> None:
        self.outer, self.limits = outer, limits
        self.inner = os.pidfd_open(inner)  # a number could be another process's by the time it is killed
        self.excess: str | None = None
        self.status: int | None = None

    def poll(self) -> None:
        """Look whether it has ended or uses too much; end it if so."""
        if self.status is None:
            done, status = os.waitpid(self.outer, os.WNOHANG)
            self.status = status if done else None
        if self.status is None and self.excess is None:
            self.excess = watchdog.excess({1, os.getpid(), self.outer}, self.limits)
            if self.excess:
                self.kill()

    def kill(self) -> None:
        """Kill PID 1 of its namespaces: the kernel then ends everything in them."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.inner, signal.SIGKILL)

    def stop(self, gone: bool) -> str:
        """End it for good and say how it ended: "memory", "processes", "exit N", "signal N" or "stopped"."""
        patience = time.monotonic() + (GONE_SECONDS if gone else 0.0)
        self.poll()
        while self.status is None and time.monotonic() < patience:
            time.sleep(0.002)
            self.poll()
        own_end = self.status
        self.kill()
        if own_end is None:
            os.kill(self.outer, signal.SIGKILL)
            os.waitpid(self.outer, 0)
        os.close(self.inner)
        if self.excess or own_end is None:
            return self.excess or "stopped"
        code = os.waitstatus_to_exitcode(own_end)
        return f"signal {code - 128}" if code > 128 else f"exit {code}"


def nothing_is_left() -> bool:
    """Wait until only bubblewrap and this server are here; False if something does not go."""
    patience = time.monotonic() + LEFT_SECONDS
    while watchdog.others({1, os.getpid()}):
        if time.monotonic() > patience:
            return False
        time.sleep(0.002)
    return True


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
        os.close(tell)
        isolation.close_the_door(limits)
        runner.serve(socket.socket(fileno=channel), limits)
        os._exit(0)
    os.close(channel)
    os.write(tell, str(inner).encode())
    os.close(tell)
    _, status = os.waitpid(inner, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def serve(control: socket.socket) -> None:
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
            return
        if "start" in message and len(fds) == 1:
            try:
                submission = start(control, fds[0], message["start"])
                wire.send(control, {"started": True})
            except OSError as error:
                wire.send(control, {"started": False, "why": str(error)})
        elif "stop" in message:
            how = submission.stop(bool(message.get("gone"))) if submission else "stopped"
            wire.send(control, {"ended": how, "clean": nothing_is_left()})
            submission = None


def _receive_control(control: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    header, fds, _, _ = socket.recv_fds(control, wire.HEADER.size, 1)
    if len(header) < wire.HEADER.size:
        return None, []
    text_size, blob_size = wire.HEADER.unpack(header)
    rest = wire.read_exactly(control, text_size + blob_size, None)
    return json.loads(rest[:text_size]), fds


def main() -> None:
    """Load what notebooks import, say that all is ready, serve."""
    control = socket.socket(fileno=int(sys.argv[1]))
    runner.warm_up()
    isolation.ADDRESS_SPACE_AT_FORK = isolation.measure_address_space()
    wire.send(control, {"ready": True})
    serve(control)


if __name__ == "__main__":
    main()
