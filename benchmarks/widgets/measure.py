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
from benchmarks.widgets.mouse import move_pressed, zigzag
from tools.jupyter_page import CHROMIUM_ARGUMENTS, Server, free_port, open_notebook, serving

KEYS = 60
MOST_UNANSWERED = 5  # what does not answer five keys does not take them
SECONDS_BETWEEN_KEYS = (
    0.12  # a reader who holds a key down sends one every 30 ms; none of the peers could follow
)
SECONDS_OF_DRAGGING = 4.0
LENGTH_OF_SLIDER = 180.0  # in pixels, of what lies right of its handle
Point = tuple[float, float]  # x, y
Box = tuple[float, float, float, float]  # left, top, width, height
PROBE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Measured:
    """What was measured of one contestant.

    p50, p95 : milliseconds from a key press to new pixels
    answered : share of the key presses that were followed by new pixels before the next one
    frames : with new pixels, a second, while dragging
    asked : frames a second for which the mouse had moved: 60 on a machine that is quick enough
    """

    name: str
    p50: float
    p95: float
    answered: float
    frames: float
    asked: float


@dataclass(frozen=True)
class Laboratory:
    """A browser's context, the port on which the browser takes input, and a Jupyter server."""

    context: BrowserContext
    port: int
    server: Server


@contextmanager
def laboratory() -> Iterator[Laboratory]:
    """A Jupyter server and a browser of their own, gone afterwards."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        serving(Path(folder) / "home", _made(Path(folder) / "notebooks")) as server,
    ):
        port = free_port()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            headless=True,
            args=[*CHROMIUM_ARGUMENTS, f"--remote-debugging-port={port}"],
        )
        yield Laboratory(browser.new_context(viewport={"width": 1400, "height": 1000}), port, server)
        browser.close()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def measure(place: Laboratory, name: str, cells: list[str], demo: Shown | None = None) -> Measured:
    """Run the cells in JupyterLab, press keys on the last one's output, drag over it.

    Without a `demo` the output is a peer's, with a slider of rows and one of columns.
    """
    notebook = open_notebook(place.context, place.server, cells)
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
    frames, asked = _drag(page, place.port, *_held(output, handle, demo))
    page.close()
    ordered = sorted(delays) or [float("nan")]
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    measured = Measured(name, statistics.median(ordered), p95, len(delays) / KEYS, frames, asked)
    print(
        f"  {name}: p50 {measured.p50:.0f} ms, p95 {p95:.0f} ms, {frames:.0f} of {asked:.0f} frames/s",
        flush=True,
    )
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
        page.keyboard.press(back if number % 4 < 2 else there)  # some demos have three positions
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


def _held(output: Locator, handle: Locator, demo: Shown | None) -> tuple[Point, Box]:
    """Where the mouse is pressed, and the box in which it then moves: of a peer, its slider's track."""
    if demo is None:
        x, y = _middle(handle)
        return (x, y), (x, y, LENGTH_OF_SLIDER, 0)
    box = output.locator(demo.drag).first.bounding_box()
    assert box is not None
    area = (box["x"], box["y"], box["width"], box["height"])
    return (_middle(output.locator(demo.grab)) if demo.grab else next(zigzag(*area))), area


def _middle(part: Locator) -> Point:
    box = part.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _drag(page: Page, port: int, start: Point, area: Box) -> tuple[float, float]:
    """Frames a second with new pixels, and all for which the pressed mouse had moved."""
    page.mouse.move(*start)
    page.mouse.down()
    page.evaluate("() => { Object.assign(probe, { frames: 0, asked: 0, isCounting: true }); }")
    started = time.monotonic()
    move_pressed(page, port, zigzag(*area), SECONDS_OF_DRAGGING)
    seconds = time.monotonic() - started
    frames, asked = page.evaluate("() => [probe.frames, probe.asked]")
    page.mouse.up()
    return frames / seconds, asked / seconds
