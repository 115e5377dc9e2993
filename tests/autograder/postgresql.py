"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, gone at the end.

It is the one that Debian packages; as root it runs as the system's user for it, for it refuses root.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = "/usr/lib/postgresql/*/bin/initdb"  # Debian keeps them off PATH
PR_SET_PDEATHSIG = 1
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB")
ANOTHER_ZONE = "timezone=Asia/Kathmandu"  # UTC+5:45: a time that is converted on its way in or out is seen


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, or None."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/").glob(PROGRAMS.lstrip("/")), key=lambda path: float(path.parts[-3]))
    return installed[-1].parent if installed else None


class Server:
    """A running server. `url(name)` is a new, empty database in it."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], user: str) -> None:
        self.folder = folder
        self.process = process
        self.user = user

    def url(self, database: str) -> str:
        """Where SQLAlchemy finds `database`."""
        return f"postgresql+psycopg://{self.user}@/{database}?host={self.folder}"

    def create(self, database: str) -> str:
        """Make an empty database and return its URL."""
        self.execute(f'create database "{database}"')
        return self.url(database)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside of a transaction."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder), user=self.user, dbname=database, autocommit=True
        ) as connection:
            connection.execute(statement.encode())


def _unprivileged() -> pwd.struct_passwd:
    """Who runs the server: ourselves, or as root the system's user for it."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Start a server and stop it at the end."""
    where = programs()
    assert where is not None, "initdb is not installed"
    account = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp"))  # a socket's path has at most 107 bytes
    process = None
    try:
        os.chown(folder, account.pw_uid, account.pw_gid)
        who = {"user": account.pw_uid, "group": account.pw_gid, "cwd": folder}
        if os.geteuid() != 0:
            who = {"cwd": folder}
        _run([where / "initdb", "-D", folder / "data", "-A", "trust", "-U", "grader", "-E", "UTF8",
              "--locale=C.UTF-8", "--no-sync"], who)  # fmt: skip
        settings = [f"unix_socket_directories={folder}", "listen_addresses=", ANOTHER_ZONE, *FAST]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [where / "postgres", "-D", folder / "data", *(part for s in settings for part in ("-c", s))],
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_end_with_us,
                **who,
            )
        running = Server(folder, process, "grader")
        _wait_until_it_answers(running)
        yield running
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)  # at once: nothing in it is to be kept
            process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _end_with_us() -> None:
    """In the server, before it starts: it ends at once if the tests are killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)


def _run(command: list[str | Path], who: dict[str, object]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **who)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command[0]} failed: {done.stdout}{done.stderr}"


def _wait_until_it_answers(running: Server) -> None:
    import psycopg

    patience = time.monotonic() + 60
    while True:
        try:
            return running.execute("select 1")
        except psycopg.OperationalError:
            log = (running.folder / "log").read_text(errors="replace")
            assert running.process.poll() is None, f"the server ended:\n{log}"
            assert time.monotonic() < patience, f"the server does not answer:\n{log}"
            time.sleep(0.1)
