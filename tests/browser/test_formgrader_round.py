"""A whole round by nbgrader's own buttons, on a fresh course: from Generate to the page that a student reads.

One student works in JupyterLab's assignment list; the other's work came late, by another way.
"""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page, expect

from autograder.course import OUR_CONFIG
from tests.browser.formgrader import MATHS_IS_ELSEWHERE, PATIENCE, Formgrader, points, run
from tests.conftest import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

STEM = "04_channels"
STUDENT, LATE = getpass.getuser(), "came-late"  # the exchange knows a student by the account
WORDS, ANSWER, CHECK = "depth-words", "conv1x1-answer", "conv1x1-check"
RIGHT = {"one_number": 1, "correlate_channels": 3, "conv1x1": 1, "depthwise": 2, "to_channels_first": 1}
REMARK = "Well said. Look at $C \\cdot h \\cdot w$ again, and at **every** channel."
SOLUTION_MARK = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", re.MULTILINE)


def fill_in(path: Path, *, unfinished: str = "") -> None:
    """Write right answers into a released notebook, but for one task; own words in the text cell."""
    source = nbformat.read(REPOSITORY / "solutions" / STEM / f"{STEM}.ipynb", 4)
    answers = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in source.cells}
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name == WORDS:
            cell.source = (
                "Each window has as many channels as the image, so there are $C \\cdot h \\cdot w$ numbers."
            )
        elif name.endswith("-answer") and name != unfinished:
            cell.source = SOLUTION_MARK.sub("", answers[name])
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An instructor's course as it is cloned, a student's folder, and the exchange between them."""
    root = tmp_path_factory.mktemp("round")
    places = {name: root / name for name in ("course", "student", "exchange")}
    for folder in places.values():
        folder.mkdir()
    places["exchange"].chmod(0o777)
    source = REPOSITORY / "solutions" / STEM / f"{STEM}.ipynb"
    (places["course"] / "solutions" / STEM).mkdir(parents=True)
    (places["course"] / "solutions" / STEM / source.name).write_bytes(source.read_bytes())
    exchange = f"c.Exchange.root = {str(places['exchange'])!r}\nc.Exchange.timezone = 'UTC'\n"
    ours = f"c = get_config()\nload_subconfig({str(OUR_CONFIG)!r})\n"
    late = "c.LateSubmissionPlugin.penalty_method = 'zero'\n"
    (places["course"] / "nbgrader_config.py").write_text(ours + exchange + late)
    student = "c = get_config()\nc.CourseDirectory.course_id = 'convolution'\n"
    (places["student"] / "nbgrader_config.py").write_text(student + exchange)
    return places


@pytest.fixture(scope="module")
def formgrader(places, start_jupyter: Callable[[Path], Any], browser: Browser) -> Iterator[Formgrader]:
    server = start_jupyter(places["course"])
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    pages = Formgrader(context.new_page(), server.address, server.token)
    yield pages
    context.close()
    assert [error for error in pages.errors if MATHS_IS_ELSEWHERE not in error] == []


@pytest.fixture(scope="module")
def assignment_list(places, start_jupyter: Callable[[Path], Any], browser: Browser) -> Iterator[Page]:
    """The assignment list of the student's JupyterLab."""
    server = start_jupyter(places["student"])
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page = context.new_page()
    page.goto(f"{server.address}/lab?token={server.token}")
    page.wait_for_function("() => window.jupyterapp?.commands.hasCommand('nbgrader:open-assignment-list')")
    yield page
    context.close()


def show_list(page: Page) -> None:
    """Open the assignment list, or fetch its lines anew."""
    page.evaluate("() => window.jupyterapp.commands.execute('nbgrader:open-assignment-list')")
    expect(page.locator("#refresh_assignments_list")).to_be_visible(timeout=PATIENCE)
    page.locator("#refresh_assignments_list").click()


