"""Numbers that know how they came about: the steps of a calculation, for a terminal and for JupyterLab."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Step:
    """One line of a derivation: `name`: `formula` = `numbers` = `value`.

    `formula` and `numbers` are LaTeX without dollar signs; `text` is the same line for a terminal.
    """

    name: str
    formula: str
    numbers: str
    value: int
    text: str


class Derivation(list[Step]):
    """The steps that lead to a number, in order: text in a terminal, a table in JupyterLab."""

    def __str__(self) -> str:
        width = max((len(step.name) for step in self), default=0)
        return "\n".join(f"{step.name:<{width}}  {step.text} = {step.value}" for step in self)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align:left'>{step.name}</td>"
            f"<td style='text-align:left'><code>{step.text}</code></td>"
            f"<td style='text-align:right'><b>{step.value}</b></td></tr>"
            for step in self
        )
        return f"<table><tbody>{rows}</tbody></table>"

    def _repr_latex_(self) -> str:
        rows = r" \\ ".join(
            rf"\text{{{step.name}}} &: {step.formula} = {step.numbers} = {step.value}" for step in self
        )
        return rf"$\displaystyle \begin{{aligned}} {rows} \end{{aligned}}$"


class DerivedNumber(int):
    """A whole number with the steps that lead to it: an int in every respect, and a `derivation`."""

    derivation: Derivation

    def __new__(cls, value: int, derivation: Iterable[Step] = ()) -> Self:
        """Attach `derivation` to `value`."""
        number = super().__new__(cls, value)
        number.derivation = Derivation(derivation)
        return number

    def _repr_html_(self) -> str:
        return f"<b>{int(self)}</b>{self.derivation._repr_html_()}"

    def _repr_latex_(self) -> str:
        return self.derivation._repr_latex_()
