"""What was chosen, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from coursekit.digits import three_digits


@dataclass(frozen=True, repr=False)
class Choice:
    """The algorithm that a correlation takes, and why.

    name : one of the algorithms of `correlate`
    reason : one sentence
    milliseconds : the estimated time of each algorithm that could be taken, on the machine of `costs.py`, or
        for CuPy arrays on the GPU of `coursekit.reference.cuda.rates`
    refused : for each of the others, why not
    """

    name: str
    reason: str
    milliseconds: dict[str, float] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        width = max(map(len, [*self.milliseconds, *self.refused, "winograd"])) + 1
        lines = [f"{self.name}: {self.reason}"]
        lines += [
            f"  {name:<{width}}{three_digits(time):>10} ms (estimate)"
            for name, time in self.milliseconds.items()
        ]
        lines += [f"  {name:<{width}}not taken: {why}" for name, why in self.refused.items()]
        return "\n".join(lines)

    __repr__ = __str__  # what a notebook shows


def least(times: dict[str, float], refused: dict[str, str], source: str = "") -> Choice:
    """Return the choice with the least time, in milliseconds; `source` says where the estimates come from."""
    ranked = dict(sorted(times.items(), key=lambda item: item[1]))
    (name, best), *others = ranked.items()
    reason = f"it is estimated to take {three_digits(best)} ms"
    if others:
        reason += f"; the next, {others[0][0]}, {three_digits(others[0][1])} ms"
    return Choice(name, reason + source, ranked, refused)
