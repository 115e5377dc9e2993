"""JAILED SIDE: what a cell prints and shows, as notebook outputs.

Bounded, so that an honest mistake (a print in a loop) gives a truncated output and not a dead notebook.
The trusted side checks the size and the content again.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter

if TYPE_CHECKING:
    from autograder.sandbox.jailed.drawing import Drawing  # it loads matplotlib, which needs its fonts first

KEPT = frozenset(["text/plain", "image/png"])  # of what is shown; the trusted side takes nothing else
OVERHEAD = 100  # bytes of an output beside its text
TRUNCATED = "\n[The rest of this cell's output is left out: it is over the limit.]\n"


class Recorder:
    """The outputs of the cell that runs now, at most `limit` bytes of them."""

    def __init__(self) -> None:
        self.reset(0)

    def reset(self, limit: int) -> None:
        """Forget the last cell."""
        self.outputs: list[dict[str, Any]] = []
        self.left = limit
        self.memory_ran_out = False

    @property
    def is_full(self) -> bool:
        """True once something was left out: nothing more is kept."""
        return self.left < 0

    def _room_for(self, size: int) -> bool:
        if self.left < 0:
            return False
        self.left -= size
        if self.left >= 0:
            return True
        self.outputs.append({"output_type": "stream", "name": "stdout", "text": TRUNCATED})
        return False

    def stream(self, name: str, text: str) -> None:
        """Add printed text, joined to the last output if of the same stream; of too much, the start."""
        if self.is_full:
            return
        last = self.outputs[-1] if self.outputs else {}
        if not (last.get("output_type") == "stream" and last.get("name") == name):
            if not self._room_for(OVERHEAD):
                return
            last = {"output_type": "stream", "name": name, "text": []}
            self.outputs.append(last)
        kept = _start(text, self.left)
        last["text"].append(kept)
        self._room_for(_size(kept) if kept == text else self.left + 1)

    def data(self, output_type: str, data: dict[str, Any]) -> None:
        """Add a shown value: text and PNG pictures; the trusted side drops everything else."""
        kept = {kind: _as_text(data[kind]) for kind in sorted(KEPT) if kind in data}
        if kept and self._room_for(OVERHEAD + sum(map(_size, kept.values()))):
            self.outputs.append({"output_type": output_type, "data": kept})

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """Add an exception that ended the cell."""
        self.memory_ran_out = self.memory_ran_out or name == "MemoryError"
        kept = [line[:5000] for line in traceback[-40:]]
        self.outputs.append(
            {"output_type": "error", "ename": name, "evalue": value[:5000], "traceback": kept}
        )

    def finished(self) -> list[dict[str, Any]]:
        """The outputs with the pieces of each stream joined."""
        for output in self.outputs:
            if isinstance(output.get("text"), list):
                output["text"] = "".join(output["text"])
        return self.outputs


def _size(text: str) -> int:
    """Bytes of a text on the wire."""
    return len(text.encode("utf-8", "replace"))


def _start(text: str, most: int) -> str:
    """As much of the text as fits into so many bytes."""
    if len(text) <= most and _size(text) <= most:
        return text
    return text[:most].encode("utf-8", "replace")[:most].decode("utf-8", "ignore")


def _as_text(content: object) -> str:
    if isinstance(content, bytes):
        from base64 import b64encode

        return b64encode(content).decode()
    return str(content)


class RecordedStream(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr."""

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.recorder, self.stream_name = recorder, name

    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.recorder.stream(self.stream_name, str(text))
        return len(text)


class BoundedFormatter(DisplayFormatter):  # type: ignore[misc]
    """Does not draw what would be left out: figures in a loop would take all the time there is."""

    recorder: Recorder
    drawing: Drawing

    def format(self, obj: Any, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], Any]:
        """The forms of a shown value that are kept; none once the cell's output is full."""
        kinds = KEPT if include is None else KEPT & set(include)
        if self.recorder.is_full or not kinds:
            return {}, {}
        if self.drawing.is_figure(obj):
            if not self.drawing.wanted:
                return {"text/plain": self.drawing.stand_in(obj)}, {}
            self.drawing.take_over(self.formatters["image/png"])
        forms: tuple[dict[str, Any], Any] = super().format(obj, kinds, exclude)
        return forms


class RecordingPublisher(DisplayPublisher):  # type: ignore[misc]
    """Receives `display(...)` and figures."""

    recorder: Recorder

    def publish(self, data: dict[str, Any], metadata: Any = None, **options: Any) -> None:
        self.recorder.data("display_data", data)


class RecordingDisplayHook(DisplayHook):  # type: ignore[misc]
    """Receives the value of a cell's last expression."""

    recorder: Recorder

    def write_output_prompt(self) -> None:
        """No prompt in a notebook's output."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        self.recorder.data("execute_result", format_dict)

    def compute_format_data(self, result: Any) -> tuple[dict[str, Any], Any]:
        """The forms of the value. A figure's picture is kept: the inline backend shows it once more."""
        forms: tuple[dict[str, Any], Any] = super().compute_format_data(result)
        drawing = BoundedFormatter.drawing
        if drawing.is_figure(result) and "image/png" in forms[0]:
            drawing.remember(result, forms[0]["image/png"])
        return forms

    def finish_displayhook(self) -> None:
        """No blank line after it either."""
