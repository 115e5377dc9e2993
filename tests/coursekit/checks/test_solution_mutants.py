"""No small slip in a solution goes unnoticed: the cases catch every mutant that is not listed."""

from __future__ import annotations

import pytest

from coursekit.checks import Task, find_task, fresh_cases, visible_cases
from coursekit.checks.registry import all_tasks
from tools.mutants.equivalent import equivalents
from tools.mutants.gate import SEEDS, Survivor, outdated, survivors_of, unlisted
from tools.mutants.generate import Mutant, mutants_of
from tools.mutants.judge import catching, is_caught
from tools.mutants.solutions import STUDENT, Solution, solution_of

REPAIR = """
Repair: let `generate` of the task draw a case that tells the two apart, or write the solution without what
makes no difference. If no case that the notebook allows can tell them apart, list the change with its reason
in tools/mutants/equivalent.toml. `python tools/kill_matrix.py --survivors TASK` prints the rows."""


def told(task: Task, survivors: list[Survivor]) -> str:
    lines = [f"mutants of {task.name} that the cases do not catch:"]
    for survivor in survivors:
        lines += [
            f"  {survivor.mutant.operator}, passes {', '.join(survivor.passes)}",
            f"    before: {survivor.mutant.before}",
            f"    after:  {survivor.mutant.after}",
        ]
    return "\n".join([*lines, REPAIR])


@pytest.mark.parametrize("name", all_tasks())
def test_every_mutant_of_the_solution_is_caught_or_listed_as_equivalent(name: str) -> None:
    task = find_task(name)
    solution = solution_of(task)
    assert solution is not None, f"no notebook in solutions/{task.stem} has a cell {name}-answer"
    for cases in (visible_cases(task, STUDENT), *(fresh_cases(task, seed, STUDENT) for seed in SEEDS)):
        assert not is_caught(task, solution.function(), cases), f"the solution of {name} loses points"
    survivors = survivors_of(solution, mutants_of(solution.source))
    assert not unlisted(task, survivors), told(task, unlisted(task, survivors))
    gone = [f"\n    before: {before}\n    after:  {after}" for before, after in outdated(task, survivors)]
    assert not gone, f"tools/mutants/equivalent.toml lists what is caught now, or no mutant any more: {gone}"


def test_every_listed_equivalent_has_a_task_and_a_reason() -> None:
    for row in equivalents():
        assert row.task in all_tasks()
        assert row.changes and len(row.reason) > 20 and row.reason.endswith(".")


def solution(name: str, source: str) -> Solution:
    return Solution(find_task(name), source, "import numpy as np")


def test_an_endless_mutant_is_caught() -> None:
    endless = solution("correlate1d", "def correlate1d(signal, kernel):\n    while True:\n        pass")
    assert is_caught(endless.task, endless.function(), visible_cases(endless.task)[:1])


def test_a_mutant_that_only_one_case_tells_apart_is_caught_there() -> None:
    odd = solution(
        "correlate1d",
        "def correlate1d(signal, kernel):\n"
        "    return np.correlate(signal, kernel) + (len(kernel) == 1 and len(signal) == 1)",
    )
    assert catching(odd.task, odd.function(), visible_cases(odd.task)) == [True] + [False] * 17


def test_a_survivor_is_named_with_its_line_and_what_to_do_and_a_listed_one_must_survive() -> None:
    needless = solution(
        "correlate1d",
        "def correlate1d(signal, kernel):\n"
        "    order = 7\n"
        "    return np.correlate(signal, kernel) + 0 * order",
    )
    survivors = survivors_of(needless, mutants_of(needless.source))
    assert ("order = 7", "order = 8") in [survivor.change for survivor in survivors]
    message = told(needless.task, unlisted(needless.task, survivors))
    assert (
        "before: order = 7" in message
        and "passes visible, fresh 0, fresh 1" in message
        and "Repair" in message
    )
    assert unlisted(needless.task, survivors) == survivors
    template = find_task("match_template")
    assert ("score = 0.0", "score = -1.0") in outdated(template, [])
    row = next(row for row in equivalents() if row.task == "match_template")
    listed = [Survivor(Mutant("any", before, after, ""), ("visible",)) for before, after in row.changes]
    assert unlisted(template, listed) == []
    assert len(unlisted(template, listed * 2)) == len(listed)
