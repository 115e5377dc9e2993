"""TRUSTED: a small program just under each limit and one just over it, for the doctor and the tests.

A trial runs in the real jail with a small limit, so that all of them take some seconds. What it shows is what
an instructor would see: what the cell printed or raised, what was answered, and how the submission ended.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autograder.limits import MEBIBYTE, Limits, changed
from autograder.sandbox.trusted.jail import Jail
from autograder.sandbox.trusted.session import Session, SubmissionEnded
from autograder.submission import InvalidSubmission, read_submission
from coursekit.checks.implementation import Implementation
from coursekit.checks.outcome import Outcome, Returned

KIBIBYTE = 1024
WATCHED = ("memory", "processes", "cpu")  # limits that the watchdog holds
EMPTY_NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'

Look = Callable[[Jail, Limits, str, Sequence[object]], str]


@dataclass(frozen=True)
class LimitTrial:
    """A limit, made small by `changes`, and code just under it and just over it.

    `works` is in what the first shows, one of `meets` in what the second shows.
    """

    limit: str
    changes: dict[str, object]
    under: str
    over: str
    meets: tuple[str, ...]
    outcome: str  # in the doctor's words
    works: str = "done"
    question: tuple[object, ...] | None = None  # the arguments of `f`, if the code defines it to be asked
    look: Look | None = field(default=None, repr=False)

    def run(self, jail: Jail, code: str) -> str:
        """Run `code` under the small limit and say what happened."""
        limits = changed(jail.limits, self.changes)
        return (self.look or in_a_cell)(jail, limits, code, self.question or ())

    def holds(self, shown: str) -> bool:
        """True if `shown`, of the code over the limit, is what the promise says."""
        return any(words in shown for words in self.meets)


def text_of(outputs: Sequence[dict[str, Any]]) -> str:
    """All that a cell printed and raised."""
    texts = (out.get("text", "") or f"{out.get('ename', '')}: {out.get('evalue', '')}" for out in outputs)
    return "".join(texts)


def in_a_cell(jail: Jail, limits: Limits, code: str, question: Sequence[object]) -> str:
    """Run `code` as a cell, then ask `f(*question)` if it is there: what came, and how it ended if it did."""
    shown, session = "", None
    try:
        with jail.session(limits=limits) as session:
            shown = text_of(session.run_cell(code).outputs)
            if question:
                shown += _answer(session.ask("f", question))
    except SubmissionEnded as error:
        shown += f"ended: {_reason(session, error)}"
    return shown


def _reason(session: Session | None, error: SubmissionEnded) -> str:
    return session.ended if session is not None and session.ended in WATCHED else error.reason


def _answer(outcome: Outcome) -> str:
    return "done" if isinstance(outcome, Returned) else repr(outcome)


def _as_a_file(jail: Jail, limits: Limits, code: str, question: Sequence[object]) -> str:
    """Read a submitted file of that text; no student's code runs for it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notebook.ipynb"
        path.write_text(code, encoding="utf-8")
        try:
            read_submission(path, limits.notebook_bytes)
        except InvalidSubmission as error:
            return f"invalid: {error}"
    return "done"


def _same(values: np.ndarray) -> np.ndarray:
    return values


SUBJECT = Implementation(_same, ("values",))
CALLS = "def f(subject):\n    for _ in range({}):\n        subject([1])"
ANSWER = "import numpy as np\ndef f(number):\n    return np.zeros({})"
HOLD = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        {}
        time.sleep({})
        os._exit(0)
time.sleep({})
print("done")
"""
BURN = """
import os, time
for _ in range({}):
    if os.fork() == 0:
        break
while time.process_time() < {}:
    pass
print("done")
"""
THREADS = """
import threading
stop = threading.Event()
try:
    for _ in range({}):
        threading.Thread(target=stop.wait, args=(5,), daemon=True).start()
    print("done")
except RuntimeError as error:
    print(error)
stop.set()
"""
FILL = """
import os
for folder in (".", "/tmp", "/dev/shm"):
    try:
        for number in range({}):
            with open(os.path.join(folder, str(number)), "wb") as file:
                file.write(bytes(64 * 1024))
        print("done")
    except OSError as error:
        print(error.strerror)
