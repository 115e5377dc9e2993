"""TRUSTED: reads the cells of a submitted file, and of one that is damaged what a person would still read.

Every repair is one that has a single outcome: an encoding, a comma, the half of a file that is there.
"""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

from autograder.submission.cells import InvalidSubmission, StudentCell, Submitted
from autograder.submission.mending import (
    cells_before_the_damage,
    holds_more_parts,
    mended_commas,
    one_side,
    script_cells,
)

MAX_CELLS = 2_000
MOST_PARTS = 1_000_000  # lists and objects: each takes fifty times the two bytes that it has in the file
LONGEST_MENDED = 2_000_000  # characters; mending looks at each part in turn, a second for such a file
AGAIN = "Save the notebook in JupyterLab and hand in the .ipynb file."
CONFLICT = (
    "The file holds conflicts that git could not decide. The {which} version of each was graded. "
    "Decide the conflicts and save in JupyterLab; hand in again if you meant the other one."
)
COMMAS = (
    "The file is damaged: commas between its parts are missing or too many, as after a merge by hand. "
    "It was repaired and read; next time open and save it in JupyterLab before you hand it in."
)
OTHER_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive (a Word document is one too)"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel document"),
)
MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_submission(path: Path, limit: int) -> Submitted:
    """Read the cells of a submitted file. InvalidSubmission says what is wrong with it.

    PermissionError if the grader itself may not read the file: that is no fault of the student's.
    """
    try:
        if path.parent.is_symlink():
            raise InvalidSubmission("The submission's folder is a link to another folder.")
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise InvalidSubmission(
                f"The submission is not a regular file, but a link, a folder or a device. {AGAIN}"
            )
        if status.st_size > limit:
            raise InvalidSubmission(
                f"The file has {_size(status.st_size)}; at most {_size(limit)} are read. "
                "Clear the outputs (Edit, Clear Outputs of All Cells), save, and hand it in again."
            )
        data = path.read_bytes()
    except PermissionError:
        raise
    except OSError as error:
        raise InvalidSubmission(f"The file cannot be read: {error.strerror}.") from error
    return parse_submission(data)


def parse_submission(data: bytes) -> Submitted:
    """Read the cells of a file's content. InvalidSubmission says what is wrong with it."""
    _must_hold_text(data)
    notes: list[str] = []
    text = _decoded(data, notes)
    if holds_more_parts(text, MOST_PARTS):
        raise InvalidSubmission(
            f"The file has more than {MOST_PARTS:,} parts, nearly all of them in outputs. "
            "Clear the outputs (Edit, Clear Outputs of All Cells), save, and hand it in again."
        )
    try:
        content = _parsed(text, notes)
    except (ValueError, RecursionError) as error:
        return Submitted(_pieces(text, error, notes), notes)
    cells = student_cells(content)
    _note_language(content, notes)
    return Submitted(cells, notes)


def _must_hold_text(data: bytes) -> None:
    if not data:
        raise InvalidSubmission(f"The file is not a notebook: it is empty (0 bytes). {AGAIN}")
    if not data.strip(b"\x00"):
        raise InvalidSubmission(
            "The file is not a notebook: it holds only zeros, as a cloud drive leaves them where a file was "
            f"never downloaded. {AGAIN}"
        )
    for start, kind in OTHER_KINDS:
        if data.startswith(start):
            raise InvalidSubmission(f"The file is not a notebook: it is {kind}. {AGAIN}")
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml)", data[:200], re.IGNORECASE):
        raise InvalidSubmission(f"The file is not a notebook: it is a web page (HTML). {AGAIN}")


def _decoded(data: bytes, notes: list[str]) -> str:
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "")
    if not encoding and data[1:2] == b"\x00":
        encoding = "utf-16-le"
    elif not encoding and data[:1] == b"\x00":
        encoding = "utf-16-be"
    if not encoding:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            encoding = "cp1252"  # Western Windows, and Latin-1 wherever the two agree
    text = data.decode(encoding, errors="replace")
    name = {"cp1252": "Latin-1 (Windows-1252)"}.get(encoding, encoding.upper()[:6])
    notes.append(
        f"The file is written in {name} and not in UTF-8. It was read all the same; "
        "next time save it in JupyterLab, not in a text editor."
    )
    return text


