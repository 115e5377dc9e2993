"""TRUSTED: puts what arrived into submitted/, and the feedback into a drop folder. Runs in a worker.

Both folders are written to by students: no link in them is followed, and each file is asked whose it is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from traitlets.log import get_logger

from autograder.course import Course
from autograder.exchange import FOLDER, copy_own, copy_own_folder
from autograder.extract import SafeExtractor
from autograder.watch.drop import FEEDBACK, TIMESTAMP
from autograder.watch.errands import Errand
from autograder.watch.inbound import collector

NOTE = "nothing-to-grade.txt"
WRITE_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class NotTaken(Exception):
    """What arrived is not there any more, or not the student's: nothing of it is graded."""


def take(course: Course, errand: Errand) -> None:
    """Put the work into `submitted/`, in place of what was there: the old one or the whole new one is there.

    NotTaken if there is nothing to take; OSError where it cannot be written.
    """
    target = course.folder("submitted", errand.stem, errand.student)
    staging = course.reports(errand.stem) / "arriving" / errand.student
    new, old = staging / "new", staging / "old"
    _remove(staging)
    staging.mkdir(parents=True)
    try:
        if errand.place == "exchange":
            _from_exchange(course, errand, new)
        else:
            _from_drop(course, errand, new)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink() or target.exists():
            shutil.move(target, old)
        shutil.move(new, target)
    finally:
        _remove(staging)


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _from_exchange(course: Course, errand: Errand, target: Path) -> None:
    collect = collector(course, errand.stem)
    try:
        own = collect.is_own(collect.record_of(errand.path.name), tell=True)
    except FileNotFoundError:
        own = False
    if not own:
        raise NotTaken(f"{errand.path} is not there any more, or not of {errand.student}")
    collect.do_copy(str(errand.path), str(target))


def _from_drop(course: Course, errand: Errand, target: Path) -> None:
    """Copy a folder, a notebook or a zip. Its time is when it arrived, not what a file in it says."""
    try:
        home, status = errand.path.parent.lstat(), errand.path.lstat()
    except FileNotFoundError as error:
        raise NotTaken(f"{errand.path} is not there any more") from error
    # in a folder of their own students can put links to others' files: only what is theirs counts
    owner = None if home.st_uid == os.geteuid() else home.st_uid
    if stat.S_ISDIR(status.st_mode):
        copy_own_folder(errand.path, target, owner, course.directory, get_logger())
    else:
        target.mkdir()
        _file_from_drop(course, errand, owner, target)
    stamp = target / TIMESTAMP
    _remove(stamp)
    stamp.write_text(f"{datetime.fromtimestamp(errand.arrived, UTC):%Y-%m-%d %H:%M:%S.%f} UTC")


def _file_from_drop(course: Course, errand: Errand, owner: int | None, target: Path) -> None:
    suffix = errand.path.suffix.lower()
    copy = target / f"{errand.stem}{suffix}"
    try:
        copy_own(errand.path, copy, owner, course.directory.max_dir_size * 1000, 0o644)
    except OSError as error:
        raise NotTaken(f"{errand.path}: {error.strerror or error}") from error
    if suffix == ".zip":
        _unpack(copy, target)


def _unpack(archive: Path, target: Path) -> None:
    """Unpack a zip in its folder. One that holds nothing stays as it is: its student is told so."""
    packed, unpacked = target.with_name("packed"), target.with_name("unpacked")
    packed.mkdir()
    shutil.move(archive, packed)
    SafeExtractor().extract(str(packed), str(unpacked))
    inside = unpacked / archive.stem
    entries = list(inside.iterdir()) if inside.is_dir() else []
    if len(entries) == 1 and entries[0].is_dir():  # the folder itself was packed, not what is in it
        entries = list(entries[0].iterdir())
    for entry in entries or [packed / archive.name]:
        shutil.move(entry, target)


def put_back(drop: Path, stem: str, pages: Iterable[Path], note: str) -> Path:
    """Write `pages`, or else `note`, into the feedback of a student's drop folder; the folder they are in.

    The folder is the student's: a link in it is not followed, and an old page is replaced, not written into.
    OSError where that is not possible.
    """
    files = {page.name: page.read_bytes() for page in pages} or {NOTE: note.encode()}
    with contextlib.ExitStack() as stack:
        home = _opened(stack, drop)
        above = _folder(stack, home, FEEDBACK)
        here = _folder(stack, above, stem)
        for name, content in files.items():
            _write(here, name, content, home)
        there = os.listdir(here)  # noqa: PTH208 - of the opened folder: its path may lead elsewhere by now
        for name in set(there) - set(files):
            if name == NOTE or name.endswith(".html"):  # of an earlier submission
                with contextlib.suppress(OSError):
                    os.unlink(name, dir_fd=here)
    return drop / FEEDBACK / stem


def _opened(stack: contextlib.ExitStack, path: str | Path, above: int | None = None) -> int:
    handle = os.open(path, FOLDER, dir_fd=above)
    stack.callback(os.close, handle)
    return handle


def _folder(stack: contextlib.ExitStack, above: int, name: str) -> int:
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=above)
        _give_to_owner_of(above, name, above)
    return _opened(stack, name, above)


def _write(folder: int, name: str, content: bytes, home: int) -> None:
    part = f".{name}.part"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(part, dir_fd=folder)
    handle = os.open(part, WRITE_NEW, 0o644, dir_fd=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            os.fchmod(handle, 0o644)
        _give_to_owner_of(home, part, folder)
        os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(part, dir_fd=folder)
        raise


def _give_to_owner_of(home: int, name: str, folder: int) -> None:
    """Give it to the student, where we may: then they can also remove it."""
    if os.geteuid() == 0:
        status = os.fstat(home)
        os.chown(name, status.st_uid, status.st_gid, dir_fd=folder, follow_symlinks=False)
