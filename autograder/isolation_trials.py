"""TRUSTED: one attempt at each promise of isolation, for the doctor and the tests.

The code of a trial runs in the real jail. It prints True if the system refused, anything else if not: an
attempt counts as refused by the system's own errors alone, so a mistake in a trial never looks like safety.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.limit_trials import text_of
from autograder.sandbox.trusted import view
from autograder.sandbox.trusted.jail import Jail
from autograder.sandbox.trusted.session import SubmissionEnded

HARMLESS_DEVICES = ("core", "fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout",
                    "tty", "urandom", "zero")  # fmt: skip
PRELUDE = """
import ctypes, fcntl, importlib, mmap, os, platform, resource, signal, socket, stat, sys
libc = ctypes.CDLL(None, use_errno=True)
x86 = platform.machine() == "x86_64"

def refused(action, *arguments):
    "Whether the system refuses it: by an error, or by the -1 of a call of the C library."
    try:
        result = action(*arguments)
    except (OSError, ImportError):
        return True
    return type(result) is int and result == -1
"""


@dataclass(frozen=True)
class IsolationTrial:
    """`code` prints True where a submission cannot `attempt`. Of several cells the last one counts."""

    group: str
    attempt: str
    code: str
    first: str = ""  # runs before it in an earlier submission, which is over then

    def run(self, jail: Jail) -> str:
        """What the attempt printed: "True" if the promise holds."""
        if self.first:
            with jail.session() as session:
                left = text_of(session.run_cell(PRELUDE + self.first).outputs)
            if left.strip() != "left":
                return f"the earlier submission could not leave it: {left.strip()}"
        try:
            with jail.session() as session:
                return text_of(session.run_cell(PRELUDE + self.code).outputs).strip()
        except SubmissionEnded as error:
            return str(error)


def _all(*expressions: str) -> str:
    return "print(all([" + ", ".join(expressions) + "]))"


SEES, CHANGES, REACHES, GAINS, EARLIER = "see", "change", "reach", "gain", "earlier"
HIDDEN_MODULES = (
    "coursekit.reference",
    "coursekit.shapes",
    "coursekit.checks.registry",
    "autograder.judge",
    "autograder.sandbox.trusted.jail",
)
NICENESS = os.nice(0) if hasattr(os, "nice") else 0  # of the grader, and so of each submission
BASE = Path(sys.base_prefix).resolve()
PRIVATE_PLACES = tuple(
    str(path)
    for path in (*map(Path, ("/boot", "/home", "/mnt", "/run", "/srv", "/sys", "/var")), Path.home() / ".ssh")
    if not BASE.is_relative_to(path)
)
VARIABLES = sorted([*view.environment("", "", "", []), "PWD"])

LEAVE_DAEMON = """
import time
if os.fork() == 0:
    os.setsid()
    {}
    time.sleep(60)
    os._exit(0)
