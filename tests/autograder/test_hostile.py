"""Every submission in tests/hostile ends as its folder says, in the real sandbox, and leaves nothing behind.

They are graded a few at a time, each worker in a jail of its own: many of them only wait for a limit.
"""

from __future__ import annotations

import base64
import math
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from autograder.assignment import AssignmentNotebook
from autograder.sandbox.trusted.jail import Jail
from autograder.sandbox.trusted.pictures import MOST_PIXELS, clean_picture
from autograder.sandbox.trusted.session import MOST_COLOURS
from tests.autograder.conftest import REPOSITORY
from tests.autograder.hostile_class import (
    FILE_FOLDERS,
    MOST_SECONDS,
    RUN_FOLDERS,
    TASKS,
    TINY,
    Graded,
    Submission,
    docstring,
    files_of,
    grade_submission,
    run_submissions,
)

AT_ONCE = 3
SUBMISSIONS = [pytest.param(submission, id=submission.name) for submission in run_submissions()]
Look = Callable[[Submission], Graded]


@pytest.fixture(scope="module")
def graded(request: pytest.FixtureRequest, assignment: AssignmentNotebook) -> Iterator[Look]:
    """Grade every submission that a test of this run asks for, several at once."""
    own, jails = threading.local(), []

    def grade(submission: Submission) -> Graded:
        if not hasattr(own, "jail"):
            own.jail = Jail(TINY, hidden=[REPOSITORY])
            jails.append(own.jail)
        for _ in range(submission.tries):
            done = grade_submission(submission, assignment, own.jail)
            if done.score == submission.points:
                break
        return done

    items: list[Any] = [item for item in request.session.items if item.path == request.node.path]
    asked = [item.callspec.params.get("submission") for item in items if hasattr(item, "callspec")]
    with ThreadPoolExecutor(AT_ONCE) as pool:  # bubblewrap ends with the thread that started it
        futures: dict[Submission, Future[Graded]] = {one: pool.submit(grade, one) for one in asked if one}
        yield lambda submission: futures[submission].result()
        for future in futures.values():
            future.cancel()
        for jail in jails:
            jail.close()


@pytest.mark.sandbox
@pytest.mark.parametrize("submission", SUBMISSIONS)
def test_a_hostile_submission_ends_as_its_folder_says(submission: Submission, graded: Look) -> None:
    done = graded(submission)
    told = {name: report.headline for name, report in done.run.reports.items()}
    assert set(told) == {f"{task}-check" for task in TASKS}, "every task is judged, whatever happens"
    assert done.score == submission.points, (told, done.run.message)
    assert str(done.run.status) in submission.statuses, (done.run.message, told)
    outputs = [out for cell in done.notebook.cells for out in cell.get("outputs", [])]
    errors = [out.evalue for out in outputs if out.output_type == "error"]
    assert not [text for text in errors if text.startswith(("ESCAPED", "WROTE"))]
    assert not (submission.is_under and errors), "under the limit nothing fails"
    assert_harmless_to_its_reader(outputs)
    assert done.honest_after == 2, "the next submission suffers"
    assert done.leftovers == [], "the next submission finds something"
    for secret in (f"{done.seed}", f"{done.seed:x}", f"{done.seed + 1}"):
        assert secret not in done.everything
    assert done.seconds < MOST_SECONDS


def assert_harmless_to_its_reader(outputs: list[Any]) -> None:
    """Only text and small pictures, of which nothing but pixels is left; few colour codes."""
    pixels = 0
    for out in outputs:
        data = out.get("data", {})
        ours = "text/html" in data and data["text/plain"].replace(".", "").isdigit()  # the judge's report
        assert ours or set(data) <= {"text/plain", "image/png"}
        text = "".join([out.get("text", ""), data.get("text/plain", ""), *out.get("traceback", [])])
        assert text.count("\x1b") <= MOST_COLOURS
        if "image/png" in data:
            content = base64.b64decode(data["image/png"])
            assert clean_picture(content) is not None
            assert b"PWNED" not in content
            pixels += math.prod(struct.unpack(">II", content[16:24]))
    assert pixels <= MOST_PIXELS


def test_there_are_at_least_eighty_and_each_says_what_it_tries() -> None:
    paths = [path for folder in (*RUN_FOLDERS, *FILE_FOLDERS) for path in files_of(folder)]
    assert len(paths) >= 80
    assert len({path.stem for path in paths}) == len(paths), "one file per idea"
    for path in paths:
        first = docstring(path).split("\n")[0]
        assert len(first.split()) >= 3, path
        assert first.endswith("."), path
