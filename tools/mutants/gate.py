"""What is left of a task's mutants after all cases were asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from coursekit.checks import Task, fresh_cases, visible_cases

from .equivalent import Change, listed_changes
from .generate import Mutant
from .judge import is_caught
from .solutions import STUDENT, Solution

SEEDS = (0, 1)  # of the fresh cases that must catch a mutant as the visible ones do


@dataclass(frozen=True)
class Survivor:
    """A mutant, and which cases let it pass: "visible", "fresh 0" and so on."""

    mutant: Mutant
    passes: tuple[str, ...]

    @property
    def change(self) -> Change:
        """The lines before and after."""
        return self.mutant.before, self.mutant.after


def survivors_of(solution: Solution, mutants: list[Mutant]) -> list[Survivor]:
    """Return the mutants of a solution that pass the visible cases, or fresh ones of any of the seeds."""
    task = solution.task
    sets = {"visible": visible_cases(task, STUDENT)}
    sets |= {f"fresh {seed}": fresh_cases(task, seed, STUDENT) for seed in SEEDS}
    survivors = []
    for mutant in mutants:
        function = solution.function(mutant.source)
        passes = tuple(name for name, cases in sets.items() if not is_caught(task, function, cases))
        if passes:
            survivors.append(Survivor(mutant, passes))
    return survivors


def unlisted(task: Task, survivors: list[Survivor]) -> list[Survivor]:
    """Return the survivors that the table of equivalents does not explain."""
    left = listed_changes(task.name)
    found = []
    for survivor in survivors:
        if left[survivor.change] > 0:
            left[survivor.change] -= 1
        else:
            found.append(survivor)
    return found


def outdated(task: Task, survivors: list[Survivor]) -> list[Change]:
    """Return the changes in the table of equivalents that no survivor makes: caught now, or gone."""
    return list((listed_changes(task.name) - Counter(survivor.change for survivor in survivors)).elements())
