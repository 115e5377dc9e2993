"""A terminal for tests: a command in a pseudo-terminal, and the screen that a person would see."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.signals import heed_ctrl_c

CODES = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|\x1b.|[\x00-\x1f\x7f]", re.DOTALL)
KNOWN = "\r\n\x1b"  # control characters that a bar may use
CTRL_C = b"\x03"
SIZE = ("COLUMNS", "LINES")  # what the window says counts: tests that run side by side have these set


class Screen:
    """What a terminal of `columns` shows: the lines, from the first one ever written. AssertionError for a
    control code that moves elsewhere than a bar should, or that ends a terminal's peace (titles, bells)."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.rows: list[list[str]] = [[]]
        self.row = self.column = 0
        self.widest = 0
        self.cursor_is_shown = True

    def feed(self, text: str) -> None:
        """Do as the bytes of `text` say."""
        at = 0
        for code in CODES.finditer(text):
            self._write(text[at : code.start()])
            self._obey(code)
            at = code.end()
        self._write(text[at:])

    def _write(self, text: str) -> None:
        for character in text:
            width = 0 if unicodedata.combining(character) else 1
            width += unicodedata.east_asian_width(character) in "WF"
            if self.column + width > self.columns:
                self._down()
                self.column = 0
            line = self.rows[self.row]
            line.extend(" " * (self.column - len(line)))
            line[self.column : self.column + width] = [character, *[""] * (width - 1)]
            self.column += width
            self.widest = max(self.widest, self.column)

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append([])

    def _obey(self, code: re.Match[str]) -> None:
        arguments, command = code.group(1), code.group(2)
        if code.group(0) == "\r":
            self.column = 0
        elif code.group(0) == "\n":
            self._down()
        elif command == "A":
            self.row -= int(arguments or 1)
            assert self.row >= 0, "the cursor left the screen"
        elif command == "K":
            assert arguments == "2"
            self.rows[self.row] = []
        elif code.group(0) in ("\x1b[?25l", "\x1b[?25h"):
            self.cursor_is_shown = command == "h"
        else:
            assert command == "m", f"a control code that no bar needs: {code.group(0)!r}"

    def text(self) -> str:
        """All lines, without the spaces at their ends."""
        return "\n".join("".join(row).rstrip() for row in self.rows)


class Terminal:
    """A command whose stderr (and stdout, unless `stdout` is a file) is a terminal of its own."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        *,
        columns: int = 100,
        stdout: int | None = None,
    ) -> None:
        self.screen = Screen(columns)
        self.said = b""
        self._decoded = 0
        self._master, side = pty.openpty()
        self.resize(columns)
        self.process = subprocess.Popen(
            command, stdin=side, stdout=side if stdout is None else stdout, stderr=side, cwd=folder,
            env={name: value for name, value in environment.items() if name not in SIZE},
            start_new_session=True, preexec_fn=_take_the_terminal,
        )  # fmt: skip
        os.close(side)

    def resize(self, columns: int) -> None:
        """As when a person drags the window's corner."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        self.screen.columns = columns

    def press(self, keys: bytes) -> None:
        """What the keyboard sends; the terminal makes Ctrl-C a signal to all of its foreground processes."""
        os.write(self._master, keys)

    def read(self, seconds: float = 0.1) -> bool:
        """Take in what is written within `seconds`; False once nobody is left who could write."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return True
        try:
            found = os.read(self._master, 1 << 16)
        except OSError:  # Linux: every process has closed its side
            return False
        self.said += found
        text = self.said.decode(errors="ignore")
        self.screen.feed(text[self._decoded :])
        self._decoded = len(text)
        return bool(found)

    def wait_for(self, ready: Callable[[str], object], seconds: float = 300.0) -> str:
        """Read on until what is shown is `ready`; what is shown then. AssertionError if that never comes."""
        patience = time.monotonic() + seconds
        while not ready(self.screen.text()):
            going_on = self.read()
            shown = self.screen.text()
            assert (going_on or ready(shown)) and time.monotonic() < patience, shown
        return self.screen.text()

    def end(self, seconds: float = 300.0) -> int:
        """Read until the command is over; its exit code."""
        patience = time.monotonic() + seconds
        while self.read() and time.monotonic() < patience:
            pass
        return self.process.wait(max(1.0, patience - time.monotonic()))

    def close(self) -> None:
        """End what is left."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(OSError):
            os.close(self._master)


def _take_the_terminal() -> None:
    heed_ctrl_c()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
