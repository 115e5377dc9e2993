"""The class report: bars at whole points, and what a student wrote stays text."""

from __future__ import annotations

from collections import Counter

import pytest

from autograder.report.class_report import distribution, with_code


@pytest.mark.parametrize(
    "full, scores, bars",
    [
        (11.0, [0, 8.5, 11, 11], {"0": 1, "8": 1, "11": 2}),
        (2.5, [2.25, 2.5], {"2.25": 1, "2.5": 1}),
        (9.5, [9.5, 9, 8.9], {"9": 2, "8": 1}),
        (100.0, [99, 100, 7], {"90": 1, "100": 1, "0": 1}),
        (5000.0, [5000, 0], {"5000": 1, "0": 1}),
    ],
)
def test_each_score_is_in_the_last_bar_that_it_reaches(
    full: float, scores: list[float], bars: dict[str, int]
) -> None:
    found = distribution(Counter(scores), full)
    assert {label: count for label, count in found if count} == bars
    assert 2 <= len(found) <= 12


def test_no_bar_where_nothing_earns_points() -> None:
    assert distribution({0.0: 1}, 0.0) == []


def test_names_of_files_are_code_and_what_a_student_wrote_is_escaped() -> None:
    shown = with_code("`<b>.ipynb` was graded in place of `03.ipynb` <script>")
    assert shown == "<code>&lt;b&gt;.ipynb</code> was graded in place of <code>03.ipynb</code> &lt;script&gt;"
