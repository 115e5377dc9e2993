"""TRUSTED SIDE: builds the jail and starts the fork server in it.

The jail sees the system's libraries, Python and its packages (read-only), the harmless part of `coursekit`
and the jailed half of this package. It does not see the course, the reference, the checks or the judge.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

import coursekit
from autograder.limits import Limits
from autograder.sandbox import wire
from autograder.sandbox.trusted import cgroup
from autograder.sandbox.trusted.session import Session
from coursekit.errors import CourseError

AUTOGRADER = Path(__file__).resolve().parents[2]
COURSEKIT = Path(coursekit.__file__).resolve().parent
# Of coursekit: what computes right answers, and the widgets, which need some of it and draw nothing here.
NOT_IN_THE_JAIL = {"reference", "shapes", "checks", "widgets", "__pycache__"}
STAND_INS = ("checks", "widgets")  # what a notebook may import all the same
START_SECONDS = 120.0
STOP_SECONDS = 10.0
HOME = "/sandbox/home"  # of every submission; a name that no machine has of its own
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/localtime", "/etc/fonts", "/etc/alternatives")


class SandboxError(CourseError, RuntimeError):
    """The jail cannot be built or has failed. Never the student's fault."""


def bubblewrap() -> str:
    """Path of bubblewrap; SandboxError with the way to get it if it is missing."""
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxError(
            "grading needs bubblewrap (the command bwrap), and it is not installed. "
            "Debian, Ubuntu: sudo apt-get install bubblewrap. Fedora: sudo dnf install bubblewrap. "
            "macOS and Windows: run the grader in a Linux virtual machine or in WSL 2."
        )
    return path


def jail_command(hidden: Sequence[Path] = ()) -> list[str]:
    """The bubblewrap command line up to the program; `hidden` folders are covered where they would show."""
    command = [bubblewrap(), "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    command += ["--uid", "1000", "--gid", "1000", "--hostname", "jail", "--cap-drop", "ALL"]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", HOME]
    command += ["--ro-bind", "/usr", "/usr"]
    for link in ("bin", "sbin", "lib", "lib64"):
        path = Path("/") / link
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            command += ["--ro-bind", str(path), str(path)]
    for system_file in SYSTEM_FILES:
        command += ["--ro-bind-try", system_file, system_file]
    bound = {Path("/usr"): Path("/usr")} | _python_folders()
    for folder, inside in bound.items():
        if folder != Path("/usr"):
            command += ["--ro-bind", str(folder), str(inside)]
    for secret in {COURSEKIT, AUTOGRADER, *(path.resolve() for path in hidden)}:
        for folder, inside in bound.items():
            if secret.is_relative_to(folder) and secret.is_dir():
                cover = str(inside / secret.relative_to(folder))
                command += ["--tmpfs", cover, "--remount-ro", cover]
    command += _course_inside()
    command += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
    for name, value in _environment().items():
        command += ["--setenv", name, value]
    return command


def _python_folders() -> dict[Path, Path]:
    """Where this Python and its packages are, and where they show inside.

    Python itself must stay where it was built for. The packages of a virtual environment move: their folder
    may be under one that is the student's own inside, such as /tmp.
    """
    folders: dict[Path, Path] = {}
    python = Path(sys.base_prefix).resolve()
    if python.is_relative_to("/tmp"):
        raise SandboxError(f"Python must not be installed under /tmp, which is the student's; got {python}")
    if not python.is_relative_to("/usr"):
        folders[python] = python
    for number, packages in enumerate(_packages()):
        if not packages.is_relative_to(python) and not packages.is_relative_to("/usr"):
            folders[packages] = Path(f"/packages/{number}")
    return folders


def _packages() -> list[Path]:
    """The folders of installed packages, pure and compiled."""
    paths = sysconfig.get_paths()
    return list(dict.fromkeys(Path(paths[key]).resolve() for key in ("purelib", "platlib")))


