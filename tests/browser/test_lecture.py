"""Every lecture from the first cell to the last, in JupyterLab on a projector, in a real Chromium.

One page a lecture; two lectures in Notebook 7 too. What a lecturer shows is kept as artefacts: each demo,
each answer, the summary.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.course.lectures import LECTURES, STEMS, source
from tests.course.structure import FOLDED, is_demo
from tools.jupyter_page import SESSION, NotebookPage, Server, open_notebook

pytestmark = pytest.mark.browser

PROJECTOR = {"width": 1280, "height": 720}
IN_NOTEBOOK_7 = ("03_cross_correlation", "07_pooling")
SECONDS_TO_RUN, SECONDS_TO_DRAW = 240, 30  # on a busy machine


@contextmanager
def opened(browser: Browser, jupyter: Server, stem: str, app: str) -> Iterator[NotebookPage]:
    """A lecture, run from top to bottom; page and kernel end with it."""
    context = browser.new_context(viewport=PROJECTOR)
    try:
        lecture = open_notebook(context, jupyter, LECTURES / f"{stem}.ipynb", app, run=False)
        lecture.run_all(SECONDS_TO_RUN)
        yield lecture
        lecture.page.evaluate(f"() => {SESSION}.shutdown()")
    finally:
        context.close()


@pytest.fixture(scope="module", params=STEMS)
def stem(request: pytest.FixtureRequest) -> str:
    """Each lecture in turn, with all its tests, so that one is open at a time."""
    return str(request.param)


@pytest.fixture(scope="module")
def lecture(browser: Browser, jupyter: Server, stem: str) -> Iterator[NotebookPage]:
    with opened(browser, jupyter, stem, "lab") as page:
        yield page


@pytest.fixture(scope="module")
def keep(artefacts: Path) -> Path:
    folder = artefacts / "lectures"
    folder.mkdir(exist_ok=True)
    return folder


def demos(stem: str) -> list[str]:
    return [cell.id for cell in source(stem).cells if is_demo(cell)]


def answers(stem: str) -> list[str]:
    return [
        cell.id for cell in source(stem).cells if cell.id.startswith("gate-") and cell.id.endswith("-answer")
    ]


def outside(lecture: NotebookPage, part: Locator) -> str:
    """Return "" if a part of the page fits the room for cells, else how large both are."""
    box, room = part.bounding_box(), lecture.page.locator(".jp-WindowedPanel-outer").bounding_box()
    assert room is not None
    if box is None or (box["height"] <= room["height"] and box["width"] <= room["width"]):
        return ""
    return f"{box['width']:.0f}×{box['height']:.0f} in {room['width']:.0f}×{room['height']:.0f}"


def keep_picture(part: Locator, path: Path) -> None:
    """Keep a picture of the whole of a part, on a page that is high enough for it."""
    part.page.set_viewport_size(PROJECTOR | {"height": 2000})
    part.screenshot(path=path)
    part.page.set_viewport_size(PROJECTOR)


def test_it_runs_without_an_error_in_a_cell_or_on_the_page(lecture: NotebookPage) -> None:
    assert lecture.failures == []
    too_large = {}
    for name in lecture.cell_ids:
        cell = lecture.cell(name)  # brings each on the screen once, so that each is drawn
        for image in cell.locator(".jp-OutputArea img").all():
            if image.is_visible() and outside(lecture, image):
                too_large[name] = outside(lecture, image)
    assert too_large == {}
    assert lecture.errors == []


def test_an_answer_is_hidden_until_someone_asks(lecture: NotebookPage, stem: str, keep: Path) -> None:
    gates = answers(stem)
    assert len(gates) >= 2
    for name in gates:
        gate = lecture.cell(name)
        summary, answer = gate.locator("summary"), gate.locator("details > :not(summary)").first
        expect(answer).to_be_hidden()
        summary.click()
        expect(answer).to_be_visible()
        for picture in gate.locator("img").all():
            assert picture.evaluate("(image) => image.naturalWidth") > 0
            assert outside(lecture, picture) == "", name
        keep_picture(gate, keep / f"{stem}-{name}.png")
        summary.click()
        expect(answer).to_be_hidden()


def test_the_folded_code_of_an_answer_gives_nothing_away(lecture: NotebookPage, stem: str) -> None:
    """Jupyter shows the first line of a folded cell: it must not hold a word of the answer."""
    for name in answers(stem):
        folded = lecture.cell(name).locator(".jp-Placeholder-content")
        expect(folded).to_be_visible()
        expect(folded).to_have_text(FOLDED)
        assert lecture.cell(name).locator(".cm-content").count() == 0


def test_every_demo_is_drawn_and_as_wide_as_the_page(lecture: NotebookPage, stem: str, keep: Path) -> None:
    for name in demos(stem):
        demo = lecture.cell(name).locator(".ck-demo").first
        expect(demo).to_be_visible(timeout=SECONDS_TO_DRAW * 1000)
        assert demo.evaluate("(demo) => demo.scrollWidth <= demo.parentElement.clientWidth"), name
        assert lecture.cell(name).locator("canvas, button, input").count() > 0
        keep_picture(demo, keep / f"{stem}-{name}.png")
    assert lecture.errors == []


def test_the_summary_fits_one_screen(lecture: NotebookPage, stem: str, keep: Path) -> None:
    summary = lecture.cell("summary").locator(".jp-RenderedMarkdown")
    expect(summary).to_be_visible()
    summary.screenshot(path=keep / f"{stem}-summary.png")
    assert outside(lecture, summary) == ""


@pytest.mark.parametrize("name", IN_NOTEBOOK_7)
def test_notebook_7_runs_it_too(browser: Browser, jupyter: Server, name: str) -> None:
    with opened(browser, jupyter, name, "notebook") as lecture:
        assert lecture.failures == []
        for demo in demos(name):
            expect(lecture.cell(demo).locator(".ck-demo").first).to_be_visible(timeout=SECONDS_TO_DRAW * 1000)
        for gate in answers(name):
            answer = lecture.cell(gate).locator("details > :not(summary)").first
            expect(answer).to_be_hidden()
            lecture.cell(gate).locator("summary").click()
            expect(answer).to_be_visible()
        assert lecture.errors == []
