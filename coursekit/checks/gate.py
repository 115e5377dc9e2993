"""The mutation gate: do these cases catch every misconception, and tell each from all others?"""

from __future__ import annotations

from coursekit.checks.diagnosis import answers_of, diagnose
from coursekit.checks.examine import problem_of, right_answers
from coursekit.checks.task import Case, Task


def gate_failures(task: Task, cases: tuple[Case, ...]) -> list[str]:
    """Return one sentence for each way in which `cases` fail the gate; [] if they pass.

    They pass if every group has a case, and each misconception fails somewhere and is diagnosed as itself.
    """
    failures = [
        f"group {group.name!r} has no case"
        for group in task.groups
        if not any(case.group == group.name for case in cases)
    ]
    expected = right_answers(task, cases)
    answers = answers_of(task, cases)
    for misconception, outcomes in zip(task.misconceptions, answers, strict=True):
        problems = [
            problem_of(task, case, right, outcome)
            for case, right, outcome in zip(cases, expected, outcomes, strict=True)
        ]
        found = diagnose(task, answers, outcomes, problems, expected)
        named = [mistake.name for mistakes in found for mistake in mistakes]
        if not any(problems):
            failures.append(f"{misconception.name} passes every case")
        elif named != [misconception.name]:
            failures.append(f"{misconception.name} is diagnosed as {', '.join(named) or 'nothing'}")
    return failures
