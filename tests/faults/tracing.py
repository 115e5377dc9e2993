"""Kills a grader just before a chosen call of the kernel: the windows between its files, to the call.

The grader's main thread, which alone writes, is traced as a debugger would; it runs as it is, unchanged.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SEIZE, INTERRUPT, SYSCALL, LISTEN, SYSCALL_INFO = 0x4206, 0x4207, 24, 0x4208, 0x420E
TRACE_SYSCALLS_CLEARLY = 1  # option: a stop at a call is told from a SIGTRAP
WALL = 0x40000000
ENTRY = 1
WRITES_TO_FILE = {  # kernel numbers of the calls that change an open file
    "x86_64": {1: "write", 18: "pwrite64", 74: "fsync", 75: "fdatasync", 77: "ftruncate"},
    "aarch64": {64: "write", 68: "pwrite64", 82: "fsync", 83: "fdatasync", 46: "ftruncate"},
}
WRITES_TO_NAME = {  # and of those that change a name: (call, which argument is the path)
    "x86_64": {2: ("open", 0), 257: ("openat", 1), 82: ("rename", 0), 264: ("renameat", 1), 83: ("mkdir", 0),
               87: ("unlink", 0), 263: ("unlinkat", 1), 316: ("renameat2", 1)},
    "aarch64": {56: ("openat", 1), 38: ("renameat", 1), 276: ("renameat2", 1), 34: ("mkdirat", 1),
                35: ("unlinkat", 1)},
}  # fmt: skip
OPEN_FLAGS = {"open": 1, "openat": 2}  # which argument says how a file is opened


class _Call(ctypes.Structure):
    """The kernel's `struct ptrace_syscall_info`."""

    _fields_ = [
        ("op", ctypes.c_uint8),
        ("padding", ctypes.c_uint8 * 3),
        ("architecture", ctypes.c_uint32),
        ("instruction", ctypes.c_uint64),
        ("stack", ctypes.c_uint64),
        ("number", ctypes.c_uint64),
        ("arguments", ctypes.c_uint64 * 6),
        ("rest", ctypes.c_uint64 * 2),
    ]


_kernel = ctypes.CDLL(None, use_errno=True)
_kernel.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_kernel.ptrace.restype = ctypes.c_long


def _ptrace(request: int, pid: int, address: int = 0, data: int = 0) -> None:
    if _kernel.ptrace(request, pid, address, data) < 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request:#x}")


@dataclass
class Tracer:
    """Traces the process `pid`; `phase_of` says to which phase a changed path belongs, None for none."""

    pid: int
    phase_of: Callable[[str], str | None]
    before_kill: Callable[[], object] = lambda: None
    seen: Counter[str] = field(default_factory=Counter)

    def kill_before(self, phase: str, number: int) -> str | None:
        """Kill before the `number`-th changing call of `phase`; the call, or None if it ended before.

        Reaps the process: `os.waitstatus_to_exitcode(self.status)` is how it ended.
        """
        machine = platform.machine()
        self._files, self._names = WRITES_TO_FILE[machine], WRITES_TO_NAME[machine]
        _ptrace(SEIZE, self.pid, 0, TRACE_SYSCALLS_CLEARLY)
        _ptrace(INTERRUPT, self.pid)
        killed_at = None
        while True:
            _, self.status = os.waitpid(self.pid, WALL)
            if os.WIFEXITED(self.status) or os.WIFSIGNALED(self.status):
                return killed_at
            stop, event = os.WSTOPSIG(self.status), self.status >> 16
            deliver = 0
            if stop == signal.SIGTRAP | 0x80:
                call = self._entered()
                if call is not None and killed_at is None:
                    found, name = call
                    self.seen[found] += 1
                    if found == phase and self.seen[found] == number:
                        killed_at = name
                        self.before_kill()
                        os.kill(self.pid, signal.SIGKILL)
            elif not event:
                deliver = stop
            with contextlib.suppress(ProcessLookupError):  # it is being killed
                _ptrace(SYSCALL, self.pid, 0, deliver)

    def _entered(self) -> tuple[str, str] | None:
        """The phase and the name of the call that is about to happen, if it changes something of a phase."""
        call = _Call()
        if _kernel.ptrace(SYSCALL_INFO, self.pid, ctypes.sizeof(call), ctypes.addressof(call)) < 0:
            return None
        number, arguments = call.number, call.arguments
        if call.op != ENTRY:
            return None
        try:
            if number in self._files:
                name = self._files[number]
                path = str(Path(f"/proc/{self.pid}/fd/{arguments[0]}").readlink())
            elif number in self._names:
                name, position = self._names[number]
                flags = arguments[OPEN_FLAGS[name]] if name in OPEN_FLAGS else os.O_CREAT
                path = self._text(arguments[position]) if flags & os.O_CREAT else ""
            else:
                return None
        except OSError:
            return None
        phase = self.phase_of(path)
        return (phase, name) if phase else None

    def _text(self, address: int) -> str:
        with Path(f"/proc/{self.pid}/mem").open("rb") as memory:
            memory.seek(address)
            return memory.read1(4096).split(b"\0", 1)[0].decode(errors="replace")  # type: ignore[attr-defined]
