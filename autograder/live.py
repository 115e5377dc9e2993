"""TRUSTED: the live bar of `autograder grade` on a terminal; problems and notes scroll by above it.

A thread draws it a few times a second from the tally, also while the grader waits for something.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
from threading import Event, Thread
from typing import Self, TextIO, cast

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.text import Text

from autograder.progress import Progress, Tally, about, closing, duration, result_lines, speed
from autograder.report.table import one_line
from autograder.result import Result, Status

FRAMES_A_SECOND = 5
WIDEST = 100  # columns: a longer bar says no more
BESIDE = 3  # columns that stay free: the ^C which a terminal echoes must not begin a new line
NAME_CELLS = 24  # of a student's id
LONG_SECONDS = 3.0  # who runs for longer is named
COLOURS = {
    Status.GRADED: "green",
    Status.TIMEOUT: "yellow",
    Status.MEMORY: "magenta",
    Status.CRASHED: "red",
    Status.INVALID: "cyan",
    Status.MISSING: "bright_black",
    Status.GRADER_ERROR: "bold white on red",
}


class LiveProgress(Progress):
    """A bar of up to five lines at the foot of the terminal `stream`; nothing of it stays but one line."""

    def __init__(self, title: str, stream: TextIO | None = None) -> None:
        super().__init__()
        self._stream = _Forgiving(sys.stderr if stream is None else stream)
        file = cast(TextIO, self._stream)
        self._console = Console(file=file, force_terminal=True, highlight=False)
        frame = Frame(title, self.tally, self._stream)
        self._live = Live(
            frame, console=self._console, auto_refresh=False, transient=True, redirect_stdout=False,
            vertical_overflow="crop",
        )  # fmt: skip
        self._ended = Event()
        self._artist = Thread(target=self._draw, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        self._console.show_cursor(True)  # a grader that is killed must not leave a terminal without one
        self._artist.start()
        return self

    def _draw(self) -> None:
        while not self._ended.wait(1 / FRAMES_A_SECOND):
            self._live.refresh()

    def say(self, text: str) -> None:
        self._above(Text(f"autograder: {one_line(text)}"))

    def result(self, result: Result, *, kept: bool = False) -> None:
        super().result(result, kept=kept)
        if result.status is Status.GRADER_ERROR:
            text = result_lines(result, self.tally.done, self.tally.total)
            self._above(Text(text, style="bold red"))

    def stopping(self, text: str) -> None:
        self.tally.stopping = text  # the artist shows it with the next frame

    def _above(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)

    def close(self) -> None:
        if self._ended.is_set():
            return
        self._ended.set()
        self._artist.join()
        self._live.stop()
        if self.tally.done and self.tally.done == self.tally.total:
            self._above(Text(f"autograder: {closing(self.tally)}"))


class Frame:
    """What the bar shows now, for the terminal as wide and high as it is now."""

    def __init__(self, title: str, tally: Tally, stream: _Forgiving | None = None) -> None:
        self.title = title
        self.tally = tally
        self.stream = stream

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, none as long as the terminal is wide."""
        columns, rows = (self.stream and self.stream.size()) or options.size
        width = max(8, min(columns, WIDEST) - BESIDE)
        lines = self.lines(width, ascii_only=options.ascii_only)
        yield from lines[: max(1, rows - 1)]

    def lines(self, width: int, *, ascii_only: bool = False) -> list[Text]:
        """The bar, its figures, the counts, who takes long, each cut to `width` cells."""
        tally = self.tally
        if not tally.begun:
            ready = "looking at what was graded before" if tally.total else "getting ready"
            lines = packed([Text(f"Grading {self.title}:", "bold"), Text(ready)], width, " ")
        else:
            dot = ", " if ascii_only else " · "
            lines = [self._bar(width, ascii_only), *packed(self._figures(), width, dot)]
        lines += packed(self._counts(), width, "  ") + packed(self._slow(), width, "  ")[:2]
        if tally.stopping:
            lines += packed([Text(word, "bold yellow") for word in tally.stopping.split()], width, " ")
        for line in lines:
            line.truncate(width, overflow="crop" if ascii_only else "ellipsis")
            if ascii_only:  # what such a terminal cannot show would take more cells than were counted
                line.plain = line.plain.encode("ascii", "replace").decode()
        return lines

    def _bar(self, width: int, ascii_only: bool) -> Text:
        tally = self.tally
        total = max(1, tally.total)
        count = f" {tally.done:>{len(str(total))}} of {total}"
        title = f"Grading {self.title} "
        if len(title) + len(count) + 20 > width:
            title = ""
        cells = max(4, width - len(title) - len(count))
        done = cells * tally.done // total
        kept = min(done, cells * tally.kept // total)
        full, empty = ("#", "-") if ascii_only else ("━", "─")
        old, new, left = full * kept, full * (done - kept), empty * (cells - done)
        bar = ((old, "blue"), (new, "green"), (left, "bright_black"))
        return Text.assemble((title, "bold"), *bar, (count, "bold"))

    def _figures(self) -> Iterable[Text]:
        tally = self.tally
        rate, left = tally.rate(), tally.seconds_left()
        if tally.done == tally.total:
            yield Text("all done", "bold")
        elif rate is None or left is None:
            yield Text(f"{duration(tally.clock() - tally.started)} so far")
        elif not tally.stopping:
            yield Text(speed(rate))
            yield Text(f"about {about(left)} left", "bold")
        if tally.kept:
            yield Text(f"{tally.kept} kept from an earlier run", "blue")

    def _counts(self) -> Iterable[Text]:
        for status, count in self.tally.by_status():
            yield Text(f"{count} {status}", COLOURS[status])

    def _slow(self) -> Iterable[Text]:
        """Who runs longest now, if that is long, and who took longest."""
        running = self.tally.running()
        if running and running[0][1] >= LONG_SECONDS:
            yield Text.assemble("running ", *_named(*running[0]))
        if self.tally.slowest is not None:
            yield Text.assemble("slowest ", *_named(*self.tally.slowest))


def _named(student: str, seconds: float) -> tuple[tuple[str, str], str]:
    name = Text(one_line(student))
    name.truncate(NAME_CELLS, overflow="ellipsis")
    return (name.plain, "bold"), f" {seconds:.1f} s" if seconds < 10 else f" {duration(seconds)}"


def packed(pieces: Iterable[Text], width: int, gap: str) -> list[Text]:
    """Lines of pieces with `gap` between, at most `width` cells each; a longer piece has its own line."""
    lines: list[list[Text]] = []
    for piece in pieces:
        if lines and _cells(lines[-1], gap) + len(gap) + piece.cell_len <= width:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [Text(gap).join(line) for line in lines]


def _cells(line: Sequence[Text], gap: str) -> int:
    return sum(piece.cell_len for piece in line) + len(gap) * (len(line) - 1)


class _Forgiving:
    """A terminal that may be closed while a class is graded: what can no longer be shown is no fault."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = stream.encoding

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def size(self) -> os.terminal_size | None:
        """Columns and rows now; rich would believe COLUMNS, which does not change with the window."""
        with contextlib.suppress(OSError, ValueError):
            found = os.get_terminal_size(self._stream.fileno())
            return found if found.columns and found.lines else None
        return None
