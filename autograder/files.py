"""TRUSTED: files that are whole or not there, and errors that name what could not be written."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from coursekit.errors import CourseError

TRIES = 3  # nbgrader removes and makes folders anew while we write into them
FULL = (errno.ENOSPC, errno.EDQUOT)


class StorageError(CourseError, RuntimeError):
    """A disk or a database does not take what must be written. Never the student's fault.

    `what` is the message without the `way_out`, for who goes on by itself.
    """

    def __init__(self, what: str, way_out: str = "") -> None:
        super().__init__(f"{what}. {way_out}" if way_out else what)
        self.what = what


def write_whole(path: Path, text: str | bytes) -> None:
    """Write a file so that a reader sees the old one or the whole new one, also after a power cut.

    A power cut may bring the old one back: names are not forced to disk, which costs more than the file does.
    A result that lost its notebook or its record that way is graded again.
    StorageError with the path, the reason and the disk if it cannot be written; nothing of it is left then.
    """
    # the name of a folder need not be text
    content = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    part = path.with_name(f".{path.name}.part")
    for tries_left in reversed(range(TRIES)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(
                    file.fileno()
                )  # before the name: else a power cut could leave an empty file under it
            part.replace(path)
            return
        except FileNotFoundError as error:
            if not tries_left:
                raise cannot_write(path, error) from error
        except OSError as error:
            with contextlib.suppress(OSError):  # the disk that failed may refuse this too
                part.unlink(missing_ok=True)
            raise cannot_write(path, error) from error


def write_pieces(path: Path, pieces: Iterable[str]) -> None:
    """Write a file as `write_whole` does, from text that comes piece by piece and is never held at once.

    StorageError if it cannot be written. Else the old file stays, and no part of the new.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece.encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise cannot_write(path, error) from error
        raise


def require_writable(folder: Path) -> None:
    """StorageError unless files can be made in `folder`, or in the folder that it would be made in."""
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        raise StorageError(f"{nearest} cannot be written, and grading must write there")


def remove_file(path: Path) -> None:
    """Remove a file if it is there. StorageError if it stays."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> StorageError:
    """The error with what an instructor needs to mend it: the path, the reason, the disk."""
    if error.errno in FULL:
        disk = _mount_point(path)
        mebibytes = shutil.disk_usage(disk).free / 2**20
        return StorageError(
            f"{path} cannot be written: the disk at {disk} is full ({mebibytes:.1f} MiB free)",
            "Make space and run the same command again.",
        )
    return StorageError(f"{path} cannot be written: {error.strerror or error}")


def _mount_point(path: Path) -> Path:
    """The root of the file system that holds `path`, or would hold it."""
    return next(folder for folder in path.resolve().parents if folder.is_mount())
