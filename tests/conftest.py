"""What the machine offers decides which tests run.

In CI a missing tool is a failure; on a user's machine its tests skip, and the summary says so.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")


def chromium() -> str | None:
    """Path of the system's Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def has_sandbox() -> bool:
    """True if bubblewrap starts a process in fresh namespaces here."""
    if shutil.which("bwrap") is None:
        return False
    trial = ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "true"]
    return subprocess.run(trial, capture_output=True, timeout=30, check=False).returncode == 0


def has_gpu() -> bool:
    """True if CuPy is installed and sees a device."""
    try:
        import cupy

        return int(cupy.cuda.runtime.getDeviceCount()) > 0
    except (ImportError, AttributeError, RuntimeError):  # an empty folder `cupy` has no attributes
        return False


# marker: (probe, what to install, whether CI must have it)
REQUIREMENTS: dict[str, tuple[Callable[[], object], str, bool]] = {
    "browser": (chromium, "Chromium (Debian: apt-get install chromium)", True),
    "node": (lambda: shutil.which("node") and shutil.which("npm"), "Node.js 20 or newer with npm", True),
    "sandbox": (has_sandbox, "bubblewrap with user namespaces (Debian: apt-get install bubblewrap)", True),
    "gpu": (has_gpu, "a CUDA device and CuPy", False),
    "torch": (
        lambda: importlib.util.find_spec("torch"),
        "PyTorch (pip install torch; a build for the CPU is enough)",
        True,
    ),
}
missing: dict[str, str] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, or in CI fail, the tests whose tool is missing."""
    for marker, (probe, install, needed_in_ci) in REQUIREMENTS.items():
        marked = [item for item in items if item.get_closest_marker(marker)]
        if not marked or probe():
            continue
        missing[marker] = f"{len(marked)} tests need {install}"
        if not (IN_CI and needed_in_ci):
            for item in marked:
                item.add_marker(pytest.mark.skip(reason=f"needs {install}"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """In CI, a test whose tool is missing fails rather than passing unseen."""
    for marker in missing:
        if IN_CI and REQUIREMENTS[marker][2] and item.get_closest_marker(marker):
            pytest.fail(missing[marker], pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what was not tested, and what would make it run."""
    for marker, reason in missing.items():
        terminalreporter.write_line(f"NOT TESTED ({marker}): {reason}")
