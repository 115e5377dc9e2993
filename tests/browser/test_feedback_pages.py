"""Pages that show a student's work run nothing of it, ask no other address, and tell nothing they should not.

The same hostile submission goes through our command and through formgrader's button; a real browser then
opens the feedback, formgrader's page for grading by hand and the class report, and clicks whatever there is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from autograder import grade
from autograder.assignment import released
from autograder.course import Course
from autograder.feedback import write_feedback
from autograder.grade import grade_class
from autograder.release import save_source_cells
from autograder.report.class_report import write_class_report
from tests.autograder.small_course import RIGHT, STEM, hand_in, make_course, notebook
from tests.browser.formgrader import Formgrader
from tests.browser.hostile_notebook import RUN, fill, write
from tests.conftest import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

COMMAND, BUTTON, RENAMED, HONEST = "s1-by-command", "s2-by-button", "s3-another-name", "s4-honest"
HOSTILE_ID = f"<img src=x onerror={RUN}>"
SEED = 0x5EED_5EED_5EED_5EED
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/latest.js?config=TeX-AMS_CHTML-full,Safe"
POLICY = re.compile(r'<meta [^>]*http-equiv="Content-Security-Policy"[^>]*>')
SECRET_WORDS = "nobody but me knows of the blue elephant"
SOURCE = notebook("conv1x1", "depth-words")
TOUCH = """inside => {
    const kinds = 'a, button, summary, input, area, label, form, img, details, [onclick], [onmouseover]';
    const things = [...document.querySelectorAll(`${inside} :is(${kinds})`)];
    for (const thing of things) {
        for (const event of ['mouseover', 'mouseenter', 'mousedown', 'focus', 'toggle', 'error'])
            thing.dispatchEvent(new Event(event, { bubbles: true }));
        thing.click();
    }
    return things.length;
}"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The hostile work by each way, beside an honest student's; all but one graded by our command."""
    made = make_course(tmp_path_factory.mktemp("pages") / "course", {STEM: SOURCE})
    save_source_cells(made, STEM)
    hostile = released(SOURCE)
    fill(hostile)
    for student in (COMMAND, BUTTON, HOSTILE_ID):
        write(made.folder("submitted", STEM, student) / f"{STEM}.ipynb", hostile)
    folder = made.folder("submitted", STEM, RENAMED)
    write(folder / f"{STEM} <img src=x onerror={RUN}> [x](javascript:{RUN}).ipynb", hostile)
    (folder / f"<script>{RUN}<").write_text("x")
    hand_in(made, HONEST, SOURCE, {"conv1x1": RIGHT["conv1x1"], "depth-words": SECRET_WORDS})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grade.secrets, "randbits", lambda bits: SEED)
        grade_class(made, STEM, students=[COMMAND, RENAMED, HONEST, HOSTILE_ID], workers=1)
    return made


@pytest.fixture(scope="module")
def formgrader(
    course: Course, start_jupyter: Callable[[Path], Any], browser: Browser
) -> Iterator[Formgrader]:
    """Formgrader, after it has graded one of them by its button."""
    server = start_jupyter(course.root)
    context = browser.new_context()
    pages = Formgrader(context.new_page(), server.address, server.token)
    pages.autograde(BUTTON, STEM)
    yield pages
    context.close()


@pytest.fixture(scope="module")
def feedback(formgrader: Formgrader, course: Course) -> dict[str, Path]:
    """Everyone's page: one made by formgrader's button, the others by our command."""
    success = "Successfully generated feedback"
    formgrader.press(f"manage_submissions/{STEM}", BUTTON, "generate-feedback", success)
    page = course.folder("feedback", STEM, BUTTON) / f"{STEM}.html"
    by_button = page.read_text()
    assert write_feedback(course, STEM) == {}
    page.write_text(by_button)
    return {
        s: course.folder("feedback", STEM, s) / f"{STEM}.html" for s in (COMMAND, BUTTON, RENAMED, HONEST)
    }


