"""An instructor who knows nbgrader finds our grades where nbgrader has them, and can grade from there.

The course is the sample class. Two students are graded by `autograder grade`, the others by nbgrader itself.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from autograder.sample_class.__main__ import lay_out
from tests.browser.formgrader import MATHS_IS_ELSEWHERE, Formgrader, points, run
from tests.conftest import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

STEM = "03_cross_correlation"
THE_REST = {"edge_kernel-check": 1, "match_template-check": 2, "test_correlate2d-check": 2}  # all right
RIGHT, TRUNCATES = "01-loops", "11-truncates"  # graded from the command line
CONVOLVES, EXITS, CURIOUS = "07-convolves", "16-exits", "curious"  # by formgrader's button
SKIPS = "08-skips-first-tap"  # by `nbgrader autograde`

# Prints what it sees of the course and of the grader's processes.
LOOKS_AROUND = """import os
print("the course is here:", os.path.exists({course!r}))
print("processes:", sorted(name for name in os.listdir("/proc") if name.isdigit()))
print("in the environment:", [name for name in os.environ if "JUPYTER" in name])
"""


def grade(course: Path, *students: str) -> dict[str, dict[str, float]]:
    """Grade with our command: student to graded cell to points."""
    chosen = [word for student in students for word in ("--student", student)]
    # One worker: for a few students a second jail costs more time than it saves.
    options = ["--force", "--quiet", "--workers", "1", "--json", "-"]
    lines = run(course, "autograder", "grade", STEM, *options, *chosen)
    records = [json.loads(line) for line in lines.splitlines()]
    return {
        record["student"]: {
            f"{task['id'].removesuffix('-check')}-check": task["score"] for task in record["tasks"]
        }
        for record in records
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample class, with one more student, and two students graded."""
    root = tmp_path_factory.mktemp("formgrader") / "course"
    lay_out(root)
    notebook = nbformat.read(root / "submitted" / RIGHT / STEM / f"{STEM}.ipynb", 4)
    notebook.cells[2].source += "\n" + LOOKS_AROUND.format(course=str(root))
    folder = root / "submitted" / CURIOUS / STEM
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{STEM}.ipynb")
    grade(root, RIGHT, TRUNCATES)
    return root


@pytest.fixture(scope="module")
def formgrader(course: Path, start_jupyter: Callable[[Path], Any], browser: Browser) -> Iterator[Formgrader]:
    """Formgrader on the course. No page of it may complain but of the missing network."""
    server = start_jupyter(course)
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    pages = Formgrader(context.new_page(), server.address, server.token)
    yield pages
    context.close()
    assert [error for error in pages.errors if MATHS_IS_ELSEWHERE not in error] == []


def test_formgrader_shows_the_assignment_and_our_scores(formgrader, artefacts: Path):
    assignments = formgrader.open("").locator("table")
    expect(assignments.locator("tr", has_text=STEM)).to_contain_text("26")  # submissions
    page = formgrader.open(f"manage_submissions/{STEM}")
    for student, score in ((RIGHT, "11 / 11"), (TRUNCATES, "9 / 11")):
        row = page.locator("tr", has_text=student)
        expect(row.locator("td.status")).to_have_text("graded")
        expect(row.locator("td.score")).to_have_text(score)
    expect(page.locator("tr", has_text=CONVOLVES).locator("td.status")).to_have_text("needs autograding")
    page.screenshot(path=artefacts / "formgrader-submissions.png")


def test_a_submission_s_page_shows_the_judge_s_report(formgrader, artefacts: Path):
    page = formgrader.open_submission(TRUNCATES, STEM)
    expect(page.get_by_text("correlate2d: partly correct. 3 of 4 points")).to_be_visible()
    expect(page.get_by_text("when the decimals of the results are cut off")).to_be_visible()
    expect(page.get_by_text("match_template: correct. 2 of 2 points")).to_be_visible()
    expect(page.locator("caption", has_text="your answer (").first).to_be_visible()
    scores = page.locator("input.score")
    assert [scores.nth(index).get_attribute("placeholder") for index in range(3)] == ["1", "3", "1"]
    assert "fresh=True" not in page.content()  # the hidden test
    page.locator("caption", has_text="your answer (").first.scroll_into_view_if_needed()
    page.screenshot(path=artefacts / "formgrader-report.png")


