"""Every limit: just under it code works, just over it comes what README.md says; how each is changed."""

from __future__ import annotations

import itertools
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from autograder.assignment import AssignmentNotebook
from autograder.course import Course, UsageError
from autograder.isolation_trials import VARIABLES
from autograder.limit_trials import TRIALS, LimitTrial
from autograder.limits import LEAST, NAMES, Limits, changed, from_texts
from autograder.result import Status
from autograder.run import run_notebook
from autograder.sample_class.answers import LOOPS
from autograder.sandbox.trusted.jail import Jail
from autograder.submission import repair
from coursekit.errors import ParameterError
from tests.autograder.conftest import answered, cells_of

REPOSITORY = Path(__file__).resolve().parents[2]
README = (REPOSITORY / "autograder" / "README.md").read_text(encoding="utf-8")


def every_trial() -> list[object]:
    ids = (f"{trial.limit}-{number}" for number, trial in enumerate(TRIALS))
    return [pytest.param(trial, id=name) for trial, name in zip(TRIALS, ids, strict=True)]


@pytest.mark.sandbox
@pytest.mark.parametrize("trial", every_trial())
def test_just_under_a_limit_code_works(jail: Jail, trial: LimitTrial) -> None:
    assert trial.works in trial.run(jail, trial.under)


@pytest.mark.sandbox
@pytest.mark.parametrize("trial", every_trial())
def test_just_over_a_limit_comes_what_is_documented(jail: Jail, trial: LimitTrial) -> None:
    shown = trial.run(jail, trial.over)
    assert trial.holds(shown), shown


def test_every_limit_is_tried_and_documented() -> None:
    assert {trial.limit for trial in TRIALS} == set(NAMES)
    table = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", README, re.MULTILINE)
    assert [name for name, _ in table if name in NAMES] == list(NAMES)


def test_the_readme_names_the_environment_of_a_submission() -> None:
    (documented,) = re.findall(r"^Environment: (.*)\.$", README, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", documented)) == VARIABLES


def with_answer(assignment: AssignmentNotebook, task: str, code: str) -> object:
    return repair(cells_of(answered(assignment, LOOPS | {task: code})), assignment).notebook


BURN_AFTER_FORK = """
import os
os.fork()
while True:
    pass
"""


@pytest.mark.sandbox
def test_processor_time_that_is_used_up_is_a_timeout_and_says_so(
    assignment: AssignmentNotebook, jail: Jail
) -> None:
    notebook = with_answer(assignment, "correlate2d", BURN_AFTER_FORK)
    with Jail(replace(jail.limits, cpu_seconds=3.0, cell_seconds=60.0, notebook_seconds=120.0)) as own:
        run = run_notebook(notebook, assignment, own, 1, "somebody")
    assert run.status is Status.TIMEOUT
    assert "more than 3 s of processor time" in run.message
    assert run.reports["correlate1d-check"].score == 2


@pytest.mark.sandbox
def test_processor_time_is_told_with_that_of_children(jail: Jail) -> None:
    child = "if os.fork() == 0:\n    while time.process_time() < 0.4: pass\n    os._exit(0)"
    with jail.session() as session:
        assert session.run_cell(f"import os, time\n{child}\n_ = os.wait()").outputs == []
    assert 0.35 < session.cpu_seconds < 3


@pytest.mark.sandbox
def test_children_that_nobody_waits_for_count_too(jail: Jail) -> None:
    burn = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel then adds their time to nobody's
while True:
    if os.fork() == 0:
        while time.process_time() < 0.3: pass
        os._exit(0)
    time.sleep(0.3)
"""
    trial = LimitTrial("cpu_seconds", {"cpu_seconds": 1}, "", "", ("ended: cpu",), "")
    assert trial.holds(trial.run(jail, burn))


@pytest.mark.sandbox
def test_with_the_least_that_can_be_set_an_empty_notebook_runs(jail: Jail) -> None:
    with Jail(replace(jail.limits, **LEAST)) as own, own.session() as session:
        assert session.run_cell("x = 1").outputs == []


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("question_seconds", 0, "question_seconds must be a number >= 0.01; got 0"),
        ("question_seconds", float("nan"), "got nan"),
        ("cell_seconds", float("inf"), "got inf"),
        ("cell_seconds", "5", "got '5'"),
        ("processes", 2.5, "processes must be an integer >= 2; got 2.5"),
        ("processes", True, "got True"),
        ("processes", 1, "got 1"),
        ("memory_bytes", 10**30, "memory_bytes must be an integer"),
        ("answer_bytes", -1, "got -1"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(name: str, value: object, rule: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(rule)):
        changed(Limits(), {name: value})


def test_limits_are_read_as_they_are_typed() -> None:
    typed = ["question_seconds=10", "memory_bytes = 1.5GiB", "processes=1_000", "cell_seconds=0.5"]
    assert from_texts(typed) == {
        "question_seconds": 10,
        "memory_bytes": 3 * 2**29,
        "processes": 1000,
        "cell_seconds": 0.5,
    }


@pytest.mark.parametrize(
    "text", ["question=1", "question_seconds", "question_seconds=", "question_seconds=1s",
             "question_seconds=1MiB", "processes=-1", "=1", "processes=1e3", "disk_bytes=64MB"]
)  # fmt: skip
def test_what_is_no_limit_is_refused_with_the_form_or_the_names(text: str) -> None:
    with pytest.raises(ParameterError, match=r"a limit must be (one of question_seconds, |written as in )"):
        from_texts([text])


def course(folder: Path, settings: str) -> Course:
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}\n", encoding="utf-8")
    return Course(folder)


def test_a_course_changes_its_limits_in_its_configuration(tmp_path: Path) -> None:
    changes = "c.AutograderLimits.question_seconds = 10\nc.AutograderLimits.processes = 64"
    assert course(tmp_path, changes).limits == Limits(question_seconds=10, processes=64)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("c.AutograderLimits.seconds = 10", "one of question_seconds, cell_seconds, .*; got 'seconds'"),
        ("c.AutograderLimits.processes = 'many'", "processes must be an integer >= 2; got 'many'"),
    ],
)
def test_a_wrong_limit_in_the_configuration_is_wrong_usage(tmp_path: Path, setting: str, says: str) -> None:
    with pytest.raises(UsageError, match=f"c.AutograderLimits in nbgrader_config.py: .*{says}"):
        _ = course(tmp_path, setting).limits


def test_every_field_can_be_changed_from_both_places(tmp_path: Path) -> None:
    for field, value in zip(fields(Limits), itertools.count(2**26 + 1), strict=False):
        assert getattr(changed(Limits(), from_texts([f"{field.name}={value}"])), field.name) == value
        assert (
            getattr(course(tmp_path, f"c.AutograderLimits.{field.name} = {value}").limits, field.name)
            == value
        )
