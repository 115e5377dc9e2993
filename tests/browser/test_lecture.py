"""Lecture 03 from the first cell to the last, in JupyterLab and in Notebook 7, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.browser

LECTURE = REPOSITORY / "lectures" / "03_cross_correlation.ipynb"
# gate: words of its answer, which must not be on the page before someone asks
GATES = {
    "gate-one-answer": "That number is 0: to skip it changes no product.",
    "gate-two-answer": "B. The largest sum of products is at row and column",
}
PROJECTOR = {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def lecture(open_notebook: Callable[..., Any]) -> Any:
    """The lecture in JupyterLab on a projector, run from top to bottom."""
    return open_notebook(LECTURE, viewport=PROJECTOR)


def test_the_lecture_runs_without_an_error_in_a_cell_or_on_the_page(lecture):
    assert lecture.failures == []
    for name in lecture.cell_ids:
        lecture.cell(name)  # brings each on the screen once, so that each is drawn
    assert lecture.errors == []


@pytest.mark.parametrize("name", GATES)
def test_an_answer_is_hidden_until_someone_asks(lecture, artefacts: Path, name: str):
    gate = lecture.cell(name)
    answer = gate.get_by_text(GATES[name])
    expect(gate.locator("summary")).to_have_text("Show the answer")
    expect(answer).to_be_hidden()
    gate.locator("summary").click()
    expect(answer).to_be_visible()
    for picture in gate.locator("img").all():
        assert picture.evaluate("(image) => image.naturalWidth") > 0
    gate.screenshot(path=artefacts / f"lecture-{name}.png")
    gate.locator("summary").click()
    expect(answer).to_be_hidden()


@pytest.mark.parametrize("name", GATES)
def test_the_folded_code_of_an_answer_gives_nothing_away(lecture, name: str):
    """Jupyter shows the first line of a folded cell: it must not hold a word of the answer."""
    folded = lecture.cell(name).locator(".jp-Placeholder-content")
    expect(folded).to_be_visible()
    assert lecture.cell(name).locator(".cm-content").count() == 0
    for word in ("skip", "first", "zero", "bright", "peak", "raw"):
        expect(folded).not_to_contain_text(word)


def test_the_widget_is_drawn_and_takes_keys(lecture):
    widget = lecture.cell("widget-sliding-window").locator(".ck-sliding-window")
    total = widget.locator(".ck-sum")
    expect(total).to_have_text("0×0 + 1×1 + 3×2 + 4×3 = 19")
    widget.locator(".ck-panels").press("ArrowRight")
    expect(total).to_have_text("1×0 + 2×1 + 4×2 + 5×3 = 25")


def test_every_figure_says_in_words_what_it_shows_and_fits_a_projector(lecture):
    sizes = {}
    for name in lecture.cell_ids:
        for image in lecture.cell(name).locator(".jp-OutputArea img").all():
            assert len(image.get_attribute("alt") or "") > 30, name
            if image.is_visible():
                sizes[name] = image.bounding_box()
    room = lecture.page.locator(".jp-WindowedPanel-outer").bounding_box()
    assert len(sizes) >= 7
    for name, size in sizes.items():
        assert size["height"] <= room["height"] and size["width"] <= room["width"], name


def test_notebook_7_runs_the_lecture_too(open_notebook):
    lecture = open_notebook(LECTURE, "notebook", viewport=PROJECTOR)
    assert lecture.failures == []
    expect(lecture.cell("widget-sliding-window").locator(".ck-sum")).to_contain_text("= 19")
    for name, words in GATES.items():
        answer = lecture.cell(name).get_by_text(words)
        expect(answer).to_be_hidden()
        lecture.cell(name).locator("summary").click()
        expect(answer).to_be_visible()
    assert lecture.errors == []
