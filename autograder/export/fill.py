"""TRUSTED: puts grades into a file that another system wrote: who is who there, out of how many points."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from autograder.course import UsageError
from autograder.export.grades import ClassGrades, Person, Sheet
from autograder.export.table import Options, RawRow, points

Keys = list[tuple[str, str]]  # what a row says of its student, by "id", "lms", "email", "name", "number"
NAMED = 5  # students are named in a note up to this many


@dataclass(frozen=True)
class Column:
    """A column to fill: its place, what goes into it (None: nothing), which values stay (in capitals)."""

    place: int
    text: Callable[[Person], str | None]
    keep: frozenset[str] = frozenset()


def fill(
    rows: Iterable[RawRow], keys: Callable[[RawRow], Keys], columns: list[Column], grades: ClassGrades
) -> list[str]:
    """Write into the rows of students that are found without doubt; what to tell the instructor.

    An ungraded student's cells stay as they are.
    """
    lookup = _Lookup(grades.people)
    found = [(row, lookup.find(keys(row))) for row in rows]
    times = Counter(person for _, person in found if person)
    kept = 0
    for row, person in found:
        if person is None or times[person] > 1:
            continue
        for column in columns:
            text = column.text(person)
            if text is None:
                continue
            if row.value(column.place).strip().upper() in column.keep:
                kept += 1
            else:
                row.fields += [""] * (column.place + 1 - len(row.fields))
                row.put(column.place, text)
    return _notes(grades, columns, times, kept, sum(person is None for _, person in found))


def _notes(
    grades: ClassGrades, columns: list[Column], times: Mapping[Person, int], kept: int, strangers: int
) -> list[str]:
    graded = [p for p in grades.people if any(column.text(p) is not None for column in columns)]
    absent = [person.id for person in graded if not times[person]]
    twice = [person.id for person in graded if times[person] > 1]
    told = []
    if absent:
        told.append(f"graded, but not in the template: {_some(absent)}")
    if twice:
        told.append(f"in the template more than once, left as they were: {_some(twice)}")
    if strangers:
        told.append(f"{strangers} of the template are not in the gradebook, left as they were")
    if kept:
        told.append(f"{kept} excused or not assigned (EX, N/A) in the template, left as they were")
    return told


def _some(students: list[str]) -> str:
    more = len(students) - NAMED
    return ", ".join(map(ascii_if_odd, students[:NAMED])) + (f" and {more} more" if more > 0 else "")


def ascii_if_odd(text: str) -> str:
    """`text` for the terminal: an id with control characters is shown escaped."""
    return text if text.isprintable() else ascii(text)


class _Lookup:
    """Students by everything that identifies them."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._found: dict[tuple[str, str], set[Person]] = defaultdict(set)
        for person in people:
            name = f"{person.first_name} {person.last_name}".strip()
            number = "" if person.email or name else person.id  # beside them a mere number could be another's
            known = {"id": person.id, "lms": person.lms_user_id, "email": person.email, "name": name}
            for key, value in {**known, "number": number}.items():
                if value:
                    self._found[key, value.casefold()].add(person)

    def find(self, keys: Keys) -> Person | None:
        """The one student that the keys point to; None if there is none, or if they point to several."""
        asked = [(key, value.strip().casefold()) for key, value in keys if value.strip()]
        matches = [(key, self._found.get((key, value), set())) for key, value in asked]
        certain = [found for key, found in matches if len(found) == 1]
        by_number = [found for key, found in matches if key == "lms" and len(found) == 1]
        people: set[Person] = set().union(*(by_number or certain))
        return people.pop() if len(people) == 1 else None


def factor(stem: str, max_score: float, theirs: str, where: str, scale: bool) -> float:
    """What to multiply our scores with: 1, or with `--scale` whatever makes full marks theirs.

    UsageError if the other system counts other points: 11 of 11 must not silently become 11 of 100.
    """
    text = theirs.strip()
    if not re.fullmatch(r"[0-9]+([.,][0-9]+)?", text):
        return 1.0  # it says nothing about points
    maximum = float(text.replace(",", "."))
    if abs(maximum - max_score) < 1e-6:
        return 1.0
    if scale and max_score:
        return maximum / max_score
    raise UsageError(
        f"{where} must have {points(max_score)} points, as {stem} has; got {text}: "
        "change it there, or use --scale"
    )


def named_columns(sheet: Sheet, options: Options) -> dict[str, tuple[float, str]]:
    """Points and task ("" for the whole) by column name. Tasks stand without the total, or count twice."""
    base = options.column or sheet.stem
    if options.per_task:
        return {f"{base} {task}": (most, task) for task, most in sheet.tasks.items()}
    return {base: (sheet.max_score, "")}


def scores(sheet: Sheet, task: str = "", times: float = 1.0) -> Callable[[Person], str | None]:
    """The score of a task, or of the whole assignment, as text by person; None where there is none."""

    def text(person: Person) -> str | None:
        grade = sheet.grades.get(person.id)
        score = (
            None if grade is None or grade.score is None else grade.tasks.get(task) if task else grade.score
        )
        return None if score is None else points(score * times)

    return text
