"""Numbers that know how they came about: the steps of a calculation, for a terminal and for JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
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

    @classmethod
    def of(cls, name: str, formula: str, text: str, value: int) -> Self:
        """Return a step whose `numbers` are `text` in LaTeX."""
        return cls(name, formula, as_latex(text), value, text)

    @property
    def line(self) -> str:
        """`text` = `value`; the value alone where the text says no more."""
        return self.text if self.text == str(self.value) else f"{self.text} = {self.value}"


def as_latex(text: str) -> str:
    """Return the text of a step, such as 'floor(4 / 2) + 1', as LaTeX."""
    for sign, latex in (("*", r"\cdot"), (" mod ", r" \bmod "), ("max(", r"\max("), ("min(", r"\min(")):
        text = text.replace(sign, latex)
    return re.sub(r"\b(floor|ceil)\(([^()]*)\)", r"\\l\1 \2 \\r\1", text)


class Derivation(list[Step]):
    """The steps that lead to a number, in order: text in a terminal, a table in JupyterLab."""

    def __str__(self) -> str:
        width = max((len(step.name) for step in self), default=0)
        return "\n".join(f"{step.name:<{width}}  {step.line}" for step in self)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align:left'>{escape(step.name)}</td>"
            f"<td style='text-align:left'><code>{escape(step.text)}</code></td>"
            f"<td style='text-align:right'><b>{step.value}</b></td></tr>"
            for step in self
        )
        return f"<table><tbody>{rows}</tbody></table>"

    def _repr_latex_(self) -> str:
        rows = r" \\ ".join(rf"\text{{{step.name}}} &: {_equation(step)}" for step in self)
        return rf"$\displaystyle \begin{{aligned}} {rows} \end{{aligned}}$"


def _equation(step: Step) -> str:
    sides = (step.formula, step.numbers, str(step.value))
    return " = ".join(dict.fromkeys(side for side in sides if side))


class DerivedNumber(int):
    """A whole number with the steps that lead to it: an int in every respect, and a `derivation`."""

    derivation: Derivation

    def __new__(cls, value: int, derivation: Iterable[Step] = ()) -> Self:
        """Attach `derivation` to `value`."""
        number = super().__new__(cls, value)
        number.derivation = derivation if isinstance(derivation, Derivation) else Derivation(derivation)
        return number

    def _repr_html_(self) -> str:
        return f"<b>{int(self)}</b>{self.derivation._repr_html_()}"

    def _repr_latex_(self) -> str:
        return self.derivation._repr_latex_()


def merged(*numbers: DerivedNumber) -> Derivation:
    """Return the steps of several numbers in order, each step that they share only once."""
    return Derivation(dict.fromkeys(step for number in numbers for step in number.derivation))
