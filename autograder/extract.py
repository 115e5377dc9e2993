"""TRUSTED: unpacks uploads for `nbgrader zip_collect`: only plain files, not too large, where they belong.

nbgrader's own extractor reads a whole entry into memory, unpacks archives within archives without end, sets
the permissions that the archive asks for, and stops the class at the first archive that it cannot read.
Here every entry is looked at before it is written, and what is left out is said. One archive stops no other.
"""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from nbgrader.plugins import ExtractorPlugin

from autograder.limits import MEBIBYTE

FILE_BYTES = 64 * MEBIBYTE  # as much as is read of a notebook
SUBMISSION_BYTES = 128 * MEBIBYTE  # of everything under one name at the top of an archive
SUBMISSION_ENTRIES = 1_000
ARCHIVE_ENTRIES = 50_000  # of an instructor's download, which holds a class
DIRECTORY_BYTES = 16 * MEBIBYTE  # of a zip's table of contents, which is read whole
MAX_DEPTH, MAX_NAME = 12, 200  # folders in folders; bytes of one name
ARCHIVES_IN_ARCHIVES = 2  # a class in a zip, a student's zip in it
DISK_LEFT = 512 * MEBIBYTE  # stays free
BLOCK = 1 << 18
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others take memory as the archive says
ENCRYPTED = 1


class LeftOut(Exception):
    """An entry, or a whole archive, is not unpacked; the text says why."""


@dataclass
class Room:
    """What may still be unpacked under one name at the top of an archive."""

    space: int = SUBMISSION_BYTES
    entries: int = SUBMISSION_ENTRIES


@dataclass
class Entry:
    """One file of an archive, not yet unpacked."""

    name: str
    size: int
    open: IO[bytes]


class SafeExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Unpacks `.zip` and `.tar.gz`, copies other files; writes plain files under its own folder."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack or copy every file of the folder `archive_path` into the folder `extracted_path`."""
        source = Path(archive_path)
        for path in sorted(source.rglob("*")):
            target = Path(extracted_path) / path.relative_to(source).parent
            if stat.S_ISREG(path.lstat().st_mode):
                target.mkdir(parents=True, exist_ok=True)
                self._take(path, target, {}, 0)
            elif not path.is_dir() or path.is_symlink():
                self.log.warning("Left out: %s is no regular file", path)

    def _take(self, path: Path, folder: Path, rooms: dict[str, Room], depth: int, top: str = "") -> None:
        """Unpack an archive beside its place, or copy a file that is none."""
        if path.suffix.lower() not in self.zip_ext:
            if not depth:  # within an archive it is in its place already
                shutil.copyfile(path, folder / path.name)
            return
        inside = folder / path.name.removesuffix(path.suffix).removesuffix(".tar")
        try:
            inside.mkdir(exist_ok=True)
            for found, first in self._unpack(path, inside, rooms, top):
                if found.suffix.lower() in self.zip_ext and depth < ARCHIVES_IN_ARCHIVES - 1:
                    self._take(found, found.parent, rooms, depth + 1, top or first)
        except (
            LeftOut,
            OSError,
            zipfile.BadZipFile,
            tarfile.TarError,
            zlib.error,
            EOFError,
            ValueError,
        ) as error:
            self.log.warning("Left out, from here on: %s: %s", path, error)

    def _unpack(
        self, path: Path, inside: Path, rooms: dict[str, Room], top: str
    ) -> Iterator[tuple[Path, str]]:
        """Write the entries of one archive; each file with the name at the top that it belongs to."""
        entries = _zip_entries(path) if zipfile.is_zipfile(path) else _tar_entries(path)
        for number, entry in enumerate(entries):
            if number >= ARCHIVE_ENTRIES:
                raise LeftOut(f"it has more than {ARCHIVE_ENTRIES} entries")
            try:
                if isinstance(entry, LeftOut):
                    raise entry
                place = safe_path(entry.name)
                room = rooms.setdefault(top or place.parts[0], Room())
                yield _write(entry, inside, place, room), place.parts[0]
            except (LeftOut, OSError, zlib.error, EOFError, RuntimeError, zipfile.BadZipFile) as error:
                self.log.warning("Left out: an entry of %s: %s", path, error)