@pytest.fixture(scope="module")
def released(formgrader: Formgrader, places) -> str:
    """Generate and Release pressed, and a date until when to hand in set in the dialog."""
    log = formgrader.press("", STEM, "assign", "Successfully created the student version")
    page = formgrader.page
    formgrader.open("").locator("tr", has_text=STEM).locator("td.edit a").click()
    page.locator(".modal-duedate").fill((datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    page.locator(".modal-timezone").fill("+0000")
    page.locator(".modal.in button.save").click()
    expect(page.locator("tr", has_text=STEM).locator("td.duedate")).not_to_contain_text("None")
    formgrader.press("", STEM, "release", "Successfully released")
    return log


@pytest.fixture(scope="module")
def collected(released, formgrader: Formgrader, assignment_list: Page, places) -> Formgrader:
    """Fetched, filled in and submitted by the student, then Collect pressed; and one that came otherwise."""
    show_list(assignment_list)
    assignment_list.locator("#released_assignments_list").get_by_role("button", name="Fetch").click()
    fetched = places["student"] / STEM / f"{STEM}.ipynb"
    listed = assignment_list.locator("#fetched_assignments_list")
    expect(listed).to_contain_text(STEM, timeout=PATIENCE)
    fill_in(fetched)
    listed.get_by_role("button", name="Submit").click()
    expect(assignment_list.locator("#submitted_assignments_list")).to_contain_text(STEM, timeout=PATIENCE)
    formgrader.press("", STEM, "collect", "Successfully collected")

    folder = places["course"] / "submitted" / LATE / STEM
    folder.mkdir(parents=True)
    release = places["course"] / "exercises" / STEM / f"{STEM}.ipynb"
    (folder / release.name).write_bytes(release.read_bytes())
    fill_in(folder / release.name, unfinished=ANSWER)
    (folder / "timestamp.txt").write_text("2020-01-01 12:00:00 UTC")
    return formgrader


def test_generate_and_release_hand_the_exercise_out(released, formgrader, places):
    made = places["course"] / "exercises" / STEM / f"{STEM}.ipynb"
    assert made.read_bytes() == (REPOSITORY / "exercises" / STEM / f"{STEM}.ipynb").read_bytes()
    out = places["exchange"] / "convolution" / "outbound" / STEM / f"{STEM}.ipynb"
    assert out.read_bytes() == made.read_bytes()
    row = formgrader.open("").locator("tr", has_text=STEM)
    expect(row.locator("td.status")).to_have_text("released")


def test_collect_brings_what_the_student_submitted_in_jupyterlab(collected, places):
    submitted = places["course"] / "submitted" / STUDENT / STEM
    assert (submitted / "timestamp.txt").is_file()
    fetched = places["student"] / STEM / f"{STEM}.ipynb"
    assert (submitted / f"{STEM}.ipynb").read_bytes() == fetched.read_bytes()
    row = collected.open("").locator("tr", has_text=STEM)
    expect(row.locator("td.num-submissions")).to_have_text("2")


@pytest.fixture(scope="module")
def late_log(collected, places) -> str:
    """Autograde pressed for both students, the second one late by a due date that was set back; its log."""
    collected.autograde(STUDENT, STEM)
    with Gradebook(f"sqlite:///{places['course'] / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(STEM, duedate="2019-12-31 12:00:00")
    log = collected.autograde(LATE, STEM)
    with Gradebook(f"sqlite:///{places['course'] / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(STEM, duedate=None)
    return log


@pytest.fixture(scope="module")
def autograded(late_log, formgrader: Formgrader) -> Formgrader:
    """Formgrader after both were autograded."""
    return formgrader


def test_autograde_grades_what_a_machine_can_and_leaves_the_words_to_a_person(autograded, places):
    course = places["course"]
    right = {f"{task}-check": score for task, score in RIGHT.items()}
    assert points(course, STUDENT, STEM) == right | {WORDS: None}
    assert points(course, LATE, STEM) == right | {CHECK: 0, WORDS: None}
    page = autograded.open(f"manage_submissions/{STEM}")
    row = page.locator("tr", has_text=STUDENT)
    expect(row.locator("td.status")).to_have_text("needs manual grading")
    expect(row.locator("td.score")).to_have_text("8 / 9")


def test_a_late_submission_shows_in_the_log_and_on_its_page(late_log, autograded, places, browser):
    assert re.search(r"submitted at 2020-01-01 12:00:00", late_log)
    assert re.search(r"is 86400.0 seconds late", late_log)
    success = "Successfully generated feedback"
    autograded.press(f"manage_submissions/{STEM}", LATE, "generate-feedback", success)
    page = browser.new_page()
    page.goto((places["course"] / "feedback" / LATE / STEM / f"{STEM}.html").as_uri())
    expect(page.locator(".total")).to_have_text("0 of 9 points")
    expect(page.locator("tr.late")).to_contain_text("Handed in late")
    expect(page.locator("tr.late")).to_contain_text("−7")
    expect(page.locator("header tr", has_text="depth words")).to_contain_text("not graded yet, of 1")
    expect(page.get_by_text("1 part is still to be graded by hand")).to_be_visible()
    page.close()


@pytest.fixture(scope="module")
def by_hand(autograded) -> Formgrader:
    """Score, comment and extra credit typed, Full credit pressed for the next submission."""
    autograded.open_submission(STUDENT, STEM)
    autograded.fill(WORDS, "0.5")
    autograded.fill(f"{WORDS}-comment", REMARK)
    autograded.fill(f"{CHECK}_extra_credit", "0.25")
    autograded.fill(f"{ANSWER}-comment", "One line less: `@` does it.")
    return autograded


def test_a_hand_graded_submission_needs_no_grading_any_more(by_hand, artefacts: Path):
    page = by_hand.open_submission(STUDENT, STEM)
    expect(page.locator(f"[id='{WORDS}']")).to_have_value("0.5")
    expect(page.locator(f"[id='{WORDS}-comment']")).to_have_value(REMARK)
    expect(page.locator(f"[id='{CHECK}_extra_credit']")).to_have_value("0.25")
    page.screenshot(path=artefacts / "formgrader-by-hand.png")
    row = by_hand.open(f"manage_submissions/{STEM}").locator("tr", has_text=STUDENT)
    expect(row.locator("td.status")).to_have_text("graded")
    expect(row.locator("td.score")).to_have_text("8.75 / 9")
    row = by_hand.page.locator("tr", has_text=LATE)
    expect(row.locator("td.status")).to_have_text("needs manual grading")


def test_next_leads_to_the_other_submission_and_full_credit_is_one_press(by_hand):
    page = by_hand.open_submission(STUDENT, STEM)
    first = page.url
    page.get_by_role("link", name=re.compile("Next" if "1 / 2" in page.inner_text("h4") else "Prev")).click()
    page.wait_for_url(lambda address: "/submissions/" in address and address != first)
    page.wait_for_function("() => formgrader.grades.loaded")
    words = page.locator(".nbgrader_cell", has=page.locator(f"[id='{WORDS}']"))
    with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT"):
        words.get_by_role("button", name="Full credit").click()
    row = by_hand.open(f"manage_submissions/{STEM}").locator("tr", has_text=LATE)
    expect(row.locator("td.status")).to_have_text("graded")


@pytest.mark.parametrize("way", ["button", "command"])
def test_autograding_again_keeps_scores_extra_credit_and_comments(by_hand, places, way: str):
    if way == "button":
        by_hand.autograde(STUDENT, STEM)
    else:
        run(places["course"], "autograder", "grade", STEM, "--force", "--quiet", "--workers", "1")
    page = by_hand.open_submission(STUDENT, STEM)
    expect(page.locator(f"[id='{WORDS}']")).to_have_value("0.5")
    expect(page.locator(f"[id='{WORDS}-comment']")).to_have_value(REMARK)
    expect(page.locator(f"[id='{CHECK}_extra_credit']")).to_have_value("0.25")
    row = by_hand.open(f"manage_submissions/{STEM}").locator("tr", has_text=STUDENT)
    expect(row.locator("td.score")).to_have_text("8.75 / 9")


@pytest.fixture(scope="module")
def page_of_student(by_hand, assignment_list: Page, places) -> Path:
    """The feedback page in the student's folder: Generate and Release Feedback pressed, then fetched."""
    by_hand.press("", STEM, "generate-feedback", "Successfully generated feedback")
    by_hand.press("", STEM, "release-feedback", "Successfully released feedback")
    show_list(assignment_list)
    assignment_list.locator("#submitted_assignments_list").get_by_role(
        "button", name="Fetch Feedback"
    ).click()
    (found,) = _wait_for(places["student"] / STEM / "feedback", assignment_list)
    return found


def _wait_for(folder: Path, page: Page) -> list[Path]:
    for _ in range(PATIENCE // 500):
        if found := list(folder.glob("*/*.html")):
            return found
        page.wait_for_timeout(500)
    return []


def test_the_student_reads_points_remarks_and_formulas(page_of_student: Path, browser, artefacts: Path):
    page = browser.new_page(viewport={"width": 1100, "height": 1000}, java_script_enabled=False)
    page.goto(page_of_student.as_uri())
    expect(page.locator(".total")).to_have_text("8.75 of 9 points")
    expect(page.locator("header tr", has_text="depth words")).to_contain_text("0.5 of 1")
    expect(page.locator("header tr", has_text="conv1x1").last).to_contain_text("1 of 1 + 0.25 extra")
    comment = page.locator(f"[id='{WORDS}'] .comment")
    expect(comment).to_contain_text("Well said.")
    expect(comment.locator("strong", has_text="every")).to_be_visible()
    expect(comment.locator("math")).to_be_visible()
    expect(page.locator(f"[id='{ANSWER}'] .comment")).to_contain_text("One line less")
    page.screenshot(path=artefacts / "feedback-page.png", full_page=True)
    page.close()
    text = page_of_student.read_text()
    assert "fresh=True" not in text
    assert LATE not in text
    assert str(page_of_student.parents[4]) not in text
