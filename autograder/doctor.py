"""TRUSTED: tries whether this machine can grade, by doing it, and says what to do where it cannot."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from autograder.sandbox.trusted.jail import Jail, SandboxError, bubblewrap
from autograder.sandbox.trusted.session import Session, SubmissionEnded
from coursekit.checks.outcome import Returned

# what a submission must not be able to do: (what it is, code that prints True if it can)
FORBIDDEN = (
    (
        "reach the network",
        "import socket; s = socket.socket(); print(s.connect_ex(('192.0.2.1', 80)) in (0, 11, 110))",
    ),
    ("see another process", "import os; print(bool(os.listdir('/proc')))"),
    (
        "read the reference",
        "import importlib.util; print(bool(importlib.util.find_spec('coursekit.reference')))",
    ),
    ("read the judge", "import importlib.util; print(bool(importlib.util.find_spec('autograder.judge')))"),
    (
        "write to the system",
        "import os; print(any(os.access(p, os.W_OK) for p in ('/', '/usr', '/dev', '/course')))",
    ),
    ("hold unmapped memory", "import ctypes; print(ctypes.CDLL(None).memfd_create(b'm', 0) >= 0)"),
    ("make a namespace", "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000) == 0)"),
)


def examine_machine(say: Callable[[str], None]) -> list[str]:
    """Try everything that grading rests on; tell each finding through `say`; the problems found."""
    say(f"Python {sys.version.split()[0]}, NumPy {np.__version__}")
    try:
        say(f"bubblewrap: {bubblewrap()}")
        started = time.monotonic()
        with Jail() as jail:
            jail.start()
            say(f"fork server: ready after {time.monotonic() - started:.1f} s")
            with jail.session() as session:
                problems = _try_everything(session, say)
    except (SandboxError, SubmissionEnded) as error:
        say(f"PROBLEM: {error}")
        return [str(error)]
    say("This machine can grade." if not problems else "This machine must not grade before that is mended.")
    return problems


def _try_everything(session: Session, say: Callable[[str], None]) -> list[str]:
    problems = []
    session.run_cell("def double(values):\n    return 2 * values")
    started = time.monotonic()
    outcome = session.ask("double", [np.arange(3)])
    took = 1000 * (time.monotonic() - started)
    if isinstance(outcome, Returned) and np.array_equal(np.asarray(outcome.value), [0, 2, 4]):
        say(f"a question: answered in {took:.1f} ms")
    else:
        problems.append(f"a question was not answered: {outcome}")
    for what, code in FORBIDDEN:
        printed = "".join(output.get("text", "") for output in session.run_cell(code).outputs)
        if printed.strip() == "False":
            say(f"a submission cannot {what}")
        else:
            problems.append(f"a submission can {what}, or the trial failed: {printed.strip()!r}")
    for problem in problems:
        say(f"PROBLEM: {problem}")
    return problems
