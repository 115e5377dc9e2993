"""TRUSTED: CSV that no spreadsheet executes, and CSV of others in which one column is changed, no more."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from autograder.course import UsageError

BOM = "\ufeff"  # tells Excel that the file is UTF-8
FORMULA = re.compile(
    r"[\t\r\n]|\s*[=+\-@＝＋－＠]"
)  # what spreadsheets take for a formula, also after blanks
QUOTED = re.compile(r'"(?:[^"]|"")*"')
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Exported:
    """The text of a file, and what the instructor should be told about it."""

    text: str
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Options:
    """How to export: see `autograder export --help`. `template` is the text of the downloaded file."""

    per_task: bool = False
    template: str | None = None
    column: str = ""
    scale: bool = False


def harmless(text: str) -> str:
    """`text` so that a spreadsheet shows it: an apostrophe stands before what would begin a formula.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def points(score: float | None) -> str:
    """A score with a decimal point and up to four decimals; "" where there is none."""
    if score is None:
        return ""
    return f"{score:.4f}".rstrip("0").rstrip(".")


def write_table(rows: Iterable[Sequence[str]]) -> str:
    """CSV text: commas, every field in quotes (so that no other separator splits it), CRLF."""
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([harmless(field) for field in row] for row in rows)
    return target.getvalue()


@dataclass
class RawRow:
    """The fields of one row exactly as they stand in the file, quotes included, and the end of the line."""

    fields: list[str]
    end: str

    def value(self, index: int) -> str:
        """What the field says; "" where the row is too short."""
        if index >= len(self.fields):
            return ""
        raw = self.fields[index].strip()
        quoted = len(raw) > 1 and raw[0] == raw[-1] == '"'
        return raw[1:-1].replace('""', '"') if quoted else raw

    def put(self, index: int, value: str) -> None:
        """Replace one field; the others keep their bytes."""
        needs_quotes = any(sign in value for sign in '",;\t\r\n')
        self.fields[index] = '"' + value.replace('"', '""') + '"' if needs_quotes else value


class RawTable:
    """A CSV file of another system, kept byte for byte except where `RawRow.put` writes.

    UsageError, naming `--template`, if it cannot be one.
    """

    def __init__(self, text: str) -> None:
        self.bom = BOM if text.startswith(BOM) else ""
        self._text = text.removeprefix(BOM)
        bare = QUOTED.sub("", self._text).splitlines() or [""]
        self.separator = max(",;\t", key=bare[0].count)
        self.rows = list(self._split())
        if not self.rows:
            raise UsageError("--template must be a CSV file with a row of column names; got an empty file")
        self.header = [self.rows[0].value(index) for index in range(len(self.rows[0].fields))]

    def _split(self) -> Iterable[RawRow]:
        sign = re.escape(self.separator)
        raw_field = re.compile(rf' *"(?:[^"]|"")*"[^{sign}\r\n]*|[^{sign}\r\n]*')
        place, fields = 0, []
        while place < len(self._text):
            found = raw_field.match(self._text, place)
            raw = found.group() if found else ""
            if raw.lstrip(" ").startswith('"') and raw.count('"') % 2:
                line = self._text.count("\n", 0, place) + 1
                raise UsageError(f"--template must be a CSV file; the quote in line {line} is never closed")
            fields.append(raw)
            place += len(raw)
            end = re.compile(r"\r\n|\r|\n|").match(self._text, place)
            if self._text.startswith(self.separator, place):
                place += 1
                if place == len(self._text):  # the file ends in a separator: an empty last field
                    yield RawRow([*fields, ""], "")
                continue
            line_end = end.group() if end else ""
            place += len(line_end)
            yield RawRow(fields, line_end)
            fields = []

    def column(self, *names: str) -> int:
        """The place of the first column that has one of these names, ignoring case; -1 if there is none."""
        wanted = [name.casefold() for name in names]
        return next((i for i, name in enumerate(self.header) if name.strip().casefold() in wanted), -1)

    def text(self) -> str:
        """The file again."""
        return self.bom + "".join(self.separator.join(row.fields) + row.end for row in self.rows)


def read_template(read: Callable[[], bytes], name: str) -> str:
    """The text of a downloaded file. UsageError if it cannot be read or is not UTF-8."""
    try:
        return read().decode("utf-8")
    except OSError as error:
        raise UsageError(
            f"--template must be a file that can be read; got {name!r}: {error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"--template must be UTF-8, as it was downloaded; got {name!r}: {error.reason}"
        ) from error
