"""Signals of the commands that tests start."""

from __future__ import annotations

import signal


def heed_ctrl_c() -> None:
    """In a child, before its command: heed Ctrl-C, which what runs in the background ignores."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