time.sleep(0.05)
print("left")
"""
TRIALS = (
    IsolationTrial(
        SEES,
        "read the reference, the checks or the judge",
        _all(
            *(f"refused(importlib.import_module, {name!r})" for name in HIDDEN_MODULES),
            f"not os.path.exists({str(view.AUTOGRADER / 'judge.py')!r})",
            f"not os.path.exists({str(view.COURSEKIT / 'reference')!r})",
        ),
    ),
    IsolationTrial(
        SEES,
        "read accounts, homes or other folders",
        _all(
            *(f"refused(os.stat, {path!r})" for path in PRIVATE_PLACES),
            "refused(open, '/etc/passwd')",
        ),
    ),
    IsolationTrial(
        SEES,
        "see a process that is not its own",
        _all("not os.listdir('/proc')", "os.getpid() == 1", "os.getppid() == 0", "refused(os.kill, -1, 0)"),
    ),
    IsolationTrial(
        SEES,
        "find an environment variable of the grader",
        f"print(sorted(os.environ) in ({VARIABLES}, sorted(set({VARIABLES}) - {{'PWD'}})))",
    ),
    IsolationTrial(
        SEES,
        "find a file that the grader has open",
        "found = [fd for fd in range(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
        " if not refused(os.fstat, fd)]\n"
        "sockets = [fd for fd in found if stat.S_ISSOCK(os.fstat(fd).st_mode)]\n"
        "print(len(found) == 4 and len(sockets) == 1)",
    ),
    IsolationTrial(
        SEES,
        "find a GPU or another device",
        "names = set(os.listdir('/dev'))\n"
        + _all(
            f"names <= set({HARMLESS_DEVICES})",
            "not [n for n in os.environ if n.startswith(('CUDA', 'NVIDIA', 'HIP', 'ROCR'))]",
        ),
    ),
    IsolationTrial(
        SEES,
        "watch what others open",
        _all(
            "refused(libc.inotify_init1, 0)",
            "refused(fcntl.fcntl, os.open('/usr', os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS)",
        ),
    ),
    IsolationTrial(
        CHANGES,
        "write outside its home, /tmp and /dev/shm",
        "places = []\n"
        "for top, inner, _ in os.walk('/'):\n"
        "    inner[:] = inner if top.count('/') < 2 else []\n"
        "    places += [top] if os.access(top, os.W_OK) else []\n"
        "own = (os.getcwd(), '/tmp', '/dev/shm', '/dev/pts')\n"
        "print([p for p in places if not p.startswith(own)] == [])",
    ),
    IsolationTrial(
        CHANGES,
        "make a device or a mount",
        _all(
            "refused(os.mknod, 'device', 0o20666, os.makedev(1, 1))",
            "refused(libc.mount, b'tmpfs', b'/tmp', b'tmpfs', 0, None)",
            "refused(libc.umount2, b'/proc', 2)",
            "refused(os.chroot, '/tmp')",
        ),
    ),
    IsolationTrial(
        CHANGES,
        "lease a file that all share",
        "print(refused(fcntl.fcntl, os.open('/usr/bin/env', os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK))",
    ),
    IsolationTrial(
        CHANGES,
        "change the clock, the name or the limits of the machine",
        _all(
            "refused(os.sched_setaffinity, 0, [0])",
            "refused(socket.sethostname, 'other')",
            "refused(libc.adjtimex, ctypes.create_string_buffer(512))",
            "refused(libc.swapoff, b'/nothing')",
            "refused(libc.syscall, 206 if x86 else 0, 64, ctypes.byref(ctypes.c_ulong(0)))",
        ),
    ),
    IsolationTrial(
        REACHES,
        "reach the network or a name server",
        _all(
            "socket.socket().connect_ex(('192.0.2.1', 80)) == 101",
            "refused(socket.getaddrinfo, 'example.org', 80)",
            "refused(socket.create_connection, ('127.0.0.1', 22), 1)",
        ),
    ),
    IsolationTrial(
        REACHES,
        "use the kernel's rarer protocols or raw packets",
        _all(
            *(f"refused(socket.socket, {family}, 3)" for family in (2, 10, 16, 17, 38, 40)),
            "refused(socket.socket, 2, 5, 132)",
            "refused(socket.socket, 2, 6, 33)",
        ),
    ),
    IsolationTrial(
        REACHES,
        "trace a process or read its memory",
        _all(
            "refused(libc.ptrace, 0, 0, None, None)",
            "refused(libc.process_vm_readv, os.getpid(), None, 0, None, 0, 0)",
            "refused(libc.syscall, 312 if x86 else 272, 1, 1, 0, 0, 0)",
            "refused(libc.syscall, 438, 0, 0, 0)",
        ),
    ),
    IsolationTrial(
        REACHES,
        "type into a terminal",
        "import pty\nmaster, slave = pty.openpty()\nprint(refused(fcntl.ioctl, slave, 0x5412, b'x'))",
    ),
    IsolationTrial(
        GAINS,
        "become another user or gain a capability",
        _all(
            "refused(os.setuid, 0)",
            "refused(os.setgroups, [0])",
            "libc.prctl(39, 0, 0, 0, 0) == 1",  # PR_GET_NO_NEW_PRIVS
            "not [n for n in range(64) if libc.prctl(23, n, 0, 0, 0) == 1]",  # PR_CAPBSET_READ
        ),
    ),
    IsolationTrial(
        GAINS,
        "make a namespace, one for users least of all",
        _all(
            *(f"refused(libc.unshare, 1 << {bit})" for bit in (17, 25, 26, 27, 28, 29, 30)),
            "refused(libc.syscall, 56 if x86 else 220, 0x10000000 | 17, 0, 0, 0, 0)",
            "refused(libc.setns, 0, 0)",
        ),
    ),
    IsolationTrial(
        GAINS,
        "filter or trap system calls itself",
        _all("refused(libc.prctl, 22, 1, 0, 0, 0)", "refused(libc.syscall, 317 if x86 else 277, 2, 0, 0)"),
    ),
    IsolationTrial(
        GAINS,
        "leave a core dump",
        "child = os.fork()\nif child == 0:\n    ctypes.string_at(0)\n"
        "status = os.waitpid(child, 0)[1]\n"
        + _all(
            "os.WIFSIGNALED(status) and not os.WCOREDUMP(status)",
            "resource.getrlimit(resource.RLIMIT_CORE) == (1, 1)",
            "refused(libc.setrlimit, 4, ctypes.byref((ctypes.c_ulong * 2)(0, 1)))",
            "refused(libc.prlimit, 0, 4, ctypes.byref((ctypes.c_ulong * 2)(0, 1)), None)",
            "refused(libc.syscall, 160 if x86 else 164, 4, ctypes.byref((ctypes.c_ulong * 2)(0, 1)))",
        ),
    ),
    IsolationTrial(
        GAINS,
        "take the processor before others",
        _all(
            "refused(os.nice, -1)",
            "refused(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1))",
            "refused(libc.prctl, 62, 1, 0, 0, 0)",  # PR_SCHED_CORE
        ),
    ),
    IsolationTrial(
        GAINS,
        "hold memory that no process maps",
        _all(
            "refused(os.memfd_create, 'm')",
            "refused(libc.shmget, 0, 4096, 0o1600)",
            "refused(libc.semget, 0, 1, 0o1600)",
            "refused(libc.msgget, 0, 0o1600)",
            "refused(libc.syscall, 240 if x86 else 180, b'q', 0o102, 0o600, None)",
            "refused(libc.mlock, ctypes.create_string_buffer(4096), 4096)",
            "refused(fcntl.fcntl, os.pipe()[1], 1031, 1 << 20)",  # F_SETPIPE_SZ
        ),
    ),
    # each with what an earlier submission leaves
    IsolationTrial(
        EARLIER,
        "find its files",
        "places = ('.', '/tmp', '/dev/shm')\n"
        "print(not [p for p in places if os.path.exists(os.path.join(p, 'left'))])",
        "for folder in ('.', '/tmp', '/dev/shm'):\n    open(os.path.join(folder, 'left'), 'w').write('x')\n"
        "print('left')",
    ),
    IsolationTrial(
        EARLIER,
        "find its modules, variables and environment",
        "import coursekit, numpy\n"
        + _all(
            "'left' not in sys.modules",
            "not hasattr(coursekit, 'left')",
            "numpy.pi > 3.1",
            "'LEFT' not in os.environ",
            "'left' not in globals()",
            "not hasattr(__builtins__, 'left')",
        ),
        "import builtins, coursekit, numpy\n"
        "sys.modules['left'] = coursekit.left = builtins.left = left = coursekit\n"
        "numpy.pi = 3\nos.environ['LEFT'] = '1'\nprint('left')",
    ),
    IsolationTrial(
        EARLIER,
        "find its processes",
        _all("refused(os.kill, -1, 0)", "os.getpid() == 1"),
        LEAVE_DAEMON.format("pass"),
    ),
    IsolationTrial(
        EARLIER,
        "reach its sockets",
        "hidden = socket.socket(socket.AF_UNIX)\nopen_port = socket.socket()\n"
        + _all(
            "refused(hidden.connect, '\\0left')",
            "refused(open_port.connect, ('127.0.0.1', 45454))",
            "open_port.bind(('127.0.0.1', 45454)) is None",
        ),
        "a = socket.socket(socket.AF_UNIX); a.bind('\\0left'); a.listen()\n"
        "b = socket.socket(); b.bind(('127.0.0.1', 45454)); b.listen()\n"
        "c = socket.create_connection(('127.0.0.1', 45454)); b.accept()[0].close(); c.close()\n"
        + LEAVE_DAEMON.format("pass"),
    ),
    IsolationTrial(
        EARLIER,
        "find its limits, niceness, mask or signals",
        _all(
            "os.umask(0o022) == 0o022",
            f"os.nice(0) == {NICENESS}",
            "os.sched_getscheduler(0) == os.SCHED_OTHER",
            "resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 20",
            "signal.getsignal(signal.SIGTERM) == signal.SIG_DFL",
            "not signal.pthread_sigmask(signal.SIG_BLOCK, [])",
        ),
        "os.umask(0o777)\nos.setpriority(os.PRIO_USER, os.getuid(), 19)\n"
        "os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\nprint('left')",
    ),
    IsolationTrial(
        EARLIER,
        "share memory with it",
        "import numpy\nprint(numpy.pi > 3.1 and bytes(numpy.zeros(8)) == bytes(64))",
        "import gc, numpy\n"
        "for item in gc.get_objects():\n"
        "    if type(item) is bytearray:\n        item[:] = b'x' * len(item)\n"
        "    elif type(item) is numpy.ndarray and item.flags.writeable and item.dtype.kind == 'f':\n"
        "        item[...] = 7\n"
        "print('left')",
    ),
    IsolationTrial(
        EARLIER,
        "find its keys or queues in the kernel",
        _all("refused(libc.syscall, 250 if x86 else 219, 0, -3, 0)", "refused(libc.semget, 77, 1, 0)"),
        "print('left' if refused(libc.syscall, 248 if x86 else 217, b'user', b'k', b'v', 1, -4) else 'key')",
    ),
)


def random_numbers(jail: Jail) -> list[float]:
    """What a submission draws first from each of the generators that libraries keep."""
    code = "import json, numpy, random\nprint(json.dumps([random.random(), numpy.random.rand()]))"
    with jail.session() as session:
        return [float(number) for number in json.loads(text_of(session.run_cell(code).outputs))]
