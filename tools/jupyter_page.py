"""A Jupyter server on a folder, and notebooks in a real browser: for the browser tests and the benchmark.

with serving(home, folder) as server:                  a server with its own configuration, data and settings
    notebook = open_notebook(context, server, cells)   a fresh notebook in JupyterLab ("lab") or Notebook 7
    notebook.run_all()
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import BrowserContext, Locator, Page

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS_TO_START = 60
# The present panel's session. Waiting for an idle kernel is racy; a connected one takes the cells.
PANEL = "window.jupyterapp?.shell.currentWidget"
SESSION = f"({PANEL}?.sessionContext ?? {PANEL}?.context?.sessionContext)"

# What Notebook 7 itself writes while it starts, with no notebook of ours open.
KNOWN_COMPLAINTS = (
    "Cannot read properties of undefined (reading 'schema')",
    "Command 'filebrowser:open-path' not registered.",
    "the server responded with a status of 403 (Forbidden)",
)


@dataclass(frozen=True)
class Server:
    """A running Jupyter server: its address, its token and the folder it shows."""

    address: str
    token: str
    folder: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_answering(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(SECONDS_TO_START * 5):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise JupyterError(f"the Jupyter server did not start:\n{log.read_text()[-3000:]}")


@contextmanager
def serving(home: Path, folder: Path) -> Iterator[Server]:
    """A server that shows `folder`, with its own configuration, data and runtime folders in `home`."""
    folders = {name: home / name.lower() for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")}
    environment = {**os.environ, **{f"JUPYTER_{name}": str(folder) for name, folder in folders.items()}}
    # User settings and matplotlib's cache must be those of a fresh account, too.
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "IPYTHONDIR": str(home / "ipython")}
    # nbgrader runs `alembic` by its name.
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    settings = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"fetchNews": "false"}')  # else a question about news lies over the page
    server = Server(f"http://127.0.0.1:{free_port()}", secrets.token_hex(16), folder)
    port = server.address.rpartition(":")[2]
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", f"--port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}"]
    command += [f"--IdentityProvider.token={server.token}", "--LabApp.expose_app_in_browser=True"]
    command += ["--JupyterNotebookApp.expose_app_in_browser=True"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    log = home / "server.log"
    with log.open("wb") as stream:
        # nbgrader reads the configuration of the folder that the server is started in.
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=stream, stderr=stream)
        try:
            wait_until_answering(server.address, process, log)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


class JupyterError(AssertionError):
    """The server, a page or a kernel did not do what was asked; the message holds what they said."""


class NotebookPage:
    """A notebook in a browser: its page, its cells, its kernel."""

    SESSION = SESSION

    def __init__(self, page: Page, path: Path, app: str) -> None:
        self.page = page
        self.app = app
        self.path = path
        self.errors: list[str] = []
        """What the page complained of: uncaught exceptions and lines that it wrote to console.error."""
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("console", lambda line: self._complain(line.text) if line.type == "error" else None)

    def _complain(self, text: str) -> None:
        if not any(known in text for known in KNOWN_COMPLAINTS):
            self.errors.append(text)

    def run_all(self, seconds: float = 60) -> None:
        """Run every cell and wait for the last one to end."""
        page = self.page
        page.wait_for_function(f"() => {SESSION}?.session?.kernel?.connectionStatus === 'connected'")
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        done = f"() => {PANEL}.content.widgets.every(c => c.model.type !== 'code' || c.model.executionCount)"
        page.wait_for_function(done, timeout=1000 * seconds)

    def python(self, code: str) -> Any:
        """Run `code` in the notebook's kernel; return the value of its last line, sent as JSON.

        Raises JupyterError with the traceback if the code does.
        """
        *lines, last = code.strip().splitlines()
        wrapped = "\n".join([*lines, "import json as _json", f"print('JSON:' + _json.dumps({last}))"])
        answer = self.page.evaluate(
            f"""async (code) => {{
                const future = {SESSION}.session.kernel.requestExecute({{ code, store_history: false }});
                let text = "";
                future.onIOPub = ({{ header, content }}) => {{
                    if (header.msg_type === "stream") text += content.text;
                    if (header.msg_type === "error") text += content.traceback.join("\\n");
                }};
                await future.done;
                return text;
            }}""",
            wrapped,
        )
        found = re.search(r"^JSON:(.*)$", answer, re.MULTILINE)
        if not found:
            raise JupyterError(answer)
        return json.loads(found[1])

    def wait_for_python(self, expression: str, expected: Any, seconds: float = 10) -> None:
        """Wait until an expression has a value in the kernel: what the browser sends takes a moment."""
        value = None
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = self.python(expression)
            if value == expected:
                return
            self.page.wait_for_timeout(50)
        raise JupyterError(f"{expression} is {value!r} in Python, expected {expected!r}")

    @property
    def cell_ids(self) -> list[str]:
        """The ids of the notebook's cells, in order."""
        ids: list[str] = self.page.evaluate(f"() => {PANEL}.content.widgets.map(cell => cell.model.id)")
        return ids

    @property
    def failures(self) -> list[str]:
        """Every error that a cell ended with and every line on stderr, whether on the screen or not."""
        outputs: list[str] = self.page.evaluate(
            f"""() => {PANEL}.content.widgets.filter((cell) => cell.model.type === "code")
                .flatMap((cell) => cell.model.outputs.toJSON())
                .filter((output) => output.output_type === "error" || output.name === "stderr")
                .map((output) => output.evalue ?? String(output.text))"""
        )
        return outputs

    def show_cell(self, index: int) -> None:
        """Scroll a cell into view: cells far away are not on the page."""
        self.page.evaluate(f"(index) => {PANEL}.content.scrollToItem(index, 'center')", index)

    def cell(self, name: str) -> Locator:
        """The cell with this id, scrolled into view."""
        index = self.cell_ids.index(name)
        self.show_cell(index)
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def output(self, cell: int) -> Locator:
        """The output area of a cell."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".jp-Cell-outputArea")

    def use_theme(self, name: str) -> None:
        """Change to "JupyterLab Light" or "JupyterLab Dark" and wait until it is on."""
        page = self.page
        page.evaluate(
            "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name
        )
        page.wait_for_function("(name) => document.body.dataset.jpThemeName === name", arg=name)


def notebook_text(cells: list[str] | Path) -> str:
    if isinstance(cells, Path):
        return cells.read_text(encoding="utf-8")
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in cells]
    return str(nbformat.writes(notebook))


def open_notebook(
    context: BrowserContext, server: Server, cells: list[str] | Path, app: str = "lab", *, run: bool = True
) -> NotebookPage:
    """Open code cells, or a copy of a notebook's file, in JupyterLab ("lab") or Notebook 7 ("notebook")."""
    path = server.folder / f"{app}-{secrets.token_hex(4)}.ipynb"
    path.write_text(notebook_text(cells), encoding="utf-8")
    notebook = NotebookPage(context.new_page(), path, app)
    # JupyterLab keeps open tabs on the server, by workspace: each page gets one of its own.
    route = f"lab/workspaces/{path.stem}/tree" if app == "lab" else "notebooks"
    notebook.page.goto(f"{server.address}/{route}/{path.name}?token={server.token}")
    notebook.page.wait_for_function(f"() => {PANEL}?.content?.model?.cells?.length > 0", timeout=60_000)
    if run:
        notebook.run_all()
    return notebook
