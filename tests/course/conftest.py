"""Each notebook is executed once in a test run, however many tests and workers look at it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from filelock import FileLock
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from tests.course.lectures import REPOSITORY

SECONDS_PER_CELL = 120


def kernel_environment(scratch: Path) -> dict[str, str]:
    """Return the environment of a kernel: no start-up files of whoever runs the tests, no remarks.

    Matplotlib's list of fonts is made here once and kept in `scratch`: a kernel that has to make it, or that
    reads one which other programs are writing, complains on stderr.
    """
    environment = {
        **os.environ,
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLCONFIGDIR": str(scratch / "matplotlib"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the debugger remarks on frozen modules
    }
    made = scratch / "fonts-are-listed"
    with FileLock(f"{made}.lock"):
        if not made.exists():
            make = [sys.executable, "-c", "import matplotlib.font_manager"]
            subprocess.run(make, env=environment, capture_output=True, timeout=SECONDS_PER_CELL, check=True)
            made.touch()
    return environment


def execute(path: Path, scratch: Path) -> Any:
    """Run a notebook in a kernel of its own, as Restart and Run All does.

    Its metadata get `seconds`, start of the kernel included, and `error`: what stopped it, or "".
    `seconds` is the time by the clock or that of the processor, whichever is less: other programs on a busy
    machine lengthen the first, waiting threads of a linear algebra library the second.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    environment = kernel_environment(scratch)
    began, used, error = time.perf_counter(), seconds_of_children(), ""
    try:
        client.execute(env=environment)
    except (CellExecutionError, CellTimeoutError) as failure:
        error = str(failure)
    seconds = min(time.perf_counter() - began, seconds_of_children() - used)
    notebook.metadata.update(seconds=seconds, error=error)
    return notebook


def seconds_of_children() -> float:
    """Return the processor time of the processes that were started here and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def execute_once(path: Path, scratch: Path) -> Any:
    """Return the executed notebook; the first who asks, of all workers that share `scratch`, executes it."""
    kept = scratch / f"{path.parent.name}-{path.stem}.ipynb"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            nbformat.write(execute(path, scratch), kept)
    return nbformat.read(kept, as_version=4)


@pytest.fixture(scope="session")
def executed_or_stopped(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """Return a notebook of the repository, by its path there, as far as it runs."""
    scratch = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        scratch = scratch.parent  # the folder that all workers of this run share
    scratch = scratch / "executed"
    scratch.mkdir(exist_ok=True)
    return lambda path: execute_once(REPOSITORY / path, scratch)


@pytest.fixture(scope="session")
def executed(executed_or_stopped: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a notebook of the repository with its outputs; the test fails if it does not run."""

    def run(path: str) -> Any:
        notebook = executed_or_stopped(path)
        if notebook.metadata.error:
            pytest.fail(f"{path} does not run: {notebook.metadata.error[-600:]}", pytrace=False)
        return notebook

    return run
