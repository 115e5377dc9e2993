"""Users of the system for a test of the exchange: an instructor and students, each with a uid of its own.

They exist in a mount namespace only: it has its own /etc/passwd, and shows Python and this repository at
their paths also where these lie in a folder that is closed to other users. Needs root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FIRST_UID = 61000

# $1: a folder for bind mounts; until --, pairs of a closed folder and one in it to show; the uid; the command
ENTER = r"""
set -e
stage=$1; shift
mount --bind "$stage/passwd" /etc/passwd
mount --bind "$stage/group" /etc/group
number=0
while [ "$1" != -- ]; do  # first hold all of them, then close what is above
    closed=$1; shown=$2; shift 2
    mkdir -p "$stage/mounts/$number"
    mount --bind "$shown" "$stage/mounts/$number"
    eval "closed_$number=\$closed shown_$number=\$shown"
    number=$((number + 1))
done
shift
last=$number; number=0; hidden=" "
while [ $number -lt $last ]; do
    eval "closed=\$closed_$number shown=\$shown_$number"
    case "$hidden" in
    *" $closed "*) ;;
    *) mount -t tmpfs -o mode=755 tmpfs "$closed"; hidden="$hidden $closed " ;;
    esac
    mkdir -p "$shown"
    mount --bind "$stage/mounts/$number" "$shown"
    number=$((number + 1))
done
uid=$1; shift
exec setpriv --reuid="$uid" --regid="$uid" --clear-groups --inh-caps=-all "$@"
"""


def why_not() -> str:
    """Why this machine cannot play several users; "" if it can."""
    if os.geteuid() != 0:
        return "only root can become several users of the system"
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        return "needs unshare and setpriv (Debian: util-linux)"
    done = subprocess.run(["unshare", "--mount", "true"], capture_output=True, text=True, check=False)
    return f"no mount namespace here: {done.stderr.strip()}" if done.returncode else ""


class Campus:
    """`names` as users, each with a home that the others cannot enter, in `root` (open to all)."""

    def __init__(self, root: Path, names: list[str]) -> None:
        self.root = root
        root.chmod(0o755)
        self.uids = {name: FIRST_UID + place for place, name in enumerate(names)}
        for name in names:
            self.home(name).mkdir()
            self.give(name, self.home(name), 0o700)
        lines = [f"{name}:x:{uid}:{uid}::{self.home(name)}:/bin/sh\n" for name, uid in self.uids.items()]
        (root / "passwd").write_text(Path("/etc/passwd").read_text() + "".join(lines))
        groups = "".join(f"{name}:x:{uid}:\n" for name, uid in self.uids.items())
        (root / "group").write_text(Path("/etc/group").read_text() + groups)

    def home(self, name: str) -> Path:
        return self.root / name

    def give(self, name: str, path: Path, mode: int | None = None) -> None:
        """Make `path`, with all in it, belong to `name`."""
        for place in (path, *path.rglob("*")):
            os.chown(place, self.uids[name], self.uids[name], follow_symlinks=False)
        if mode is not None:
            path.chmod(mode)

    def run(
        self, name: str, *command: object, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as the user `name`, in their home or in `folder`."""
        shown = [part for path in _needed() for closed in _closed_above(path) for part in (closed, path)]
        enter = [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            ENTER,
            "sh",
            self.root,
            *shown,
            "--",
        ]
        environment = {
            "HOME": str(self.home(name)), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
            "PATH": f"{Path(sys.executable).parent}:/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": "/tmp",
        }  # fmt: skip
        line = [
            *map(str, enter),
            str(self.uids[name]),
            "env",
            "-C",
            str(folder or self.home(name)),
            *map(str, command),
        ]
        return subprocess.run(
            line, capture_output=True, text=True, timeout=550, check=False, env=environment, cwd="/"
        )

    def python(
        self, name: str, *arguments: object, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run Python as the user `name`."""
        return self.run(name, sys.executable, *arguments, folder=folder)


def _needed() -> list[Path]:
    return sorted({Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), REPOSITORY})


def _closed_above(path: Path) -> list[Path]:
    """The outermost folder above `path` that others cannot enter, if there is one."""
    return [place for place in reversed([path, *path.parents]) if not place.stat().st_mode & 0o001][:1]
