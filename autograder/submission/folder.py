"""TRUSTED: looks into the folder of a submission, and finds the notebook to grade in it.

No link is followed, and only a bounded number of files is looked at: what is there, a student chose.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import AssignmentNotebook
from autograder.submission.cells import InvalidSubmission, Submitted, shown
from autograder.submission.reading import read_submission
from autograder.submission.repairing import must_belong

MOST_FILES, DEEPEST = 500, 6
MOST_CANDIDATES = 8
TIMESTAMP = "timestamp.txt"
NOTEBOOK = re.compile(r"\.ipynb(?:\.[a-z]{2,12})?$|\.json$", re.IGNORECASE)
ENDINGS = re.compile(
    r"(?:\.(?:ipynb|json|txt|py|html?|pdf|zip|docx?|odt|r|rar|7z|bak|download|crdownload|part))+$"
)
# what systems and editors leave beside a notebook
JUNK = re.compile(r"\..*|__macosx|__pycache__|thumbs\.db|desktop\.ini|~.*|.*~", re.IGNORECASE)


class NothingHandedIn(InvalidSubmission):
    """There is no notebook, nor anything in its place."""


@dataclass(frozen=True)
class HandedIn:
    """The regular files of a submission's folder, and the names of those that are links or devices."""

    folder: Path
    files: tuple[Path, ...] = ()
    others: tuple[str, ...] = ()


def look_into(folder: Path, *, may_be_link: bool = False) -> HandedIn:
    """List what is in a folder. InvalidSubmission if it is a link to another one.

    PermissionError if the grader itself may not look into it: that is no fault of the student's.
    """
    if not may_be_link and (folder.is_symlink() or folder.parent.is_symlink()):
        raise InvalidSubmission("The submission's folder is a link to another folder.")
    files: list[Path] = []
    others: list[str] = []
    for where, folders, names in os.walk(folder, onerror=_unless_it_is_not_there):
        here = Path(where)
        deep = len(here.relative_to(folder).parts) >= DEEPEST
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(n for n in folders if n not in links and not JUNK.fullmatch(n) and not deep)
        for name in sorted([*names, *links]):
            if len(files) + len(others) >= MOST_FILES:
                return HandedIn(folder, tuple(files), tuple(others))
            if JUNK.fullmatch(name):
                continue
            if stat.S_ISREG((here / name).lstat().st_mode):
                files.append(here / name)
            else:
                others.append(str((here / name).relative_to(folder)))
    return HandedIn(folder, tuple(files), tuple(others))