"""

TRIALS = (
    LimitTrial(
        "question_seconds",
        {"question_seconds": 1},
        "import time\ndef f(number):\n    time.sleep(0.01)",
        "import time\ndef f(number):\n    time.sleep(60)",
        ("ended: timeout",),
        "the answer is stopped; verdict timeout",
        question=(1,),
    ),
    LimitTrial(
        "cell_seconds",
        {"cell_seconds": 1},
        "import time\ntime.sleep(0.01)\nprint('done')",
        "while True:\n    pass",
        ("ended: timeout",),
        "the cell is stopped; status timeout",
    ),
    LimitTrial(
        "notebook_seconds",
        {"notebook_seconds": 1},
        "import time\ntime.sleep(0.01)\nprint('done')",
        "import time\ntime.sleep(60)",
        ("ended: timeout",),
        "the rest is not asked; status timeout",
    ),
    LimitTrial(
        "cpu_seconds",
        {"cpu_seconds": 1},
        BURN.format(0, 0.3),
        BURN.format(2, 20),
        ("ended: cpu",),
        "all its processes are ended; status timeout",
    ),
    LimitTrial(
        "memory_bytes",
        {"memory_bytes": 128 * MEBIBYTE},
        f"held = bytearray({64 * MEBIBYTE})\nprint('done')",
        f"held = bytearray({160 * MEBIBYTE})",
        ("MemoryError",),
        "MemoryError in one process; status memory",
    ),
    LimitTrial(
        "memory_bytes",
        {"memory_bytes": 96 * MEBIBYTE, "disk_bytes": MEBIBYTE},
        HOLD.format(f"held = bytearray({8 * MEBIBYTE})", 0, 0),
        HOLD.format(f"held = b'x' * {64 * MEBIBYTE}", 5, 5),
        ("ended: memory",),
        "several together are ended; status memory",
    ),
    LimitTrial(
        "processes",
        {"processes": 8},
        THREADS.format(4),
        THREADS.format(60),
        ("can't start new thread", "ended: processes"),
        "no more start, or all are ended",
    ),
    LimitTrial(
        "open_files",
        {"open_files": 32},
        "held = [open('/dev/null') for _ in range(20)]\nprint('done')",
        "held = [open('/dev/null') for _ in range(33)]",
        ("Too many open files",),
        "OSError in the cell",
    ),
    LimitTrial(
        "file_bytes",
        {"file_bytes": 64 * KIBIBYTE},
        f"open('file', 'wb').write(bytes({64 * KIBIBYTE}))\nprint('done')",
        f"file = open('file', 'wb', buffering=0)\nfile.write(bytes({64 * KIBIBYTE}))\nfile.write(b'x')",
        ("File too large",),
        "OSError in the cell",
    ),
    LimitTrial(
        "disk_bytes",
        {"disk_bytes": MEBIBYTE},
        FILL.format(8),
        FILL.format(17),
        ("No space left on device\nNo space left on device\nNo space left on device\n",),
        "OSError in the cell, in each folder",
        works="done\ndone\ndone\n",
    ),
    LimitTrial(
        "output_bytes",
        {"output_bytes": 4 * KIBIBYTE},
        "print('x' * 3_000)\nprint('done')",
        "print('x' * 5_000)",
        ("over the limit",),
        "the rest is left out, the cell goes on",
    ),
    LimitTrial(
        "answer_bytes",
        {"answer_bytes": 64 * KIBIBYTE},
        ANSWER.format(7_000),
        ANSWER.format(9_000),
        ("ended: crashed",),
        "no answer; verdict crashed",
        question=(1,),
    ),
    LimitTrial(
        "implementation_calls",
        {"implementation_calls": 10},
        CALLS.format(10),
        CALLS.format(11),
        ("ended: crashed",),
        "no answer; verdict crashed",
        question=(SUBJECT,),
    ),
    LimitTrial(
        "notebook_bytes",
        {"notebook_bytes": KIBIBYTE},
        EMPTY_NOTEBOOK,
        EMPTY_NOTEBOOK + " " * KIBIBYTE,
        ("invalid",),
        "status invalid, and the reason",
        look=_as_a_file,
    ),
)
