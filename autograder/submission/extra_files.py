"""TRUSTED: the files that lie beside a notebook, which it finds when it runs: data, pictures, modules.

Only regular files travel, in bounded number and size. What the assignment came with is not the student's.
"""

from __future__ import annotations

import filecmp
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.limits import MEBIBYTE, Limits
from autograder.submission.cells import shown
from autograder.submission.folder import TIMESTAMP, HandedIn, look_into

MOST_EXTRA_FILES = 100
DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class ExtraFile:
    """A file, and where it goes under the home folder: the names of folders, then its own."""

    parts: tuple[str, ...]
    path: Path


def extra_files(
    handed_in: HandedIn, notebook: Path, release: Path, limits: Limits
) -> tuple[list[ExtraFile], list[str]]:
    """The files to have beside `notebook`: those of the assignment's `release` folder, then the student's.

    Returns them with notes for the student about what was left out.
    """
    ours = [
        ExtraFile(_parts(path, release, release), path)
        for path in look_into(release, may_be_link=True).files
        if path.suffix != ".ipynb"
    ]
    theirs = [
        ExtraFile(_parts(path, notebook.parent, handed_in.folder), path)
        for path in handed_in.files
        if path not in (notebook, handed_in.folder / TIMESTAMP)
    ]
    kept: dict[tuple[str, ...], ExtraFile] = {}
    notes: list[str] = []
    room = int(limits.disk_bytes) // 2  # the rest of the home folder is for what the notebook writes
    for file in [*ours, *theirs]:
        size = file.path.lstat().st_size
        name = shown("/".join(file.parts))
        if file.parts in kept:
            if not filecmp.cmp(kept[file.parts].path, file.path, shallow=False):
                notes.append(f"The assignment's own `{name}` was used, not the one that was handed in.")
        elif not file.parts or len(kept) >= MOST_EXTRA_FILES:
            notes.append(f"`{name}` was left out: more than {MOST_EXTRA_FILES} files were handed in.")
        elif size > min(room, limits.file_bytes):
            most = min(int(limits.disk_bytes) // 2, int(limits.file_bytes)) // MEBIBYTE
            notes.append(f"`{name}` was left out: all files beside a notebook may have {most} MB together.")
        else:
            kept[file.parts] = file
            room -= size
    notes += [f"`{shown(name)}` was left out: it is a link, not a file." for name in handed_in.others]
    return list(kept.values()), _few(notes)


def _few(notes: list[str]) -> list[str]:
    return notes if len(notes) <= 5 else [*notes[:4], f"So were {len(notes) - 4} other files."]


def _parts(path: Path, near: Path, folder: Path) -> tuple[str, ...]:
    """Names below the notebook's folder, else below the submission's; Windows writes them `a\\b`."""
    base = near if path.is_relative_to(near) else folder
    names = str(path.relative_to(base)).replace("\\", "/").split("/")
    if DRIVE.fullmatch(names[0]):
        names = names[-1:]
    return tuple(name for name in names if name not in ("", ".", ".."))
