"""Formulas of feedback pages need no script, and what a student writes into one stays text."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest

from autograder.report.mathml import UnknownFormula, mathml

REPOSITORY = Path(__file__).resolve().parents[2]
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)


def formulas() -> list[str]:
    """Every formula of the exercises' Markdown."""
    found = []
    for path in sorted((REPOSITORY / "solutions").glob("*/*.ipynb")):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "markdown":
                found += [block or line for block, line in FORMULA.findall(cell.source)]
    return found


def test_every_formula_of_the_exercises_is_read() -> None:
    assert len(formulas()) > 100
    for formula in formulas():
        ElementTree.fromstring(mathml(formula, block=False))  # one whole element, well formed


@pytest.mark.parametrize(
    ("formula", "inside"),
    [
        ("4 - 2.5", "<mn>4</mn><mo>−</mo><mn>2.5</mn>"),
        ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        ("x^2_i", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        (
            r"\frac{a}{b + 1}",
            "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>",
        ),
        (r"\sum_{i} i", "<munder><mo>∑</mo><mrow><mi>i</mi></mrow></munder><mi>i</mi>"),
        (r"\text{of a word}", "<mtext>of a word</mtext>"),
        (r"\left. x \right\rfloor", "<mi>x</mi><mo>⌋</mo>"),
        ("a < b & c", None),
        (r"\href{javascript:x}{y}", None),
        (r"\text{\href{x}{y}}", None),
        ("{x", None),
        ("x}", None),
        ("x^", None),
        ("^2", None),
        ("{" * 31 + "}" * 31, None),
        (r"\frac" * 40, None),
        ("x" * 2001, None),
    ],
)
def test_a_formula_is_read_or_refused(formula: str, inside: str | None) -> None:
    if inside is None:
        with pytest.raises(UnknownFormula):
            mathml(formula, block=True)
    else:
        assert mathml(formula, block=True) == f'<math display="block"><mrow>{inside}</mrow></math>'


@pytest.mark.parametrize("text", ["<script>x</script>", r"\text{<img src=x onerror=y>}", '"><b>', "a < b"])
def test_signs_of_html_stay_signs(text: str) -> None:
    element = ElementTree.fromstring(mathml(text, block=False))
    tags = {part.tag for part in element.iter()}
    assert tags <= {"math", "mrow", "mi", "mo", "mn", "mtext"}
    assert "<" in "".join(element.itertext()) or ">" in "".join(element.itertext())
