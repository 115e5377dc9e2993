"""How a report reads, as text and as HTML."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from coursekit.checks import Foreign, Raised, Report, Returned, examine, find_task, fresh_cases, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.mistakes import wrong_answer
from coursekit.checks.tasks.cross_correlation.explanations import products_summed
from coursekit.reference import correlate


def report_of(name: str, answer: Any, seed: int | None = None) -> Report:
    task = find_task(name)
    if isinstance(answer, str):
        answer = wrong_answer(task, [found for found in task.misconceptions if found.name == answer])
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    return examine(task, cases, [call(answer, case) for case in cases])


EXAMPLES = [
    ("correlate1d", "zero_padded_same"),
    ("correlate2d", "kernel_flipped"),
    ("correlate2d", "image_width_from_height"),
    ("match_template", "plain_correlation"),
    ("match_template", "flat_index"),
    ("correlate2d", correlate),
    ("correlate2d", lambda image, kernel: np.full((40, 50), np.nan)),
    ("correlate1d", lambda signal, kernel: {}["missing"]),
]


@pytest.mark.parametrize(("name", "answer"), EXAMPLES)
def test_html_is_well_formed_with_captions_and_inline_styles_only(name: str, answer: Any) -> None:
    root = ElementTree.fromstring(report_of(name, answer).to_html())
    tags = {element.tag for element in root.iter()}
    assert tags <= {
        "div",
        "p",
        "strong",
        "code",
        "pre",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert all(set(element.attrib) <= {"style", "scope"} for element in root.iter())
    tables = list(root.iter("table"))
    assert tables and all(table[0].tag == "caption" and "".join(table[0].itertext()) for table in tables)


@pytest.mark.parametrize(("name", "answer"), EXAMPLES)
def test_colours_are_never_opaque_backgrounds_nor_text(name: str, answer: Any) -> None:
    html = report_of(name, answer).to_html()
    assert set(re.findall(r"[;\"]color:([^;\"]+)", html)) == {"inherit"}
    assert all(
        value == "transparent" or re.fullmatch(r"rgba\(\d+,\d+,\d+,0?\.\d+\)", value)
        for value in re.findall(r"background:([^;\"]+)", html)
    )


def test_what_a_student_wrote_is_escaped() -> None:
    task = find_task("correlate1d")
    cases = visible_cases(task)
    evil = "<img src=x onerror=alert(1)>"
    for outcome in (Raised(evil, evil, evil), Returned([Foreign(evil)], cases[0].arguments)):
        html = examine(task, cases, [outcome] * len(cases)).to_html()
        assert "<img" not in html and "&lt;img" in html


def test_a_flipped_kernel_is_shown_on_the_smallest_input_that_tells() -> None:
    report = report_of("correlate1d", "kernel_flipped")
    assert report.smallest_failure is not None
    assert [np.size(argument) for argument in report.smallest_failure.case.arguments] == [2, 2]
    assert "the kernel is flipped first: a convolution" in report.to_text()
    assert "your answer − right answer" in report.to_text()
    assert "Flip nothing" in report.to_text()


def test_the_call_that_is_offered_gives_the_right_answer_that_is_shown() -> None:
    report = report_of("correlate2d", "mean_instead_of_sum")
    call_line = re.search(r"Try it: (.*)", report.to_text())
    assert call_line and report.smallest_failure
    value = eval(call_line[1], {"np": np, "correlate2d": correlate})
    assert np.array_equal(value, report.smallest_failure.expected)


@pytest.mark.parametrize("seed", range(8))
def test_the_sum_written_out_is_the_right_number(seed: int) -> None:
    report = report_of("correlate2d", lambda image, kernel: correlate(image, kernel) + 1, seed)
    for result in report.results:
        image, kernel = result.case.arguments
        expected: Any = result.expected
        for index in np.ndindex(expected.shape):
            sum_of_products = products_summed(image, kernel, index).replace("·", "*").replace("−", "-")
            assert eval(sum_of_products) == pytest.approx(expected[index])
    assert "The right number at [0, 0] is" in report.to_text()


def test_a_wrong_shape_comes_with_the_steps_to_the_right_one() -> None:
    report = report_of("correlate2d", "full_mode")
    assert report.smallest_failure is not None
    expected: Any = report.smallest_failure.expected
    steps = re.findall(r"[HW] - [hw] \+ 1: \d+ - \d+ \+ 1 = (\d+)", report.to_text())
    assert tuple(map(int, steps)) == expected.shape
    assert "How the shape of the right answer comes about" in report.to_html()


def test_both_windows_are_framed_in_the_image() -> None:
    html = report_of("match_template", "plain_correlation").to_html()
    assert "3px solid" in html and "3px dashed" in html and "Dashed orange frame: yours" in html


def test_a_large_answer_is_cut_off() -> None:
    report = report_of("correlate2d", lambda image, kernel: np.zeros((3000, 3000)))
    assert len(report.to_html()) < 60_000 and "cut off" in report.to_html()
    assert len(report.to_text()) < 10_000 and "cut off" in report.to_text()


def test_points_are_listed_by_group_and_add_up() -> None:
    report = report_of("correlate2d", "image_width_from_height")
    assert sum(group.earned for group in report.groups) == report.score == 3
    assert re.search(r"rectangles +\d+ of 10 cases +0 of 1 point\n", report.to_text())
    assert "✓ squares" in report.to_html() and "✗ rectangles" in report.to_html()


def test_a_right_answer_reads_short() -> None:
    text = report_of("match_template", find_task("match_template").reference).to_text()
    assert text.startswith("✓ match_template: correct. 2 of 2 points\n\nAll 16 cases are right.")
    assert "Next step" not in text
