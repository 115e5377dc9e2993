"""The conventions on which books and libraries differ, as one switch for all demos."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from coursekit.errors import ParameterError
from coursekit.widgets.shared.esm import css, esm
from coursekit.widgets.shared.traits import Choice

CHOICES = {
    "operation": ("correlation", "convolution"),
    "channels": ("first", "last"),
    "rounding": ("floor", "ceil"),
    "ties": ("first", "all"),
}


class Conventions(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget is untyped here
    """The switch: what "convolution" means, and three more things on which books and libraries differ.

    Parameters
    ----------
    operation : "correlation" (default: the kernel is not flipped) or "convolution" (flipped on every axis)
    channels : "first" (default), as in PyTorch, (C, H, W); or "last", as in TensorFlow, (H, W, C)
    rounding : "floor" (default) or "ceil": the size where the stride does not divide
    ties : "first" (default) or "all": who gets the gradient where a window has several maxima

    Raises
    ------
    ParameterError

    Notes
    -----
    `coursekit.widgets.conventions` is the one that all demos share. Show it to get the switch, which also
    prints the same call in NumPy, SciPy, PyTorch and CuPy; set an attribute, and every demo follows.
    """

    _esm, _css = esm("conventions_switch"), css("conventions_switch")

    _shows = traitlets.Unicode(
        "Books and libraries differ on four things. Choose here, and every demo follows."
    ).tag(sync=True)

    operation = Choice(*CHOICES["operation"])
    channels = Choice(*CHOICES["channels"])
    rounding = Choice(*CHOICES["rounding"])
    ties = Choice(*CHOICES["ties"])

    def __init__(self, **choices: str) -> None:
        unknown = sorted(set(choices) - set(CHOICES))
        if unknown:
            raise ParameterError(f"Conventions has no parameter {unknown[0]!r}; it has {', '.join(CHOICES)}")
        super().__init__(**choices)

    def describe(self) -> str:
        """Return the four conventions in one sentence."""
        flipped = "the kernel is not flipped" if self.operation == "correlation" else "the kernel is flipped"
        tie = "the first maximum" if self.ties == "first" else "every maximum"
        return (
            f"Conventions: {self.operation} ({flipped}), channels {self.channels}, "
            f"sizes rounded by {self.rounding}, the gradient of a tie goes to {tie}."
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live switch, and beside it the sentence where no widget can run."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/html": f"<p>{self.describe()}</p>", "text/plain": self.describe()}, metadata


conventions = Conventions()
"""The conventions that all demos share unless they are given their own."""
