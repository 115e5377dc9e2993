"""The demos against `interact` and ipympl doing the same, in JupyterLab in a headless Chromium.

Budget: from a key press to new pixels p95 <= 33 ms, and at least 45 frames a second while dragging.
"""

from benchmarks.widgets.report import main

__all__ = ["main"]
