"""What tests of derivations share: reading a step as it is written."""

from __future__ import annotations

import math

from coursekit.shapes import Derivation


def assert_true_as_written(derivation: Derivation) -> None:
    """Work every step's text out with Python and compare it with its value; look at all renderings."""
    words = {"floor": math.floor, "ceil": math.ceil, "max": max, "min": min}
    for step in derivation:
        written = step.text.replace(" mod ", " % ")
        assert eval(written, {"__builtins__": {}}, words) == step.value, step
        assert step.text in str(derivation)
        assert str(step.value) in derivation._repr_html_()
        assert step.numbers in derivation._repr_latex_()
    latex = derivation._repr_latex_()
    assert latex.startswith("$") and latex.endswith("$")
    assert latex.count("{") == latex.count("}")
    assert not any(word in latex for word in ("*", " floor(", " max(", " mod "))
