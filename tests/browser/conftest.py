"""A Jupyter server and a real Chromium for the tests that need a page.

`open_notebook(cells, app="lab")` opens a fresh notebook of the given code cells in JupyterLab ("lab") or
Notebook 7 ("notebook"), and runs it. The server, the browser and their folders last one test session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import REPOSITORY, chromium
from tools.bare_page import page_html
from tools.jupyter_page import CHROMIUM_ARGUMENTS, NotebookPage, Server, serving
from tools.jupyter_page import open_notebook as open_in_browser

SOME_FRAMES = """async () => {
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
}"""
"""A demo is drawn in the first frame, and again in the next ones if its size or theme was not yet known."""


@pytest.fixture(scope="session")
def start_jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Server]]:
    """Start a Jupyter server on a folder; it runs until the test session ends."""
    with ExitStack() as running:
        yield lambda folder: running.enter_context(serving(tmp_path_factory.mktemp("jupyter"), folder))


@pytest.fixture(scope="session")
def jupyter(start_jupyter: Callable[[Path], Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """One server for JupyterLab and Notebook 7."""
    return start_jupyter(tmp_path_factory.mktemp("notebooks"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium(), headless=True, args=CHROMIUM_ARGUMENTS
        )
        yield running
        running.close()


OpenNotebook = Callable[..., NotebookPage]


@pytest.fixture
def bare(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Show a widget on a page of its own, without Jupyter: `bare(widget, theme="dark", width=480)`.

    The page has `root`, `model`, `conventions`, `saved` (what would have been sent to Python) and `again()`
    (a second view), and is drawn. Any further argument goes to Playwright's `new_context`. It fails where the
    page complains.
    """
    contexts, errors = [], []

    def show(
        widget: Any, *, theme: str = "light", width: int = 1280, height: int = 720, **options: Any
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.set_content(page_html(widget, dark=theme == "dark"))
        page.wait_for_function("() => document.body.dataset.ready", timeout=20_000)
        page.evaluate(SOME_FRAMES)
        return page

    yield show
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="module")
def open_notebook(jupyter: Server, browser: Browser) -> Iterator[OpenNotebook]:
    """Open code cells, or the file of a notebook, in JupyterLab or Notebook 7, and run it.

    Parameters: cells (a list of sources, or a Path); app "lab" or "notebook"; run (default True);
    any further argument goes to Playwright's `new_context`, as reduced_motion="reduce".
    What it opened is closed after the test module: a module's own fixture can share one page.
    """
    contexts = []

    def opener(
        cells: list[str] | Path, app: str = "lab", *, run: bool = True, **options: Any
    ) -> NotebookPage:
        context = browser.new_context(**{"viewport": {"width": 1400, "height": 1000}, **options})
        contexts.append(context)
        return open_in_browser(context, jupyter, cells, app, run=run)

    yield opener
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where screenshots go, to be looked at; git ignores it."""
    folder = REPOSITORY / "artefacts"
    folder.mkdir(exist_ok=True)
    return folder