@pytest.fixture(scope="module")
def by_button(formgrader: Formgrader, course: Path) -> dict[str, dict[str, float]]:
    """Points after formgrader's button was pressed for three students."""
    for student in (CONVOLVES, EXITS, CURIOUS):
        log = formgrader.autograde(student, STEM)
        assert "IsolatedExecute" in log
    return {student: points(course, student, STEM) for student in (CONVOLVES, EXITS, CURIOUS)}


def test_the_autograde_button_gives_what_a_fair_instructor_would(by_button, formgrader):
    assert by_button[CONVOLVES] == {
        "correlate1d-check": 0,
        "correlate2d-check": 0,
        **THE_REST,
    }
    assert sum(by_button[EXITS].values()) == 7  # the cell that ends its process costs only its own task
    assert sum(by_button[CURIOUS].values()) == 11
    page = formgrader.open(f"manage_submissions/{STEM}")
    expect(page.locator("tr", has_text=CONVOLVES).locator("td.score")).to_have_text("5 / 11")
    expect(page.locator("tr", has_text=EXITS).locator("td.score")).to_have_text("7 / 11")


def test_the_button_runs_the_student_s_code_in_the_jail(by_button, course: Path):
    graded = nbformat.read(course / "autograded" / CURIOUS / STEM / f"{STEM}.ipynb", 4)
    (curious,) = (cell for cell in graded.cells if "the course is here" in cell.source)
    (printed,) = (output.text for output in curious.outputs)
    assert printed.splitlines() == [
        "the course is here: False",
        "processes: []",
        "in the environment: []",
    ]


def test_the_button_and_our_command_agree_and_a_manual_score_survives(by_button, formgrader, course: Path):
    formgrader.open_submission(CONVOLVES, STEM)
    formgrader.fill("correlate1d-check", "1.5")
    again = grade(course, CONVOLVES, EXITS, CURIOUS)
    assert again == by_button == {student: points(course, student, STEM) for student in by_button}
    row = formgrader.open(f"manage_submissions/{STEM}").locator("tr", has_text=CONVOLVES)
    expect(row.locator("td.score")).to_have_text("6.5 / 11")


def test_nbgrader_autograde_with_our_configuration_grades_in_the_jail(course: Path):
    said = run(course, "nbgrader", "autograde", STEM, "--student", SKIPS)
    assert "Traceback" not in said
    assert points(course, SKIPS, STEM) == {
        "correlate1d-check": 0,
        "correlate2d-check": 4,
        **THE_REST,
    }
    graded = nbformat.read(course / "autograded" / SKIPS / STEM / f"{STEM}.ipynb", 4)
    cell = next(cell for cell in graded.cells if cell.metadata.get("nbgrader", {}).get("points") == 2)
    assert "correlate1d: not right yet" in cell.outputs[0].data["text/html"]


def test_nbgrader_export_writes_our_scores(course: Path):
    run(course, "nbgrader", "export", "--to", "grades.csv")
    with (course / "grades.csv").open(newline="") as stream:
        rows = {row["student_id"]: row for row in csv.DictReader(stream) if row["assignment"] == STEM}
    for student, score in ((RIGHT, 11), (TRUNCATES, 9)):
        assert float(rows[student]["score"]) == score
        assert float(rows[student]["max_score"]) == 11


def test_nbgrader_generate_assignment_makes_the_exercise(course: Path):
    run(course, "nbgrader", "generate_assignment", STEM, "--force")
    made = course / "exercises" / STEM / f"{STEM}.ipynb"
    assert made.read_bytes() == (REPOSITORY / "exercises" / STEM / f"{STEM}.ipynb").read_bytes()


def test_nbgrader_validate_passes_the_solution(course: Path):
    said = run(course, "nbgrader", "validate", f"solutions/{STEM}/{STEM}.ipynb")
    assert "Success! Your notebook passes all the tests." in said
