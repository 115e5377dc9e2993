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

from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks.widgets.cells import Shown
from tools.jupyter_page import CHROMIUM_ARGUMENTS, Server, open_notebook, serving

KEYS = 60
MOST_UNANSWERED = 5  # what does not answer five keys does not take them
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


def measure(
    context: BrowserContext, server: Server, name: str, cells: list[str], demo: Shown | None = None
) -> Measured:
    """Run the cells in JupyterLab, press keys on the last one's output, drag over it.

    Without a `demo` the output is a peer's, with a slider of rows and one of columns.
    """
    notebook = open_notebook(context, server, cells)
    page = notebook.page
    output = page.locator(".jp-Notebook .jp-Cell").last.locator(".jp-Cell-outputArea")
    output.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    for summary in output.locator("summary", has_text="products").all():
        if summary.is_visible():
            summary.click()
    page.evaluate(PROBE)
    page.evaluate("(inWords) => { probe.inWords = inWords; }", bool(demo and demo.in_words))
    handle = output.locator(demo.focus if demo else ".noUi-handle >> nth=1").first
    handle.focus()
    delays = _press(page, *(demo.keys if demo else ("ArrowRight", "ArrowLeft")))
    frames = _drag(page, output.locator(demo.drag).first if demo else handle, is_slider=demo is None)
    page.close()
    ordered = sorted(delays) or [float("nan")]
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    measured = Measured(name, statistics.median(ordered), p95, len(delays) / KEYS, frames)
    print(f"  {name}: p50 {measured.p50:.0f} ms, p95 {p95:.0f} ms, {frames:.0f} frames/s", flush=True)
    return measured


def _press(page: Page, there: str, back: str) -> list[float]:
    """Milliseconds from each of KEYS presses to new pixels."""
    for _ in range(10):
        page.keyboard.press(there)
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)
    page.evaluate("() => { probe.delays = []; probe.keyed = 0; }")
    unanswered = 0
    for number in range(KEYS):
        started = time.monotonic()
        page.keyboard.press(back if number % 20 < 10 else there)
        # A peer that is slower than the next key would never be seen to answer: it is waited for.
        try:
            page.wait_for_function("() => !probe.keyed", timeout=3000)
        except PlaywrightTimeout:
            unanswered += 1
            if unanswered == MOST_UNANSWERED:
                break
        time.sleep(max(0.0, SECONDS_BETWEEN_KEYS - (time.monotonic() - started)))
    delays: list[float] = page.evaluate("() => probe.delays")
    return delays


def _drag(page: Page, target: Locator, *, is_slider: bool) -> float:
    """Frames a second while a pressed mouse moves to and fro, as often as the browser takes a move."""
    box = target.bounding_box()
    assert box is not None
    width = 180 if is_slider else box["width"] * 0.8
    left = box["x"] + (box["width"] / 2 if is_slider else box["width"] * 0.1)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(left, middle)
    page.mouse.down()
    page.evaluate("() => { probe.frames = 0; probe.isCounting = true; }")
    started = time.monotonic()
    moves = 0
    while time.monotonic() - started < SECONDS_OF_DRAGGING:
        across = abs((moves * 0.013) % 2 - 1)
        down = 0.0 if is_slider else (abs((moves * 0.021) % 2 - 1) - 0.5) * 0.6 * box["height"]
        page.mouse.move(left + across * width, middle + down)
        moves += 1
    seconds = time.monotonic() - started
    frames = int(page.evaluate("() => { probe.isCounting = false; return probe.frames; }"))
    page.mouse.up()
    return frames / seconds
