"""Where lecturers show the demos: slides in JupyterLab, Voila, and `coursekit lab --lecture`."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.demos import DEMOS, IMPORTS, stem_of
from tests.conftest import REPOSITORY
from tools.jupyter_page import PANEL, SESSION

pytestmark = pytest.mark.browser
LECTURE = REPOSITORY / "lectures" / "03_cross_correlation.ipynb"
SECONDS_TO_START = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], address: str, folder: Path) -> Iterator[None]:
    """Run a server in `folder` until the block ends; it must answer at `address`."""
    log = folder / "server.log"
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(folder / "config"), "IPYTHONDIR": str(folder / "i")}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=stream, stderr=stream)
        try:
            for _ in range(5 * SECONDS_TO_START):
                try:
                    urllib.request.urlopen(address, timeout=5).close()
                    break
                except urllib.error.HTTPError:
                    break  # it answers
                except (urllib.error.URLError, ConnectionError):
                    assert process.poll() is None, log.read_text()[-3000:]
                    time.sleep(0.2)
            else:
                pytest.fail(f"no server:\n{log.read_text()[-3000:]}", pytrace=False)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_slides_in_jupyterlab_hold_a_live_demo(open_notebook: Callable[..., Any], artefacts: Path):
    notebook = open_notebook(LECTURE, viewport={"width": 1280, "height": 720})
    page = notebook.page
    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    page.evaluate("() => { window.jupyterapp.commands.execute('deck:start'); }")
    demo = page.locator(".ck-sliding-window")
    for _ in range(12):
        page.wait_for_timeout(400)
        if demo.count() and demo.first.is_visible():
            break
        page.keyboard.press("Space")
    expect(demo.first).to_be_visible()
    demo.get_by_role("button", name="Step forward").click()
    expect(demo.locator(".ck-sum")).to_have_text("1×0 + 2×1 + 4×2 + 5×3 = 25")
    demo.locator(".ck-panels").focus()
    page.keyboard.press("ArrowDown")  # it moves the window, not the slides
    expect(demo.locator(".ck-sum")).to_have_text("4×0 + 5×1 + 7×2 + 8×3 = 43")
    box = demo.bounding_box()
    assert box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 720
    page.screenshot(path=artefacts / "jupyterlab-slides.png")


def test_voila_shows_every_demo_live(browser: Browser, tmp_path: Path, artefacts: Path):
    cells = [nbformat.v4.new_code_cell(IMPORTS)]
    cells += [nbformat.v4.new_code_cell(code) for code in DEMOS.values()]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    path = tmp_path / "demos.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    port = free_port()
    command = [sys.executable, "-m", "voila", path.name, "--no-browser", f"--port={port}"]
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with running(command, f"http://127.0.0.1:{port}/static/", tmp_path):
        page.goto(f"http://127.0.0.1:{port}/", timeout=120_000)
        for name in DEMOS:
            demo = page.locator(f".ck-{stem_of(name)}")
            expect(demo).to_be_visible(timeout=60_000)
            button = demo.locator("button[aria-pressed='false']:not([aria-disabled])")
            pressed = button.locator("visible=true").first.element_handle()
            pressed.click()
            page.wait_for_function("(button) => button.ariaPressed === 'true'", arg=pressed)
        page.screenshot(path=artefacts / "voila.png")
    context.close()
    assert errors == []


def test_coursekit_lab_opens_a_lecture_and_says_how_to_present_it(browser: Browser, tmp_path: Path):
    course = tmp_path / "course"
    (course / "lectures").mkdir(parents=True)
    shutil.copyfile(LECTURE, course / "lectures" / LECTURE.name)
    port = free_port()
    command = [sys.executable, "-m", "coursekit", "lab", "--course-dir", str(course), "--lecture", "3"]
    command += [
        "--no-browser",
        f"--port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=secret",
    ]
    command += ["--LabApp.expose_app_in_browser=True", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    with running(command, f"http://127.0.0.1:{port}/api", tmp_path):
        said = (tmp_path / "server.log").read_text()
        assert re.search(rf"127.0.0.1:{port}/lab/tree/lectures/03_cross_correlation.ipynb", said)
        page.goto(f"http://127.0.0.1:{port}/?token=secret")
        page.wait_for_function(f"() => {PANEL}?.content?.model?.cells?.length > 0", timeout=60_000)
        page.wait_for_function(f"() => {SESSION}?.session?.kernel?.connectionStatus === 'connected'")
        label = page.evaluate(f"() => {PANEL}.title.label")
        assert label == LECTURE.name
        assert "To present: Run > Run All Cells, then the slides button" in said
    context.close()


@pytest.mark.parametrize("name", ["99", "cross"])
def test_a_lecture_that_is_not_there_is_refused_with_those_that_are(name: str):
    command = [sys.executable, "-m", "coursekit", "lab", "--lecture", name]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "--lecture must name one of" in ran.stderr and f"got {name!r}" in ran.stderr
