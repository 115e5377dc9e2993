"""TRUSTED: says whose the files in a download of Moodle or Canvas are, for `nbgrader zip_collect`.

    Moodle   Name of the student_1234567_assignsubmission_file_/03_cross_correlation.ipynb
    Canvas   namestudent_LATE_123_4567_03_cross_correlation-1.ipynb

The number of Moodle belongs to one assignment alone, the first one of Canvas to the student, the second to
the file. nbgrader asks about one file at a time; what counts depends on all of them, so it sees all first.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateutil.tz import gettz
from nbgrader import api
from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import Unicode

from autograder.course import Course
from autograder.late import moment_of

MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)_(?P<file>.*)")
CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<number>\d+)_(?P<attachment>\d+)_(?P<file>.+)")
COPY = re.compile(r"(?:-\d+| ?\(\d+\)|-Copy\d*)+$")  # of Canvas, of browsers, of Jupyter
JUNK = re.compile(r"__MACOSX|\..*|Thumbs\.db|desktop\.ini")
WORKSHEET = ("Identifier", "Last modified (submission)")


@dataclass(frozen=True)
class Upload:
    """One file of a download: whose it is in the other system, and what it was called there."""

    path: Path
    system: str
    name: str
    number: str
    file: str  # path within the submission
    age: int = 0  # of two files the one with the larger number is newer
    late: bool = False


class LmsCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Collects what Moodle or Canvas gives out as one zip; reports every file that it leaves, and why.

    A student is found in the gradebook by the number there (`lms_user_id`), by id, email or name. Who is not
    known gets an id made of the name. Of files that were handed in again the newest one counts.
    """

    time_zone = Unicode("UTC", help="The zone of the times in Moodle's grading worksheet.").tag(config=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._plan: dict[Path, dict[str, str]] | None = None

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """nbgrader's question about one file: its student, its name and its time; None to leave it out."""
        if self._plan is None:
            self._plan = self._make_plan()
        return self._plan.get(Path(submitted_file))

    def _make_plan(self) -> dict[Path, dict[str, str]]:
        app = self.parent
        root = Path(app._format_collect_path(app.extracted_directory))
        course = Course(Path(app.coursedir.root))
        stem = app.coursedir.assignment_id
        notebooks = sorted(path.stem for path in course.folder("release", stem).glob("*.ipynb"))
        paths = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
        sheet = self._worksheet([path for path in paths if path.parent == root and path.suffix == ".csv"])
        uploads = [u for path in paths if (u := self._upload(path, root)) is not None]
        ids = self._students(course, uploads, sheet)
        chosen: dict[tuple[str, str], Upload] = {}
        for upload in uploads:
            key = ids[upload.system, upload.name, upload.number], _target(upload, notebooks, uploads)
            older = min(chosen.get(key, upload), upload, key=lambda one: one.age)
            if key in chosen:
                self.log.warning("Left out, for a newer one was handed in: %s", older.path)
            chosen[key] = max(chosen.get(key, upload), upload, key=lambda one: one.age)
        return {u.path: self._info(student, file, u, sheet) for (student, file), u in chosen.items()}

    def _upload(self, path: Path, root: Path) -> Upload | None:
        """Whose a file is, or None: it belongs to nobody, or is nothing that is graded."""
        parts = path.relative_to(root).parts
        if any(JUNK.fullmatch(part) for part in parts) or (len(parts) == 1 and path.suffix == ".csv"):
            return None
        for place, part in enumerate(parts):
            found = MOODLE.fullmatch(part) or CANVAS.fullmatch(part)
            if found is None:
                continue
            said = found.groupdict()
            inside = "/".join(parts[place + 1 :]) or said["file"]
            if said.get("kind") == "onlinetext":
                self.log.warning("Left out, for it is an online text and no file: %s", path)
            elif Path(inside).name == "timestamp.txt":
                self.log.warning("Left out, for a student does not say when it came: %s", path)
            else:
                system = "Moodle" if "kind" in said else "Canvas"
                age, late = int(said.get("attachment") or 0), bool(said.get("late"))
                return Upload(path, system, said["name"], said["number"], inside, age, late)
            return None
        self.log.warning("Left out, for its name is none of Moodle's or Canvas's: %s", path)
        return None

    def _students(
        self, course: Course, uploads: Iterable[Upload], sheet: dict[str, dict[str, str]]
    ) -> dict[tuple[str, str, str], str]:
        """The id for each (system, name, number). Where two would get the same one, neither gets it."""
        roster = _Roster(course)
        found: dict[tuple[str, str, str], str] = {}
        for who in sorted({(u.system, u.name, u.number) for u in uploads}):
            system, name, number = who
            known = roster.find(number if system == "Canvas" else "", [name, *sheet.get(number, {}).values()])
            if known is None:
                self.log.warning("Not in the gradebook: %s (%s %s)", name, system, number)
            found[who] = known or _as_id(name) or number
        same = defaultdict(list)
        for who, student in found.items():
            same[student].append(who)
        for student, several in same.items():
            if len(several) > 1:
                self.log.warning("%s of them are %r; each gets an id with its number", len(several), student)
                found |= {who: f"{student}-{who[2]}" for who in several}
        return found

    def _info(
        self, student: str, file: str, upload: Upload, sheet: dict[str, dict[str, str]]
    ) -> dict[str, str]:
        info = {"student_id": student, "file_id": file}
        said = sheet.get(upload.number, {}).get(WORKSHEET[1], "") if upload.system == "Moodle" else ""
        try:
            if said.strip(" -"):
                info["timestamp"] = self._utc(said).isoformat(" ")
        except (ValueError, OverflowError):
            self.log.warning("No time is known of %s: the worksheet says %r", student, said)
        if upload.late:
            self.log.warning(
                "Canvas says late, but not when: %s. To take points off write the time into %s",
                student,
                f"submitted/{student}/{self.parent.coursedir.assignment_id}/timestamp.txt",
            )
        return info

    def _utc(self, text: str) -> datetime:
        """A time of the worksheet, in UTC without zone."""
        zone = gettz(self.time_zone)
        if zone is None:
            raise ValueError(f"c.LmsCollector.time_zone must be a time zone; got {self.time_zone!r}")
        return moment_of(text).replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)

    def _worksheet(self, paths: Iterable[Path]) -> dict[str, dict[str, str]]:
        """Moodle's grading worksheet, where it lies beside the zip: the row of each participant's number."""
        rows: dict[str, dict[str, str]] = {}
        wanted = ("ID number", "Username", "Email address", "Full name", WORKSHEET[1])
        for path in paths:
            with path.open(encoding="utf-8-sig", newline="") as file:
                table = csv.DictReader(file)
                if not set(WORKSHEET) <= set(table.fieldnames or ()):
                    self.log.warning("Left out, for it is no grading worksheet of Moodle: %s", path)
                    continue
                for row in table:
                    number = re.sub(r"\D", "", row["Identifier"] or "")
                    rows[number] = {key: row[key] for key in wanted if row.get(key)}
        return rows


