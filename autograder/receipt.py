"""TRUSTED: what nbgrader's exchange puts into a submission, kept beside the graded notebook as nbgrader does.

Feedback is released under a name made of the submission's secret, which only its student has; the time tells
nbgrader that a feedback page is older than the submission.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.files import remove_file, write_whole

MOST = 300  # characters; nbgrader writes 128 for a secret
SECRET = re.compile(r"[0-9A-Za-z_=-]{16,256}")


def keep_receipts(submitted: Path, graded: Path) -> None:
    """Copy time and secret of `submitted` to `graded`; what is no time or no secret goes.

    StorageError if `graded` cannot be written.
    """
    for name, is_valid in VALID.items():
        text = _short_text(submitted / name)
        if text is not None and is_valid(text):
            write_whole(graded / name, text)
        else:
            remove_file(graded / name)


def _is_time(text: str) -> bool:
    try:
        parse_utc(text)
    except (ValueError, OverflowError):
        return False
    return True


VALID: dict[str, Callable[[str], bool]] = {
    "timestamp.txt": _is_time,
    "submission_secret.txt": lambda text: SECRET.fullmatch(text) is not None,
}


def _short_text(path: Path) -> str | None:
    """The text of a small regular file, else None. No link is followed: the folder was the student's."""
    try:
        if path.is_symlink() or not path.is_file() or path.parent.is_symlink():
            return None
        with path.open("rb") as file:
            text = file.read(MOST + 1).decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if 0 < len(text) <= MOST else None
