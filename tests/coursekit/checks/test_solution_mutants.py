"""No small slip in a solution goes unnoticed: the cases catch every mutant that is not listed."""

from __future__ import annotations

import gc
import time

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


def test_a_mutant_whose_time_ends_while_garbage_is_collected_is_stopped() -> None:
    """Python swallows what is raised in a callback of the collection; hypothesis has one."""
    function = solution(
        "correlate1d",
        """import time

def correlate1d(signal, kernel):
    since = time.process_time()
    while time.process_time() - since < 2:
        rings = [[] for _ in range(1000)]
        for ring in rings:
            ring.append(ring)
    return [sum(signal[t + a] * kernel[a] for a in range(len(kernel)))
            for t in range(len(signal) - len(kernel) + 1)]
""",
    ).function()

    def slow(phase: str, information: object) -> None:
        since = time.process_time()
        while time.process_time() - since < 0.2:
            pass

    task = find_task("correlate1d")
    gc.callbacks.append(slow)
    try:
        assert is_caught(task, function, visible_cases(task)[:1])
    finally:
        gc.callbacks.remove(slow)


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
