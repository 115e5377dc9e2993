"""The kill matrix of a task: which visible case catches which mistake, and which mutant of the solution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coursekit.checks import Case, Misconception, Task, examine, visible_cases
from coursekit.checks.calling import call_with_hidden
from coursekit.checks.diagnosis import answers_of, diagnose
from coursekit.checks.examine import problem_of, right_answers
from coursekit.checks.mistakes import Mistakes, pairs, wrong_answer

from .gate import survivors_of
from .generate import Mutant, mutants_of
from .judge import catching
from .operators import OPERATORS
from .solutions import STUDENT, solution_of

# What a student is told who makes two mistakes together.
BOTH, ONE, OTHERS, NOTHING, NO_LOSS = "both", "one", "others", "nothing", "no loss"


@dataclass(frozen=True)
class Killed:
    """A misconception, the visible cases that catch it, and the points that it leaves."""

    misconception: Misconception
    caught: tuple[bool, ...]
    points_left: float


@dataclass(frozen=True)
class OperatorRow:
    """The mutants that one operator makes of a solution: which visible cases catch each of them."""

    operator: str
    caught: tuple[tuple[bool, ...], ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of these mutants that each case catches."""
        return tuple(sum(column) / len(self.caught) for column in zip(*self.caught, strict=True))


@dataclass(frozen=True)
class Matrix:
    """All that is known about how well the cases of one task catch mistakes.

    `told` counts the pairs of misconceptions by what a student is told who makes both.
    `equivalent` counts the mutants that no case can catch, with a reason written down.
    """

    task: Task
    cases: tuple[Case, ...]
    mistakes: tuple[Killed, ...]
    told: Counter[str]
    operators: tuple[OperatorRow, ...]
    mutants: int
    equivalent: int


def matrix_of(task: Task) -> Matrix:
    """Ask the visible cases of every misconception, every two of them, and every mutant of the solution."""
    cases = visible_cases(task, STUDENT)
    solution = solution_of(task)
    mutants = mutants_of(solution.source) if solution else []
    survivors = survivors_of(solution, mutants) if solution else []
    # An equivalent mutant says nothing about the cases.
    survived = {survivor.mutant.source for survivor in survivors}
    caught = {
        mutant: tuple(catching(task, solution.function(mutant.source), cases))
        for mutant in mutants
        if solution and mutant.source not in survived
    }
    return Matrix(
        task,
        cases,
        tuple(_killed(task, cases, misconception) for misconception in task.misconceptions),
        _told_of_pairs(task, cases),
        _by_operator(caught),
        len(mutants),
        len(survivors),
    )


def _killed(task: Task, cases: Sequence[Case], misconception: Misconception) -> Killed:
    function = wrong_answer(task, (misconception,))
    report = examine(task, cases, [call_with_hidden(function, case) for case in cases])
    caught = tuple(result.problem is not None for result in report.results)
    return Killed(misconception, caught, report.score)


def _by_operator(caught: dict[Mutant, tuple[bool, ...]]) -> tuple[OperatorRow, ...]:
    rows = []
    for name in (operator.__name__.replace("_", " ") for operator in OPERATORS):
        mine = tuple(cases for mutant, cases in caught.items() if mutant.operator == name)
        if mine:
            rows.append(OperatorRow(name, mine))
    return tuple(rows)


def _told_of_pairs(task: Task, cases: tuple[Case, ...]) -> Counter[str]:
    """Count every two misconceptions by what a student is told who makes both.

    `examine` answers for one student; to ask it for each pair would compute all pairs again every time. Here
    each pair counts as one misconception of a task made for it.
    """
    together = tuple(pairs(task))
    if not together:
        return Counter()
    as_one = replace(task, misconceptions=tuple(_as_one(task, pair) for pair in together))
    answers = answers_of(as_one, cases)
    expected = right_answers(task, cases)
    told: Counter[str] = Counter()
    for place, (pair, outcomes) in enumerate(zip(together, answers, strict=True)):
        asked = zip(cases, expected, outcomes, strict=True)
        problems = [problem_of(task, case, right, outcome) for case, right, outcome in asked]
        single = diagnose(task, answers_of(task, cases), outcomes, problems, expected)
        # The pair explains its own answers best; only one before it can be named in its place.
        likelier = replace(as_one, misconceptions=as_one.misconceptions[: place + 1])
        both = [] if single else diagnose(likelier, answers[: place + 1], outcomes, problems, expected)
        if not any(problems):
            told[NO_LOSS] += 1
        elif single:
            told[ONE if len(single) == 1 else NOTHING] += 1
        elif both:
            first = together[as_one.misconceptions.index(both[0][0])]
            told[BOTH if first == pair else OTHERS] += 1
        else:
            told[NOTHING] += 1
    return told


def _as_one(task: Task, pair: Mistakes) -> Misconception:
    name = "_and_".join(mistake.name for mistake in pair)
    return Misconception(name, "", "", "", answer=wrong_answer(task, pair))
