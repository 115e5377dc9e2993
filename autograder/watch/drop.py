"""TRUSTED: a drop folder, for students without an exchange: a folder for each student.

    FOLDER/STUDENT/STEM.ipynb     a notebook
    FOLDER/STUDENT/STEM.zip       or several files
    FOLDER/STUDENT/STEM/          or a folder
    FOLDER/STUDENT/feedback/STEM/ what comes back

Of several the one that changed last counts. `STEM (1).ipynb` and `Stem.ipynb` are taken for what they mean.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from autograder.collect import COPY, plain
from autograder.course import UsageError, require_student_id
from autograder.watch.places import Look, Spot, look_at

FEEDBACK = "feedback"
KINDS = (".ipynb", ".zip")
TIMESTAMP = "timestamp.txt"


class Drop:
    """The drop folder at `root`; `say` is told, once, what in it is not taken and why.

    Where students can write in `root` itself, a student's folder must belong to the user of its name:
    else one could hand in as another who has no folder yet.
    """

    name = "drop"
    recursive = True

    def __init__(self, root: Path, stems: Collection[str], say: Callable[[str], None]) -> None:
        self.root = root.resolve()
        if not self.root.is_dir():
            raise UsageError(f"--drop must be a folder; got {str(root)!r}")
        self._stems = {plain(stem): stem for stem in stems}
        self._say, self._said = say, set[Path]()

    def folder(self) -> Path:
        """The drop folder."""
        return self.root

    def spot_of(self, path: Path) -> Spot | None:
        """The spot of any file under a student's folder."""
        try:
            parts = path.relative_to(self.root).parts
        except ValueError:
            return None
        if len(parts) < 2 or parts[1] == FEEDBACK or any(part.startswith(".") for part in parts[:2]):
            return None
        stem = self._stem_of(parts[1])
        if stem is None or not self._is_students(self.root / parts[0]):
            return None
        return Spot(self.name, parts[0], stem, self.root / parts[0])

    def _stem_of(self, name: str) -> str | None:
        base = next((name[: -len(kind)] for kind in KINDS if name.lower().endswith(kind)), name)
        return self._stems.get(plain(base)) or self._stems.get(plain(COPY.sub("", base)))

    def _is_students(self, folder: Path) -> bool:
        try:
            require_student_id(folder.name)
            status = folder.lstat()
            open_to_all = self.root.stat().st_mode & (stat.S_IWOTH | stat.S_IWGRP)
        except (OSError, UsageError) as error:
            return self._refuse(folder, str(error))
        if not stat.S_ISDIR(status.st_mode):
            return self._refuse(folder, "it is no folder")
        if open_to_all and _user(status.st_uid) != folder.name:
            return self._refuse(
                folder,
                f"{self.root} can be written by others, so each folder in it must belong to the user of its "
                f"name; this one belongs to {_user(status.st_uid)}",
            )
        return True

    def _refuse(self, folder: Path, why: str) -> bool:
        if folder not in self._said and len(self._said) < 1_000:
            self._said.add(folder)
            self._say(f"not taken: {folder}: {why}")
        return False

    def spots(self) -> Iterator[Spot]:
        """One for each student and assignment of which something is there."""
        found = set()
        for student in _names(self.root):
            for name in _names(self.root / student):
                spot = self.spot_of(self.root / student / name)
                if spot is not None and spot not in found:
                    found.add(spot)
                    yield spot

    def look(self, spot: Spot) -> Look | None:
        """The newest of what is there for this assignment."""
        paths = [spot.path / name for name in _names(spot.path) if self._stem_of(name) == spot.stem]
        looks = [look for path in paths if (look := look_at(path, (TIMESTAMP,))) is not None]
        return max(looks, key=lambda look: look.changed, default=None)


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError:
        return []


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
