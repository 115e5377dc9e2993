"""Keys and drags in real notebooks, timed in the page."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, sync_playwright

from tools.jupyter_page import CHROMIUM_ARGUMENTS, NotebookPage, Server, open_notebook, serving

KEYS = 120
SECONDS_BETWEEN_KEYS = (
    0.12  # a reader who holds a key down sends one every 30 ms; none of the peers could follow
)
SECONDS_OF_DRAGGING = 4.0
PROBE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Measured:
    """What was measured of one contestant.

    p50, p95 : milliseconds from a key press to new pixels
    answered : share of the key presses that were followed by new pixels before the next one
    frames : a second, while dragging
    """

    name: str
    p50: float
    p95: float
    answered: float
    frames: float


@contextmanager
def laboratory() -> Iterator[tuple[BrowserContext, Server]]:
    """A Jupyter server and a browser of their own, gone afterwards."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        serving(Path(folder) / "home", _made(Path(folder) / "notebooks")) as server,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), headless=True, args=CHROMIUM_ARGUMENTS
        )
        yield browser.new_context(viewport={"width": 1400, "height": 1000}), server
        browser.close()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def measure(context: BrowserContext, server: Server, name: str, cells: list[str]) -> Measured:
    """Run the cells in JupyterLab, press keys on the last one's output, drag over it."""
    notebook = open_notebook(context, server, cells)
    page = notebook.page
    page.wait_for_timeout(1500)
    page.evaluate(PROBE)
    handle = _focusable(notebook)
    handle.focus()
    delays = _press(notebook)
    frames = _drag(notebook, handle)
    page.close()
    ordered = sorted(delays)
    return Measured(
        name,
        statistics.median(ordered),
        ordered[int(0.95 * (len(ordered) - 1))],
        len(ordered) / KEYS,
        frames,
    )


def _output(notebook: NotebookPage) -> Locator:
    return notebook.page.locator(".jp-Notebook .jp-Cell").last.locator(".jp-Cell-outputArea")


def _focusable(notebook: NotebookPage) -> Locator:
    """The panels of a demo of ours, which take keys; or the slider of the column."""
    demo = _output(notebook).locator("[data-keys], .ck-panels[tabindex], .ck-demo [tabindex='0']").first
    return demo if demo.count() else _output(notebook).locator(".noUi-handle").nth(1)


def _press(notebook: NotebookPage) -> list[float]:
    page = notebook.page
    for _ in range(10):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)
    page.evaluate("() => { probe.delays = []; probe.keyed = 0; }")
    for number in range(KEYS):
        started = time.monotonic()
        page.keyboard.press("ArrowRight" if number % 60 < 30 else "ArrowLeft")
        # A peer that is slower than the next key would never be seen to answer: it is waited for.
        page.wait_for_function("() => !probe.keyed", timeout=5000)
        time.sleep(max(0.0, SECONDS_BETWEEN_KEYS - (time.monotonic() - started)))
    delays: list[float] = page.evaluate("() => probe.delays")
    return delays


def _drag(notebook: NotebookPage, handle: Locator) -> float:
    """Frames a second while a pressed mouse moves to and fro, as often as the browser takes a move."""
    page = notebook.page
    canvas = _output(notebook).locator(".ck-demo canvas").last
    is_ours = canvas.count() > 0
    box = (canvas if is_ours else handle).bounding_box()
    assert box is not None
    width = box["width"] * 0.8 if is_ours else 180
    left = box["x"] + (box["width"] * 0.1 if is_ours else box["width"] / 2)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(left, middle)
    page.mouse.down()
    page.evaluate("() => { probe.frames = 0; probe.isCounting = true; }")
    started = time.monotonic()
    moves = 0
    while time.monotonic() - started < SECONDS_OF_DRAGGING:
        share = abs((moves * 0.013) % 2 - 1)
        page.mouse.move(left + share * width, middle + (moves % 7 if is_ours else 0))
        moves += 1
    seconds = time.monotonic() - started
    frames = int(page.evaluate("() => { probe.isCounting = false; return probe.frames; }"))
    page.mouse.up()
    return frames / seconds
