"""Static pages and slides of a lecture: live demos with no kernel and no network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.node]
LECTURE = "03_cross_correlation"
# Another with other demos; what the page of every lecture holds is tested in tests/course/test_handouts.py.
ANOTHER = "07_pooling"
TO_THE_DEMO = """() => {
    const slide = document.querySelector(".ck-sliding-window").closest("section");
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v);
}"""


def write(folder: Path, *options: str, lecture: str = LECTURE) -> Path:
    """Write a lecture to a folder by the command that lecturers use."""
    command = [sys.executable, "-m", "tools.handout", lecture, "--output", str(folder), *options]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return folder / lecture


@pytest.fixture(scope="module")
def handout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the lecture's page."""
    return write(tmp_path_factory.mktemp("handout"))


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the lecture's slides."""
    return write(tmp_path_factory.mktemp("slides"), "--slides")


@pytest.fixture
def open_offline(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a file with the network cut. Fails where the page asks for anything but files, or complains."""
    asked: list[str] = []
    errors: list[str] = []
    contexts = []

    def opener(path: Path, fragment: str = "") -> Page:
        context = browser.new_context(offline=True, viewport={"width": 1280, "height": 720})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.goto(path.as_uri() + fragment)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert errors == []
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


def test_a_page_shows_live_demos_without_kernel_and_network(handout, open_offline, artefacts):
    page = open_offline(handout / "index.html")
    demo = page.locator(".ck-sliding-window")
    expect(demo.locator(".ck-sum")).to_have_text("0×0 + 1×1 + 3×2 + 4×3 = 19", timeout=30_000)
    demo.get_by_role("button", name="Step forward").click()
    expect(demo.locator(".ck-sum")).to_have_text("1×0 + 2×1 + 4×2 + 5×3 = 25")
    demo.get_by_role("button", name="padding 1").click()
    expect(demo.locator(".ck-note")).to_contain_text("= 4")
    demo.screenshot(path=artefacts / "handout-demo.png")


def test_a_page_has_its_formulas_figures_and_exercise(handout, open_offline, artefacts):
    page = open_offline(handout / "index.html")
    expect(page.locator("mjx-container").first).to_be_visible(timeout=30_000)
    assert page.locator("mjx-container").count() > 10
    broken = page.eval_on_selector_all("img", "images => images.filter(i => !i.naturalWidth).length")
    assert broken == 0 and page.locator("img").count() > 5
    assert page.locator("img:not([alt])").count() == 0
    link = page.get_by_role("link", name="the exercise").get_attribute("href")
    assert (handout / str(link)).exists()
    expect(page.get_by_text("The answer is made here")).to_have_count(0)
    page.screenshot(path=artefacts / "handout-page.png", full_page=False)


@pytest.mark.parametrize("lecture", [LECTURE, ANOTHER])
def test_every_demo_and_every_figure_of_a_page_is_drawn(handout, lecture, open_offline, tmp_path_factory):
    folder = handout if lecture == LECTURE else write(tmp_path_factory.mktemp("another"), lecture=lecture)
    page = open_offline(folder / "index.html")
    views = page.locator('script[type="application/vnd.jupyter.widget-view+json"]').count()
    assert views >= 1
    expect(page.locator(".ck-demo")).to_have_count(views, timeout=60_000)
    for demo in page.locator(".ck-demo").all():
        expect(demo).to_be_visible()
    page.eval_on_selector_all("details", "answers => answers.forEach(answer => { answer.open = true; })")
    broken = page.eval_on_selector_all("img", "images => images.filter(i => !i.naturalWidth).map(i => i.alt)")
    assert broken == []


def test_the_contents_lead_to_the_page(handout, open_offline):
    page = open_offline(handout.parent / "index.html")
    page.get_by_role("link", name="Cross-correlation").click()
    expect(page).to_have_title("3 · Cross-correlation")


def test_slides_show_live_demos_that_know_where_the_pointer_is(slides, open_offline, artefacts):
    page = open_offline(slides / "index.html")
    page.wait_for_function("() => window.Reveal?.isReady()")
    total = page.evaluate("() => Reveal.getTotalSlides()")
    assert total > 10
    page.wait_for_function("() => document.querySelector('.ck-sliding-window')", timeout=30_000)
    page.evaluate(TO_THE_DEMO)
    before = page.evaluate("() => JSON.stringify(Reveal.getIndices())")
    demo = page.locator(".ck-sliding-window")
    expect(demo.locator(".ck-sum")).to_have_text("0×0 + 1×1 + 3×2 + 4×3 = 19")
    output = demo.locator('canvas[aria-label^="Output"]')
    box = output.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.62, box["y"] + box["height"] * 0.62)  # its last cell
    expect(demo.locator(".ck-sum")).to_have_text("4×0 + 5×1 + 7×2 + 8×3 = 43")
    page.keyboard.press("ArrowRight")  # while nothing of the demo is in focus, keys turn the slides
    page.wait_for_function("(before) => JSON.stringify(Reveal.getIndices()) !== before", arg=before)


def test_keys_in_a_demo_do_not_turn_the_slide(slides, open_offline, artefacts):
    page = open_offline(slides / "index.html")
    page.wait_for_function("() => window.Reveal?.isReady() && document.querySelector('.ck-sliding-window')")
    page.evaluate(TO_THE_DEMO)
    before = page.evaluate("() => JSON.stringify(Reveal.getIndices())")
    demo = page.locator(".ck-sliding-window")
    demo.locator(".ck-panels").focus()
    page.keyboard.press("ArrowRight")
    expect(demo.locator(".ck-sum")).to_have_text("1×0 + 2×1 + 4×2 + 5×3 = 25")
    assert page.evaluate("() => JSON.stringify(Reveal.getIndices())") == before
    page.screenshot(path=artefacts / "slides-demo.png")


def test_a_wrong_name_says_which_lectures_there_are():
    command = [sys.executable, "-m", "tools.handout", "99"]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "'99' must name one lecture; there are" in ran.stderr and LECTURE in ran.stderr
