"""A class graded by stock `nbgrader autograde`, by otter-grader and by `autograder grade`: the same work.

Targets, with two workers: stock nbgrader takes at least 20 times as long as we do with figures for feedback,
and at least 60 times as long as without; and the scores are the same.
"""

from __future__ import annotations

import sys

from benchmarks.grading.measure import Size, measure
from benchmarks.grading.report import draw, text
from benchmarks.results import Results

PACKAGES = ("nbgrader", "nbconvert", "ipykernel", "ipython", "matplotlib", "sqlalchemy")


def main(size: Size | None = None) -> Results:
    """Grade the class with everybody, and compare."""
    found = measure(size or Size.asked_for(), lambda what: print(f"  {what}", file=sys.stderr, flush=True))
    return Results("grading", found.as_list(), text(found), lambda: draw(found), packages=PACKAGES)
