"""Every limit on a submission, in one dataclass. Both sides read it; only the trusted side can change it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from coursekit.errors import ParameterError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a submission may use. `autograder/README.md` says what happens when each is reached.

    All of them are positive. Memory, processes, files and sizes hold for the submission as a whole
    or for each of its processes, as the comment says.
    """

    question_seconds: float = 5.0  # wall clock, one call of the student's function
    cell_seconds: float = 20.0  # wall clock, one cell
    notebook_seconds: float = 120.0  # wall clock, the notebook with all questions and replays
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
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise ParameterError(f"{field.name} must be a number > 0; got {value!r}")

    def as_dict(self) -> dict[str, float]:
        """The limits as plain numbers, for the jailed side."""
        return asdict(self)