class _Roster:
    """The students of the gradebook, by all that a learning management system may say of them."""

    def __init__(self, course: Course) -> None:
        self._numbers: dict[str, str] = {}
        self._names: dict[str, set[str]] = defaultdict(set)
        with api.Gradebook(course.gradebook_url, course.course_id) as gradebook:
            for student in gradebook.students:
                first, last = student.first_name or "", student.last_name or ""
                if student.lms_user_id:
                    self._numbers[str(student.lms_user_id)] = student.id
                for name in (student.id, student.email or "", first + last, last + first):
                    self._names[plain(name)].add(student.id)
        self._names.pop("", None)

    def find(self, number: str, names: Iterable[str]) -> str | None:
        """The one student that these point to; None if there is none, or more than one."""
        if number in self._numbers:
            return self._numbers[number]
        people: set[str] = set().union(*(self._names.get(plain(name), set()) for name in names))
        return people.pop() if len(people) == 1 else None


def plain(text: str) -> str:
    """Letters and digits alone, in one case: Canvas leaves nothing else of a name."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def _as_id(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^\w.@+-]+", "-", text).strip("-.")


def _target(upload: Upload, notebooks: list[str], uploads: Iterable[Upload]) -> str:
    """What the file is called under `submitted/`: as the assignment's notebook, if that is its name."""
    path = Path(upload.file)
    if path.suffix.lower() != ".ipynb":
        return upload.file
    names = {plain(name): name for name in notebooks}
    known = names.get(plain(path.stem)) or names.get(plain(COPY.sub("", path.stem)))
    if known is None or upload.system == "Canvas":  # there each copy is a submission of its own
        return f"{known}.ipynb" if known else upload.file
    same = replace(upload, path=upload.path.with_name(f"{known}.ipynb"), file=f"{known}.ipynb")
    taken = any(u.path == same.path and u.path != upload.path for u in uploads)
    return upload.file if taken else f"{known}.ipynb"