def _course_inside() -> list[str]:
    """Bind the jailed half of the two packages under /course."""
    command: list[str] = []
    for path in sorted(COURSEKIT.iterdir()):
        if path.name not in NOT_IN_THE_JAIL:
            command += ["--ro-bind", str(path), f"/course/coursekit/{path.name}"]
    sandbox = AUTOGRADER / "sandbox"
    for name in STAND_INS:
        command += ["--ro-bind", str(sandbox / "jailed" / f"coursekit_{name}"), f"/course/coursekit/{name}"]
    for path in (
        AUTOGRADER / "__init__.py",
        sandbox / "__init__.py",
        sandbox / "wire.py",
        sandbox / "jailed",
    ):
        command += ["--ro-bind", str(path), f"/course/autograder/{path.relative_to(AUTOGRADER)}"]
    cache = _matplotlib_cache()
    return [*command, *(("--ro-bind", str(cache), "/course/matplotlib-cache") if cache else ())]


def _matplotlib_cache() -> Path | None:
    """The folder of matplotlib's font list: with it the server starts a second sooner."""
    import matplotlib

    cache = Path(matplotlib.get_cachedir())
    return cache if list(cache.glob("fontlist-*.json")) else None


def _environment() -> dict[str, str]:
    moved = _python_folders()
    path = ["/course", *(str(moved.get(folder, folder)) for folder in _packages())]
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": HOME,
        "LANG": "C.UTF-8",
        "PYTHONPATH": ":".join(path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "XDG_CACHE_HOME": "/tmp/cache",
        "IPYTHONDIR": "/tmp/ipython",
        "COURSEKIT_PIXEL_RATIO": "1",  # figures at the size that feedback shows them in
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


class Jail:
    """A running fork server. One submission at a time; start several jails for several workers."""

    def __init__(self, limits: Limits | None = None, hidden: Sequence[Path] = ()) -> None:
        self.limits = limits or Limits()
        self.hidden = tuple(hidden)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._group: Path | None = None
        self._complaints: IO[bytes] | None = None

    def start(self) -> None:
        """Build the jail and wait until the server is ready. SandboxError if it does not get there."""
        jail = jail_command(
            self.hidden
        )  # first: it raises where bubblewrap is missing, and nothing is open yet
        python = str(Path(sys.base_prefix).resolve() / "bin" / Path(sys.executable).resolve().name)
        ours, theirs = socket.socketpair()
        server = ["-S", "-P", "-m", "autograder.sandbox.jailed.server", str(theirs.fileno())]
        self._group = cgroup.make(int(self.limits.processes))
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the jail
        try:
            self._process = subprocess.Popen(
                cgroup.inside(self._group, [*jail, python, *server]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                pass_fds=[theirs.fileno()],
            )
        finally:
            theirs.close()
        self._control = ours
        self._request(None, START_SECONDS)

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
            raise SandboxError(f"the fork server failed: {error}. {complaint}".strip()) from error

    def _last_complaint(self) -> str:
        if self._complaints is None:
            return ""
        self._complaints.seek(0)
        return self._complaints.read()[-2000:].decode(errors="replace").strip()

    @contextlib.contextmanager
    def session(self, seconds: float | None = None) -> Iterator[Session]:
        """One submission's own process, from fork to kill, for at most `seconds` of wall clock.

        Without `seconds` the limit of a notebook holds. The server is started if it is not running.
        """
        if self._process is None or self._process.poll() is not None:
            self.close()
            self.start()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                begun = self._request({"start": self.limits.as_dict()}, START_SECONDS, [theirs.fileno()])
            if not begun.get("started"):
                raise SandboxError(f"a submission could not be isolated: {begun.get('why')}")
            session = Session(ours, self.limits, seconds or self.limits.notebook_seconds)
            try:
                yield session
            finally:
                stop: dict[str, object] = {"stop": True, "gone": session.gone}
                answer = self._request(stop, STOP_SECONDS)
                session.ended = str(answer.get("ended"))
                if not answer.get("clean"):
                    self.close()  # something of the submission is left: end all, and begin afresh

    def close(self) -> None:
        """End the server and everything in the jail."""
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
