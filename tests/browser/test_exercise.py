"""A student works on the released exercise, in JupyterLab and in Notebook 7, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.browser

RELEASED = REPOSITORY / "exercises" / "03_cross_correlation" / "03_cross_correlation.ipynb"
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
# What a student writes who has learnt convolution first.
CONVOLUTION = """def correlate2d(image, kernel):
    kernel = kernel[::-1, ::-1]
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape))
    output = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            output[i, j] = np.sum(image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel)
    return output"""
CORRELATION = CONVOLUTION.replace("    kernel = kernel[::-1, ::-1]\n", "")
BROKEN = CORRELATION.replace("range(columns):", "range(columns)")


def write(notebook: Any, name: str, code: str) -> None:
    """Replace the code of a cell at its editor, and run it with Shift+Enter, as a student does."""
    editor = notebook.cell(name).locator(".cm-content")
    editor.click()
    notebook.page.keyboard.press("ControlOrMeta+a")
    notebook.page.keyboard.insert_text(code)
    notebook.page.keyboard.press("Shift+Enter")


def check(notebook: Any, name: str) -> Locator:
    """Run a check cell with Shift+Enter; its output."""
    asked = notebook.cell(name)
    asked.locator(".cm-content").click()
    notebook.page.keyboard.press("Shift+Enter")
    return asked.locator(".jp-OutputArea")


def contrast(report: Locator) -> float:
    """The smallest contrast of the report's words against what lies behind them, as WCAG defines it."""
    return float(
        report.evaluate(
            """(root) => {
                const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
                const over = (top, below) => {
                    const alpha = top[3] ?? 1;
                    return [0, 1, 2].map((i) => top[i] * alpha + below[i] * (1 - alpha));
                };
                const behind = (part) => {
                    const own = parse(getComputedStyle(part).backgroundColor);
                    if (!part.parentElement) return own[3] === 0 ? [255, 255, 255] : own;
                    return own[3] === 0 ? behind(part.parentElement) : over(own, behind(part.parentElement));
                };
                const light = (colour) => {
                    const [r, g, b] = colour.map((c) => c / 255)
                        .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
                    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                };
                const words = [...root.querySelectorAll("p, th, td, caption, code")]
                    .filter((part) => part.innerText.trim());
                return Math.min(...words.map((part) => {
                    const style = getComputedStyle(part);
                    const paper = behind(part), ink = parse(style.color);
                    const faded = over([...ink.slice(0, 3), (ink[3] ?? 1) * Number(style.opacity)], paper);
                    const [high, low] = [light(paper), light(faded)].sort((a, b) => b - a);
                    return (high + 0.05) / (low + 0.05);
                }));
            }"""
        )
    )


@pytest.fixture(scope="module")
def student(open_notebook: Callable[..., Any]) -> Any:
    """The exercise as it is released, opened in JupyterLab and run once from top to bottom."""
    return open_notebook(RELEASED)


def test_the_stubs_are_reported_as_not_written_yet(student):
    for name, points in (("correlate1d", 2), ("correlate2d", 4), ("edge_kernel", 1), ("test_correlate2d", 2)):
        report = student.cell(f"{name}-check").locator(".jp-OutputArea")
        expect(report).to_contain_text(f"{name}: not written yet. 0 of {points} point")
        expect(report).to_contain_text("Replace raise NotImplementedError() by your code")
    assert student.failures == []
    assert student.errors == []


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_convolution_is_diagnosed_with_the_smallest_failing_case(student, artefacts: Path, theme: str):
    student.use_theme(theme)
    write(student, "correlate2d-answer", CONVOLUTION)
    report = check(student, "correlate2d-check")
    expect(report).to_contain_text("correlate2d: not right yet. 0 of 4 points")
    expect(report).to_contain_text("This is what you get when the kernel is flipped first: a convolution")
    expect(report).to_contain_text("The smallest case that fails.")
    captions = report.locator("caption")
    for words in (
        "image (1, 2)",
        "kernel (1, 2)",
        "kernel as your code uses it (1, 2)",
        "right answer (1, 1)",
        "your answer (1, 1)",
    ):
        expect(captions.filter(has_text=words)).to_have_count(1)
    expect(report).to_contain_text("Flip nothing.")
    assert contrast(report) >= 4.5
    report.screenshot(path=artefacts / f"exercise-flipped-{theme[11:].lower()}.png")


def test_the_call_that_the_report_offers_gives_the_wrong_answer_again(student):
    write(student, "correlate2d-answer", CONVOLUTION)
    report = check(student, "correlate2d-check")
    line = report.locator("p", has_text="Try it:").locator("code").inner_text()
    right, yours = (
        report.locator("table").filter(has_text=words).first.locator("tbody tr").nth(1).locator("td").first
        for words in ("right answer (", "your answer (")
    )
    assert student.python(f"float({line}[0][0])") == float(yours.inner_text())
    assert right.inner_text() != yours.inner_text()


def test_a_syntax_error_leaves_no_stale_report(student):
    write(student, "correlate2d-answer", BROKEN)
    expect(student.cell("correlate2d-answer").locator(".jp-OutputArea")).to_contain_text("SyntaxError")


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_right_answer_earns_every_point(student, artefacts: Path, theme: str):
    student.use_theme(theme)
    write(student, "correlate2d-answer", CORRELATION)
    report = check(student, "correlate2d-check")
    expect(report).to_contain_text("correlate2d: correct. 4 of 4 points")
    expect(report).not_to_contain_text("fails")
    assert contrast(report) >= 4.5
    report.screenshot(path=artefacts / f"exercise-correct-{theme[11:].lower()}.png")


def test_the_function_can_be_tried_on_the_photograph(student):
    write(student, "correlate2d-answer", CORRELATION)
    pictures = check(student, "correlate2d-free-trial").locator("img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        assert picture.evaluate("(image) => image.naturalWidth") > 0
        assert picture.get_attribute("alt")


def test_notebook_7_tells_a_student_the_same(open_notebook, artefacts: Path):
    student = open_notebook(RELEASED, "notebook")
    write(student, "correlate2d-answer", CONVOLUTION)
    report = check(student, "correlate2d-check")
    expect(report).to_contain_text("This is what you get when the kernel is flipped first: a convolution")
    report.screenshot(path=artefacts / "exercise-flipped-notebook.png")
    write(student, "correlate2d-answer", CORRELATION)
    expect(check(student, "correlate2d-check")).to_contain_text("correlate2d: correct. 4 of 4 points")
    assert student.errors == []