class Watched:
    """A page that is watched: what it asked for, what it opened, and whether anything in it ran."""

    def __init__(self, context: BrowserContext, page: Page, home: str) -> None:
        self.page, self.home, self.asked, self.dialogs = page, home, [], []
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        context.on("page", lambda opened: self.asked.append(f"window {opened.url}"))
        context.route("**/*", self._ask)

    def _ask(self, route: Any) -> None:
        address = route.request.url
        if address.startswith((self.home, "data:")):
            route.continue_()
        else:
            self.asked.append(address)
            route.abort()

    def touch_everything(self, inside: str) -> int:
        """Hover and click every link and whatever else answers, as a mouse would; the number of them."""
        count = self.page.evaluate(TOUCH, inside)
        self.page.wait_for_timeout(300)
        return int(count)

    def assert_nothing_happened(self, address: str, but: tuple[str, ...] = ()) -> None:
        """No script ran, nothing was asked for, and the page is still the same."""
        assert self.page.evaluate("() => window.ran ?? null") is None
        assert self.dialogs == []
        assert [asked for asked in self.asked if asked not in but] == []
        assert self.page.url.partition("#")[0] == address.partition("#")[0]


@pytest.fixture
def watch(browser: Browser) -> Iterator[Callable[[str], Watched]]:
    contexts = []

    def open_page(address: str) -> Watched:
        contexts.append(browser.new_context())
        watched = Watched(contexts[-1], contexts[-1].new_page(), address)
        watched.page.goto(address)
        watched.page.wait_for_load_state("load")
        return watched

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("policy", ["with its policy", "without any policy"])
@pytest.mark.parametrize("student", [COMMAND, BUTTON, RENAMED])
def test_a_feedback_page_runs_nothing_and_asks_for_nothing(
    feedback, student: str, policy: str, tmp_path: Path, watch, artefacts: Path
):
    page = feedback[student]
    if policy == "without any policy":
        text, found = POLICY.subn("", page.read_text())
        assert found == 1
        page = tmp_path / "page.html"
        page.write_text(text)
    watched = watch(page.as_uri())
    assert watched.touch_everything("body") >= 3
    watched.assert_nothing_happened(page.as_uri())
    assert "<script" not in page.read_text().lower()
    watched.page.screenshot(path=artefacts / f"feedback-hostile-{student}.png", full_page=True)


def test_formgrader_runs_nothing_of_a_submission(formgrader, feedback):
    page = formgrader.page
    watched = Watched(page.context, page, formgrader.address)
    for student in (COMMAND, BUTTON, RENAMED):
        formgrader.open_submission(student, STEM)
        address = page.url
        watched.touch_everything("#notebook .rendered_html, #notebook .output_wrapper")
        watched.assert_nothing_happened(address, but=(MATHJAX,))


def test_formgrader_s_lists_run_no_name_of_a_folder(formgrader, course: Course):
    page = formgrader.page
    watched = Watched(page.context, page, formgrader.address)
    for place in (f"manage_submissions/{STEM}", "manage_students", f"gradebook/{STEM}/{STEM}"):
        formgrader.open(place)
        watched.assert_nothing_happened(page.url)
    assert not course.folder("autograded", STEM, HOSTILE_ID).exists()


def test_the_class_report_runs_nothing(course: Course, feedback, watch):
    path = write_class_report(course, STEM)
    assert HOSTILE_ID not in path.read_text()
    watched = watch(path.as_uri())
    for thing in watched.page.locator("td, th, p").all():
        thing.dispatch_event("mouseover")
    watched.assert_nothing_happened(path.as_uri())


@pytest.mark.parametrize("student", [COMMAND, BUTTON, HONEST])
def test_a_feedback_page_tells_nothing_it_should_not(feedback, course: Course, student: str):
    text = feedback[student].read_text()
    assert "fresh=True" not in text
    assert "HIDDEN TESTS" not in text
    assert str(SEED) not in text
    for place in (course.root, REPOSITORY, Path(sys.base_prefix)):
        assert str(place) not in text
    if student != HONEST:
        assert "json/decoder.py" in text  # where it failed is told, but for the start of the path
    others = {COMMAND, BUTTON, HONEST, RENAMED} - {student}
    assert not [name for name in others if name in text]
    if student != HONEST:
        assert SECRET_WORDS not in text
        solution = [line.strip() for line in RIGHT["conv1x1"].splitlines() if "return" in line]
        assert not [line for line in solution if line in text and "###" not in line]