def _unless_it_is_not_there(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def digest_of_folder(folder: Path, most_bytes: int) -> str:
    """SHA-256 of all that was handed in: a result stands as long as it stays the same.

    Of a file larger than `most_bytes` its size and time stand for its content. "" if there is no such folder.
    """
    digest = hashlib.sha256()
    try:
        handed_in = look_into(folder)
    except InvalidSubmission:
        return ""
    for path in handed_in.files:
        status = path.stat()
        digest.update(f"{path.relative_to(folder)}\0{status.st_size}\0".encode("utf-8", "surrogateescape"))
        if status.st_size > most_bytes:
            digest.update(str(status.st_mtime_ns).encode())
        else:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    digest.update("\0".join(handed_in.others).encode("utf-8", "surrogateescape"))
    return digest.hexdigest() if handed_in.files or handed_in.others else ""


def choose(
    handed_in: HandedIn, assignment: AssignmentNotebook, limit: int, notebooks: Collection[str] = ()
) -> tuple[Path, Submitted]:
    """Find the notebook to grade, under its own name or, if there is no doubt, under another.

    `limit` is the largest file that is read, in bytes; `notebooks` names all notebooks of the assignment.
    NothingHandedIn if there is nothing of the kind, InvalidSubmission if there is, and it cannot be graded.
    """
    if nothing := nothing_there(handed_in, assignment, notebooks):
        raise NothingHandedIn(nothing)
    exact = handed_in.folder / f"{assignment.name}.ipynb"
    if exact.name in handed_in.others:
        read_submission(exact, limit)  # says what is wrong with a link, folder or device of this name
    candidates = _candidates(handed_in, assignment, set(notebooks) - {assignment.name})
    read, errors = _read_all(candidates, assignment, limit)
    if not read:
        raise InvalidSubmission(str(errors[candidates[0]]) + _of_file(candidates[0], exact))
    chosen = _best(read, exact, assignment)
    submitted = read[chosen]
    submitted.notes[:0] = _notes(chosen, candidates, exact)
    return chosen, submitted


def nothing_there(
    handed_in: HandedIn, assignment: AssignmentNotebook, notebooks: Collection[str] = ()
) -> str:
    """Why no notebook was handed in; "" if there is one, or what could be one. No file is opened."""
    if f"{assignment.name}.ipynb" in handed_in.others:  # a link, folder or device of this name
        return ""
    found = _candidates(handed_in, assignment, set(notebooks) - {assignment.name})
    return "" if found else _nothing(handed_in)


def _candidates(handed_in: HandedIn, assignment: AssignmentNotebook, taken: set[str]) -> list[Path]:
    """What may be the notebook: first the one of its name, then those of nearly its name, then others."""
    free = [path for path in handed_in.files if path.name.removesuffix(".ipynb") not in taken]
    near = [path for path in free if _is_near(path.name, assignment.name)]
    notebooks = [p for p in free if NOTEBOOK.search(p.name) and (p in near or ".ipynb" in p.name.lower())]
    found = notebooks or near  # a script or a page of its name only where there is no notebook
    exact = handed_in.folder / f"{assignment.name}.ipynb"
    return sorted(found, key=lambda path: (path != exact, path not in near, path))[:MOST_CANDIDATES]


def _is_near(name: str, stem: str) -> bool:
    """Whether a file's name is the assignment's with a change of case, signs, or words before or after it."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    core = re.sub(r"^[\d\W_]+", "", stem.lower()) or stem.lower()
    signs = re.compile(r"[\W_]+")
    return signs.sub("_", core) in signs.sub("_", ENDINGS.sub("", last))


def _read_all(
    candidates: list[Path], assignment: AssignmentNotebook, limit: int
) -> tuple[dict[Path, Submitted], dict[Path, InvalidSubmission]]:
    """Read each that is a notebook of this assignment; the others with what is wrong with them."""
    read: dict[Path, Submitted] = {}
    errors: dict[Path, InvalidSubmission] = {}
    room = limit
    for path in candidates:
        try:
            submitted = read_submission(path, room if errors or read else limit)
            must_belong(submitted.cells, assignment)
            read[path] = submitted
        except InvalidSubmission as error:
            errors[path] = error
        room = max(0, room - path.lstat().st_size)
    return read, errors


def _best(read: dict[Path, Submitted], exact: Path, assignment: AssignmentNotebook) -> Path:
    """The one with answers; of several the one of the right name. Two that differ are not chosen between."""
    own = {path: _own_text(submitted, assignment) for path, submitted in read.items()}
    pool = [path for path in read if own[path]] or list(read)
    if exact in pool:
        return exact
    near = [path for path in pool if _is_near(path.name, assignment.name)] or pool
    if len({own[path] for path in near}) > 1:
        names = " and ".join(f"`{_within(path, exact)}`" for path in near[:3])
        raise InvalidSubmission(
            f"There are several notebooks with different answers, {names}, and none is named `{exact.name}`. "
            f"Hand in the one that counts under the name `{exact.name}`."
        )
    return near[0]


def _own_text(submitted: Submitted, assignment: AssignmentNotebook) -> tuple[str, ...]:
    """What a student wrote: the text of all cells that are not as they were released."""
    released = {cell.source.strip() for cell in assignment.release.cells}
    texts = (cell.source.strip() for cell in submitted.cells)
    return tuple(text for text in texts if text and text not in released)


def _notes(chosen: Path, candidates: list[Path], exact: Path) -> list[str]:
    rest = [path for path in candidates if path != chosen and NOTEBOOK.search(path.name)]
    if chosen == exact and not rest:
        return []
    instead = f" in place of `{exact.name}`" if chosen != exact else ""
    graded = f"`{_within(chosen, exact)}` was graded{instead}"
    if rest:
        names = ", ".join(f"`{_within(path, exact)}`" for path in rest)
        advice = f"Next time hand in one, named `{exact.name}`."
        return [f"There is more than one notebook. {graded}, and not {names}. {advice}"]
    return [f"{graded}. Next time hand your notebook in under that name, and in no folder of its own."]


def _within(path: Path, exact: Path) -> str:
    """A file's place in the submission's folder, as it may stand in a sentence."""
    return shown(str(path.relative_to(exact.parent)))


def _of_file(path: Path, exact: Path) -> str:
    return "" if path == exact else f" (This is about `{_within(path, exact)}`: there is no `{exact.name}`.)"


def _nothing(handed_in: HandedIn) -> str:
    names = [shown(path.name) for path in handed_in.files if path.name != TIMESTAMP]
    if not names:
        return "Nothing was handed in."
    return f"Nothing was handed in: the folder holds {', '.join(names[:3])}, and no notebook."