def safe_path(name: str) -> PurePosixPath:
    """The place of an entry within its archive's folder; LeftOut if it would be another."""
    parts = name.replace("\\", "/").split("/")
    shown = ascii(name)[:100]
    if any(part in ("", ".", "..") for part in parts) or ":" in parts[0]:
        raise LeftOut(f"{shown} is not a name within the archive")
    if len(parts) > MAX_DEPTH or any(len(os.fsencode(part)) > MAX_NAME for part in parts):
        raise LeftOut(f"{shown} is too long or too deep")
    if not all(part.isprintable() for part in parts):
        raise LeftOut(f"{shown} holds characters that cannot be shown")
    return PurePosixPath(*parts)


def _write(entry: Entry, inside: Path, place: PurePosixPath, room: Room) -> Path:
    """Write one entry as a new plain file; LeftOut if it is there already or there is no room for it."""
    room.entries -= 1
    most = min(FILE_BYTES, room.space, shutil.disk_usage(inside).free - DISK_LEFT)
    if room.entries < 0 or most < 0 or entry.size > most:
        raise LeftOut(f"{ascii(str(place))[:100]} is too much: {entry.size} bytes, {max(most, 0)} were left")
    target = inside / place
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as file:
            while block := entry.open.read(BLOCK):
                most -= len(block)
                room.space -= len(block)
                if most < 0:
                    raise LeftOut(f"{place} is larger than it says")
                file.write(block)
    except FileExistsError:
        raise LeftOut(f"{place} is there twice; the first one stays") from None
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    target.chmod(0o644)
    return target


def _zip_entries(path: Path) -> Iterator[Entry | LeftOut]:
    if _directory_size(path) > DIRECTORY_BYTES:
        raise LeftOut("its table of contents is too long")
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16)
            if info.is_dir():
                continue
            if kind not in (0, stat.S_IFREG):
                yield LeftOut(f"{ascii(info.filename)[:100]} is no regular file")
                continue
            if info.flag_bits & ENCRYPTED or info.compress_type not in READABLE:
                yield LeftOut(
                    f"{ascii(info.filename)[:100]} is encrypted or compressed in a way that is not read"
                )
                continue
            try:
                with archive.open(info) as content:
                    yield Entry(info.filename, info.file_size, content)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
                yield LeftOut(str(error))


def _directory_size(path: Path) -> int:
    """Bytes of a zip's table of contents, as the end of the file says; too many where it says nothing."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 16) - 22))
        end = file.read()
    place = end.rfind(b"PK\x05\x06")
    if place < 0 or end[place - 20 : place].startswith(b"PK\x06\x07"):  # none, or one for over four gigabytes
        return DIRECTORY_BYTES + 1 if place < 0 else _large_directory_size(path, end[place - 20 : place])
    return int.from_bytes(end[place + 12 : place + 16], "little")


def _large_directory_size(path: Path, locator: bytes) -> int:
    with path.open("rb") as file:
        file.seek(min(int.from_bytes(locator[8:16], "little"), path.stat().st_size))
        record = file.read(56)
    return (
        int.from_bytes(record[40:48], "little") if record.startswith(b"PK\x06\x06") else DIRECTORY_BYTES + 1
    )


def _tar_entries(path: Path) -> Iterator[Entry | LeftOut]:
    with tempfile.TemporaryFile() as plain:  # unpacked here first: a tar's headers may be of any size
        with gzip.open(path) as packed:
            while block := packed.read(BLOCK):
                if plain.tell() + len(block) > SUBMISSION_BYTES:
                    raise LeftOut("it is too large when unpacked")
                plain.write(block)
        plain.seek(0)
        with tarfile.open(fileobj=plain, mode="r:") as archive:
            for member in archive:
                if member.isdir():
                    continue
                content = archive.extractfile(member) if member.isreg() and not member.issparse() else None
                if content is None:
                    yield LeftOut(f"{ascii(member.name)[:100]} is no regular file")
                else:
                    yield Entry(member.name.removeprefix("./"), member.size, content)
