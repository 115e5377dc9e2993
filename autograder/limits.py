"""Every limit on a submission, in one dataclass. Both sides read it; only the trusted side can change it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace

from coursekit.errors import ParameterError

MEBIBYTE = 1024 * 1024
SIZES = {"": 1, "KiB": 1024, "MiB": MEBIBYTE, "GiB": 1024 * MEBIBYTE}
AMOUNT = re.compile(r"(\d[\d_]*(?:\.\d+)?)\s*(KiB|MiB|GiB|)")
LEAST_SECONDS = 0.01  # of every time
# With less than this not even an empty notebook runs; 1 is the least of what is not named.
LEAST = {
    "memory_bytes": 16 * MEBIBYTE,
    "processes": 2,
    "open_files": 16,
    "file_bytes": 4096,
    "disk_bytes": 4096,
    "output_bytes": 1024,
    "answer_bytes": 4096,
    "notebook_bytes": 1024,
}
MOST = 2**50  # of every limit: more is no limit, and the kernel's own numbers end at 2**63


@dataclass(frozen=True)
class Limits:
    """What a submission may use. `autograder/README.md` says what happens when each is reached.

    Times are numbers of seconds, the others integers. Memory, processes, files and sizes hold for the
    submission as a whole or for each of its processes, as the comment says.
    """

    question_seconds: float = 5.0  # wall clock, one call of the student's function
    cell_seconds: float = 20.0  # wall clock, one cell
    notebook_seconds: float = 120.0  # wall clock, the notebook with all questions and replays
    cpu_seconds: float = 120.0  # processor time of all its processes, the notebook with all replays
    memory_bytes: int = 1024 * MEBIBYTE  # each process's address space and the sum of resident memory
    processes: int = 32  # processes and threads together
    open_files: int = 128  # each process
    file_bytes: int = 32 * MEBIBYTE  # the largest file that can be written
    disk_bytes: int = 64 * MEBIBYTE  # home folder, /tmp and /dev/shm, each
    output_bytes: int = 2 * MEBIBYTE  # what one cell may print or show; a notebook, eight times as much
    implementation_calls: int = 1_000  # by one student's test of one implementation
    answer_bytes: int = 4 * MEBIBYTE  # one answer, with its inputs sent back
    notebook_bytes: int = 64 * MEBIBYTE  # the submitted file

    def __post_init__(self) -> None:
        for field in fields(self):
            _require(field.name, getattr(self, field.name))

    def as_dict(self) -> dict[str, float]:
        """The limits as plain numbers, for the jailed side."""
        return asdict(self)


NAMES = tuple(field.name for field in fields(Limits))


def _require(name: str, value: object) -> None:
    """ParameterError unless `value` can be the limit `name`."""
    is_time = name.endswith("_seconds")
    kind, least = ("a number", LEAST_SECONDS) if is_time else ("an integer", LEAST.get(name, 1))
    allowed = (int, float) if is_time else (int,)
    right_kind = isinstance(value, allowed) and not isinstance(value, bool)
    if not right_kind or not math.isfinite(value) or not least <= value <= MOST:  # type: ignore[operator,arg-type]
        raise ParameterError(f"{name} must be {kind} >= {least}; got {value!r}")


def changed(limits: Limits, changes: Mapping[str, object]) -> Limits:
    """Return `limits` with these changes; ParameterError for an unknown name or a value that cannot be."""
    for name in changes:
        if name not in NAMES:
            raise ParameterError(f"a limit must be one of {', '.join(NAMES)}; got {name!r}")
    return replace(limits, **changes)  # type: ignore[arg-type]  # __post_init__ looks at each


def from_texts(texts: Iterable[str]) -> dict[str, object]:
    """Read "question_seconds=10" and "memory_bytes=512MiB", as typed on a command line.

    A size may be given in KiB, MiB or GiB. ParameterError for what has no such form.
    """
    changes: dict[str, object] = {}
    for text in texts:
        name, _, amount = (part.strip() for part in text.partition("="))
        if name not in NAMES:
            raise ParameterError(f"a limit must be one of {', '.join(NAMES)}; got {name!r}")
        found = AMOUNT.fullmatch(amount)
        if found is None or (found[2] and not name.endswith("_bytes")):
            form = f"{name}=512MiB" if name.endswith("_bytes") else f"{name}=10"
            raise ParameterError(f"a limit must be written as in {form}; got {text!r}")
        number = float(found[1]) * SIZES[found[2]]
        changes[name] = int(number) if number.is_integer() and not name.endswith("_seconds") else number
    return changes
