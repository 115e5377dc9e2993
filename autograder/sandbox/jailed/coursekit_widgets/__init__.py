"""JAILED SIDE: stands where `coursekit.widgets` stands at home.

A live demo shows nothing in a graded notebook, and the real ones compute sizes, which some exercises ask for.
"""

from __future__ import annotations

from typing import Any


class NotDrawn:
    """What every demo is while the work is graded: it takes any settings, and says so."""

    def __init__(self, *values: Any, **settings: Any) -> None:
        self.__dict__.update(settings)

    def __repr__(self) -> str:
        return "A live demo. It is not drawn while your work is graded."


def __getattr__(name: str) -> type[NotDrawn]:
    if name.startswith("_"):
        raise AttributeError(name)
    return NotDrawn