def _parsed(text: str, notes: list[str]) -> Any:
    """The JSON of a notebook, repaired where it must be. ValueError or RecursionError if that is no help."""
    try:
        return json.loads(text, strict=False)
    except ValueError as error:
        if len(text) > LONGEST_MENDED or '"cells"' not in text:
            raise
        problem = error
    for side, which in ((0, "first"), (1, "second")):
        decided = one_side(text, side)
        try:
            content = json.loads(mended_commas(decided), strict=False)
        except ValueError:
            continue
        notes.append(CONFLICT.format(which=which) if decided != text else COMMAS)
        return content
    raise problem


def _pieces(text: str, problem: Exception, notes: list[str]) -> list[StudentCell]:
    """What is left of a notebook that breaks off, or of a script."""
    whole = cells_before_the_damage(text, MAX_CELLS)
    if whole:
        notes.append(
            f"The file is cut off or damaged after its cell {len(whole)}: the cells up to there were graded. "
            "Open your notebook, see that it is whole, and hand it in again."
        )
        return [_student_cell(cell) for cell in whole]
    script = script_cells(text)
    _must_be_few(len(script))
    if script:
        notes.append(
            "The file is a Python script and not a notebook. Its code was graded all the same; "
            "next time hand in the .ipynb file."
        )
        return [StudentCell("code", source, None) for source in script]
    reason = str(problem)[:120] or type(problem).__name__
    raise InvalidSubmission(f"The file is not a notebook: it is not JSON ({reason}). {AGAIN}") from problem


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count} bytes"


def _must_be_few(cells: int) -> None:
    if cells > MAX_CELLS:
        raise InvalidSubmission(f"The notebook has {cells} cells; at most {MAX_CELLS} are read.")


def student_cells(content: object) -> list[StudentCell]:
    """Take kind, text and grade_id of every cell of a notebook's JSON, whatever else is in it."""
    if not isinstance(content, dict):
        raise InvalidSubmission(f"The file is not a notebook: it holds no object. {AGAIN}")
    cells = content.get("cells")
    if cells is None and isinstance(content.get("content"), dict):  # as Jupyter's own interface sends it
        return student_cells(content["content"])
    if cells is None and isinstance(content.get("worksheets"), list):  # notebook format 3
        sheets = [sheet.get("cells") for sheet in content["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        raise InvalidSubmission(f"The file is not a notebook: it has no cells. {AGAIN}")
    _must_be_few(len(cells))
    return [_student_cell(cell) for cell in cells if isinstance(cell, dict)]


def _student_cell(cell: dict[str, Any]) -> StudentCell:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = cell.get("metadata")
    settings = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = settings.get("grade_id") if isinstance(settings, dict) else None
    kind = "code" if cell.get("cell_type") == "code" else "markdown"
    text = source.replace("\r\n", "\n") if isinstance(source, str) else ""
    text = text.encode("utf-8", "replace").decode()  # lone surrogates cannot be stored
    return StudentCell(kind, text, grade_id if isinstance(grade_id, str) else None)


def _note_language(content: dict[str, Any], notes: list[str]) -> None:
    """Say so where the notebook was set to another language than Python."""
    metadata = content.get("metadata")
    for key, entry in (("kernelspec", "language"), ("language_info", "name")):
        settings = metadata.get(key) if isinstance(metadata, dict) else None
        language = settings.get(entry) if isinstance(settings, dict) else None
        if isinstance(language, str) and language and not language.lower().startswith(("python", "ipython")):
            named = re.sub(r"[^\w+# -]", "?", language)[:20]
            notes.append(f"The notebook is set to the language {named}. Its cells were run as Python.")
            return
