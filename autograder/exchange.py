"""TRUSTED: collects from nbgrader's exchange only what a student handed in under their own name, and owns.

nbgrader's own `collect` runs as the instructor, follows links and warns of a wrong owner, no more. A student
could hand in a link to the solutions, or a newer submission in the name of another. Here the system's
word for who owns each file decides, at the moment when the file is read.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import ignore_patterns

COPIED_AT_ONCE = 1024 * 1024  # bytes
ENTRY_BYTES = 4096  # what a name costs on disk, however small the file
MAX_DEPTH = 20  # folders in folders
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class CollectOwn(ExchangeCollect):  # type: ignore[misc]
    """`nbgrader collect`, and formgrader's button, for an exchange that students share with each other.

    `c.ExchangeCollect.check_owner = False` turns the question of the owner off, where all students are one
    user of the system (JupyterHub in containers); links are not followed then either.
    """

    src_records: list[dict[str, Any]]

    def init_src(self) -> None:
        """Choose the submissions: of each student the newest of their own. What is not theirs stays there."""
        super().init_src()
        self.src_records = [record for record in self.src_records if self.is_own(record, tell=True)]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        with contextlib.suppress(ValueError, OverflowError):  # nbgrader's own stops the class at such a name
            record: dict[str, Any] = super()._path_to_record(path)
            return record
        name = Path(path).name
        return {"username": name.split("+")[0], "filename": name, "timestamp": datetime.min, "nameless": True}

    def _sort_by_timestamp(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        own = [record for record in records if self.is_own(record)]
        for record in records:
            if own and record not in own:
                self.is_own(record, tell=True)
        sorted_records: list[dict[str, Any]] = super()._sort_by_timestamp(own or records)
        return sorted_records

    def open_inbound(self) -> Path:
        """Where students hand in; for who asks `is_own` and `do_copy` about single submissions."""
        inbound = Path(self.root, self.coursedir.course_id, "inbound")
        self.course_path, self.inbound_path = str(inbound.parent), str(inbound)
        return inbound

    def record_of(self, name: str) -> dict[str, Any]:
        """What nbgrader reads from the name of a submission in the inbound folder, and its assignment."""
        parts = name.rsplit("+", 3)
        if len(parts) < 3:
            return {
                "username": name,
                "filename": name,
                "timestamp": datetime.min,
                "nameless": True,
                "stem": "",
            }
        return self._path_to_record(f"{self.inbound_path}/{name}") | {"stem": parts[1]}

    def is_own(self, record: dict[str, Any], tell: bool = False) -> bool:
        """Whether a submission belongs to whom its name says; `tell` logs what is wrong with it."""
        path = Path(self.inbound_path) / record["filename"]
        status = path.lstat()
        reason = ""
        if record.get("nameless") or record["username"].startswith("."):
            reason = "has a name that nbgrader does not give"
        elif not stat.S_ISDIR(status.st_mode):
            reason = "is no folder"
        elif self.check_owner and _name_of(status.st_uid) != record["username"]:
            reason = (
                f"belongs to {_name_of(status.st_uid)}: cheating? Where all students are one user of the "
                "system, set c.ExchangeCollect.check_owner = False"
            )
        if reason and tell:
            self.log.error("Not collected: %s claims to be of %s and %s", path, record["username"], reason)
        return not reason

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy the submission's own regular files; what is else in it is left out, and said.

        The copies get the instructor's usual permissions: theirs could lock the instructor out, or let
        everybody in.
        """
        owner = os.lstat(src).st_uid if self.check_owner else None
        copy_own_folder(Path(src), Path(dest), owner, self.coursedir, self.log)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def copy_own_folder(source: Path, target: Path, owner: int | None, coursedir: Any, log: Any) -> None:
    """Copy the regular files of `owner` (of anybody, if None) under `source`; the rest is left out and said.

    `coursedir` is nbgrader's: what it ignores, how much it takes, whether its graders share files.
    """
    skip = ignore_patterns(coursedir.ignore, coursedir.include, coursedir.max_file_size, log)
    try:
        handle = os.open(source, FOLDER)
    except OSError as error:
        log.error("Not collected: %s cannot be read: %s", source, error.strerror)
        target.mkdir(parents=True, exist_ok=True)
        return
    left = coursedir.max_dir_size * 1000
    _Copy(owner, coursedir.groupshared, skip, log).folder(handle, source, target, left, MAX_DEPTH)


@dataclass
class _Copy:
    """A copy under way: whose files, who may read the copies, what is skipped, where it is said."""

    owner: int | None
    shared: bool
    skip: Callable[[str, list[str]], list[str]]
    log: Any

    def folder(self, handle: int, source: Path, target: Path, left: int, depth: int) -> int:
        """Copy the opened folder `handle` (and close it) and those in it; how many bytes may still come."""
        target.mkdir(parents=True, exist_ok=True)
        target.chmod(0o2775 if self.shared else 0o755)
        try:
            names = os.listdir(handle)
            for name in sorted(set(names) - set(self.skip(str(source), names))):
                try:
                    left = self._entry(handle, source / name, target / name, left - ENTRY_BYTES, depth)
                except OSError as error:
                    self.log.error("Not collected: %s: %s", source / name, error.strerror or error)
        finally:
            os.close(handle)
        return left

    def _entry(self, above: int, source: Path, target: Path, left: int, depth: int) -> int:
        if stat.S_ISDIR(os.lstat(source.name, dir_fd=above).st_mode):
            if not depth:
                raise OSError("too many folders in folders")
            try:
                inside = os.open(source.name, FOLDER, dir_fd=above)
            except OSError:
                target.mkdir()  # that something was there can be seen
                raise
            return self.folder(inside, source, target, left, depth - 1)
        mode = 0o664 if self.shared else 0o644
        return left - copy_own(source, target, self.owner, left, mode, above)


def copy_own(
    source: Path, target: Path, owner: int | None, most: int, mode: int, above: int | None = None
) -> int:
    """Copy a regular file of `owner` (of anybody, if None) with at most `most` bytes; its size.

    OSError if it is a link, a pipe, a device, another's or too large. Asked of the opened file, so that it
    cannot become another between the question and the copy. `above` is the opened folder that holds it.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    handle = os.open(source if above is None else source.name, flags, dir_fd=above)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is no regular file")
        if owner is not None and status.st_uid != owner:
            raise OSError(f"it belongs to {_name_of(status.st_uid)}")
        if status.st_size > most:
            raise OSError(f"the submission is too large; {max(most, 0)} bytes of it were left")
        with target.open("xb") as copy:
            shutil.copyfileobj(file, copy, COPIED_AT_ONCE)
    target.chmod(mode)
    return status.st_size
