"""Target "answer": what the trusted side makes of a reply, from its JSON to the judgement and the notebook.

Whatever a reply says, it is an outcome that can be judged or a `WireError`; of a cell's outputs only text and
PNG pictures are kept, and cleaning them again changes nothing.
"""

from __future__ import annotations

import contextlib
import json
from functools import cache
from typing import Any

import numpy as np

from autograder.sandbox import wire
from autograder.sandbox.trusted import session
from autograder.sandbox.trusted.implementations import Implementations
from coursekit.checks.examine import problem_of, right_answers
from coursekit.checks.outcome import NoAnswer, Raised, Returned
from coursekit.checks.registry import find_task
from coursekit.checks.task import Case, Task
from tests.fuzz.bites import Bites

TASKS = (  # one for each rule by which answers are compared
    "convolve1d",
    "flip_difference",
    "counterexample",
    "edge_kernel",
    "match_template",
    "test_correlate2d",
    "pool2d",
    "count_parameters",
    "find_layer",
)
KEYS = {
    "stream": {"output_type", "name", "text"},
    "error": {"output_type", "ename", "evalue", "traceback"},
    "display_data": {"output_type", "data", "metadata"},
    "execute_result": {"output_type", "data", "metadata", "execution_count"},
}
OUTPUT_KEYS = ("output_type", "name", "text", "ename", "evalue", "traceback", "data", "image/png")


def try_input(data: bytes) -> None:
    """Read `data` as a reply in JSON with bytes behind it or, after an odd first byte, as a built one."""
    bites = Bites(data)
    built = bites.number() % 2
    if built:
        message, blob = build(bites), bites.rest()
    else:
        text, _, blob = bites.rest().partition(b"\0")
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
    clean(message)
    if isinstance(message, dict):
        judge(message, blob)
        call(message, blob)


def build(bites: Bites) -> dict[str, Any]:
    """Return a reply with any values under the keys that are looked at."""
    output: dict[str, Any] = {bites.choice(OUTPUT_KEYS): bites.json() for _ in range(bites.number() % 5)}
    output["output_type"] = bites.choice((*KEYS, "unknown"))
    names = ("undefined", "raised", "message", "trace", "returned", "routine", "call", "arguments")
    reply: dict[str, Any] = {bites.choice(names): bites.json() for _ in range(bites.number() % 5)}
    return reply | {"outputs": [output, bites.json()]} | output


def clean(message: object) -> None:
    """Clean the message as one output and as many, twice."""
    outputs = message.get("outputs") if isinstance(message, dict) else message
    for output in (message, *(outputs if isinstance(outputs, list) else [])):
        kept = session.clean_output(output)
        assert session.clean_output(kept) == kept
        if kept is not None:
            assert set(kept) == KEYS[kept["output_type"]]
            assert set(kept.get("data", {})) <= {"text/plain", "image/png"}
            json.dumps(kept).encode("utf-8")  # lone surrogates would not be written to a file


def judge(message: dict[str, Any], blob: bytes) -> None:
    """Take the message as an answer to a question of every task."""
    with contextlib.suppress(wire.WireError):
        outcome = session._outcome(message, blob)
        assert isinstance(outcome, Returned | Raised | NoAnswer)
        for task, case, right in questions():
            read = task.outcome_to_judge(case, outcome)
            problem_of(task, case, right, read)
            if isinstance(read, Returned):
                task.rule.same(read.value, read.value)


def call(message: dict[str, Any], blob: bytes) -> None:
    """Take the message as a call of an implementation that stays on the trusted side."""
    (case,) = [case for task, case, _ in questions() if task.name == "test_correlate2d"]
    with contextlib.suppress(wire.WireError):
        reply, data = Implementations(case.arguments, 3).answer(message, blob)
        assert set(reply) in ({"result"}, {"raised", "message"})
        wire.decode(reply.get("result", {"t": "none"}), data)


@cache
def questions() -> list[tuple[Task, Case, object]]:
    """One question of each task, with its right answer."""
    tasks = [find_task(name) for name in TASKS]
    cases = [task.generate(np.random.default_rng(0))[0] for task in tasks]
    return [(task, case, right_answers(task, (case,))[0]) for task, case in zip(tasks, cases, strict=True)]
