"""Formgrader's pages, and an instructor's and a student's commands, for the tests that use nbgrader whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from nbgrader.api import Gradebook
from playwright.sync_api import Page, expect

MATHS_IS_ELSEWHERE = "MathJax is not defined"  # formgrader's pages load it from the network
PATIENCE = 120_000  # milliseconds: what a button starts may take long on a busy machine


def run(folder: Path, *command: str) -> str:
    """Run `python -m COMMAND` in a folder; its output. It must exit with 0."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(folder.parent / "no-configuration"),
        "JUPYTER_DATA_DIR": str(folder.parent / "no-data"),
    }
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def points(course: Path, student: str, stem: str) -> dict[str, float]:
    """What nbgrader's gradebook says: graded cell to points given by the grader."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(stem, stem, student)
        return {grade.name: grade.auto_score for grade in notebook.grades}


class Formgrader:
    """Formgrader's pages in a browser."""

    def __init__(self, page: Page, address: str, token: str) -> None:
        self.page, self.address = page, address
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{address}/formgrader?token={token}")  # leaves a cookie
        expect(page.locator("body")).to_contain_text("Manage Assignments", timeout=PATIENCE)

    def open(self, place: str) -> Page:
        """Open a page of formgrader and wait for its table."""
        self.page.goto(f"{self.address}/formgrader/{place}")
        expect(self.page.locator("table tbody tr").first).to_be_visible(timeout=PATIENCE)
        return self.page

    def press(self, place: str, row: str, button: str, success: str) -> str:
        """Press a button, by its column, in the row of a table; the log that formgrader shows then."""
        self.open(place).locator("tr", has_text=row).locator(f"td.{button} a").click()
        said = self.page.locator(".modal.in")
        expect(said).to_be_visible(timeout=PATIENCE)
        expect(said).to_contain_text(success)
        return said.inner_text()

    def autograde(self, student: str, stem: str) -> str:
        """Press the button in the student's row; the log that formgrader shows."""
        return self.press(f"manage_submissions/{stem}", student, "autograde", "Successfully autograded")

    def open_submission(self, student: str, stem: str) -> Page:
        """Follow the links to the page where a submission is graded by hand."""
        page = self.open(f"manage_students/{student}/{stem}")
        page.get_by_role("link", name=stem).last.click()
        page.wait_for_url("**/formgrader/submissions/**")
        page.wait_for_function("() => formgrader.grades.loaded && formgrader.comments.loaded")
        return page

    def fill(self, field: str, text: str) -> None:
        """Type into a field of the present submission, by its id, and wait until it is saved."""
        with self.page.expect_response(
            lambda answer: "/formgrader/api/" in answer.url and answer.request.method == "PUT"
        ) as saved:
            self.page.locator(f"[id='{field}']").fill(text)
            self.page.locator(f"[id='{field}']").press("Tab")
        assert saved.value.ok
