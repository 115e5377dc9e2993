"""TRUSTED SIDE: the conversation with one submission. Whatever comes back is checked, bounded and timed."""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from autograder.limits import Limits
from autograder.sandbox import wire
from autograder.sandbox.trusted.implementations import Implementations, stand_ins
from autograder.sandbox.trusted.pictures import MOST_PIXELS, clean_picture, pixels_of
from coursekit.checks.outcome import Foreign, NoAnswer, Outcome, Raised, Returned

MAX_OUTPUTS = 1_000
FILE_BLOCK = 1 << 20  # bytes of a file that travel at once
MAX_TRACEBACK = 50  # entries
MOST_COLOURS = 1_000  # codes in one text: turning them into a page takes time with their square
NOTEBOOK_TOO_LONG = "the notebook as a whole took too long"
ESCAPE, NO_ESCAPE = "\x1b", "\ufffd"
# everything of Unicode's control characters but tab, line ends, and the escape that colours tracebacks
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class SubmissionEnded(Exception):
    """The submission's process cannot go on: `reason` is "timeout", "crashed" or "memory".

    `seconds` is the limit of wall clock that a timeout passed.
    """

    def __init__(self, reason: str, detail: str, seconds: float = 0.0) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail, self.seconds = reason, detail, seconds


@dataclass
class CellRun:
    """What a cell showed: notebook outputs of known kinds, and whether it ran out of memory."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    memory_ran_out: bool = False


@dataclass(frozen=True)
class Question:
    """A call to ask for, and the frame that asks for it: written once, however many are asked it."""

    arguments: tuple[object, ...]
    content: bytes = field(repr=False)

    @classmethod
    def of(cls, function: str, arguments: Sequence[object], watch: Sequence[str] = ()) -> Question:
        """Write down the question for `function(*arguments)`."""
        tree, data = wire.encode(stand_ins(arguments))
        message = {"ask": function, "arguments": tree, "watch": list(watch)}
        return cls(tuple(arguments), wire.frame(message, data))


class Session:
    """Sends cells and questions to one submission; made by `Jail.session`."""

    def __init__(self, channel: socket.socket, limits: Limits, seconds: float) -> None:
        self._channel, self.limits = channel, limits
        self._seconds, self._deadline = seconds, time.monotonic() + seconds
        self._pixels_left = MOST_PIXELS
        self.gone = False  # it hung up
        self.ended = ""  # how its process ended, known once the session is over
        self.cpu_seconds = 0.0  # of processor time that it took, known once the session is over
        self.waited_seconds = 0.0  # for which it was ready and no processor was free; known as late

    def put_file(self, parts: Sequence[str], content: BinaryIO) -> str:
        """Write a file under the submission's home, before its first cell. Why it is not there, or ""."""
        most = min(FILE_BLOCK, int(self.limits.answer_bytes))
        block = content.read(most)
        while True:
            reply, _ = self._exchange(
                wire.frame({"file": list(parts)}, block), self.limits.cell_seconds, 1 << 16
            )
            refused = plain_text(reply.get("refused", ""), 200)
            block = content.read(most)
            if refused or not block:
                return refused

    def run_cell(self, source: str, figures: bool = True) -> CellRun:
        """Run one cell. SubmissionEnded if it takes too long, is too long, or takes its process down.

        Without `figures` none is drawn for the page: a line of text stands in its place.
        """
        if len(source.encode()) > self.limits.answer_bytes:
            raise SubmissionEnded("crashed", f"a cell of {len(source)} characters is not run")
        message = {"cell": source, "figures": figures}
        reply, _ = self._exchange(wire.frame(message), self.limits.cell_seconds, 8 * self.limits.output_bytes)
        outputs = reply.get("outputs")
        if not isinstance(outputs, list):
            raise SubmissionEnded(
                "crashed", "the process of the notebook sent something that is not a cell's output"
            )
        clean = [output for output in map(clean_output, outputs[:MAX_OUTPUTS]) if output]
        return CellRun([output for output in clean if self._bearable(output)], reply.get("memory") is True)

    def _bearable(self, output: dict[str, Any]) -> bool:
        """Whether a reader's machine can bear this picture beside those before it."""
        picture = output.get("data", {}).get("image/png")
        self._pixels_left -= pixels_of(picture) if picture else 0
        return picture is None or self._pixels_left >= 0

    def ask(self, function: str, arguments: Sequence[object], watch: Sequence[str] = ()) -> Outcome:
        """Ask for `function(*arguments)`. SubmissionEnded if no answer comes.

        `watch` names library routines whose calls are told. An `Implementation` among the arguments stays
        here: each call of it comes back over the wire, and only its result goes out.
        """
        return self.put(Question.of(function, arguments, watch))

    def put(self, question: Question) -> Outcome:
        """Put a question that was written down before. SubmissionEnded if no answer comes."""
        implementations = Implementations(question.arguments, int(self.limits.implementation_calls))
        content, since = question.content, time.monotonic()
        try:
            while True:
                reply, blob = self._exchange(
                    content, self.limits.question_seconds, self.limits.answer_bytes, since
                )
                if "call" not in reply:
                    return _outcome(reply, blob, question.arguments)
                content = wire.frame(*implementations.answer(reply, blob))
        except wire.WireError as error:
            raise SubmissionEnded("crashed", f"an answer could not be read: {error}") from None

    def _exchange(
        self, content: bytes, seconds: float, limit: int, since: float | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """Send a frame and receive one within `seconds` of `since`, by time.monotonic (default: now)."""
        own = (since or time.monotonic()) + seconds
        deadline = min(own, self._deadline)
        try:
            self._channel.settimeout(max(0.001, deadline - time.monotonic()))
            wire.send_frame(self._channel, content)
            return wire.receive(self._channel, limit, deadline)
        except wire.WireTimeout:
            if self._deadline < own:
                raise SubmissionEnded("timeout", NOTEBOOK_TOO_LONG, self._seconds) from None
            raise SubmissionEnded("timeout", f"no answer within {seconds:g} s", seconds) from None
        except wire.WireClosed:
            self.gone = True
            raise SubmissionEnded("crashed", "the process of the notebook ended") from None
        except wire.WireError as error:
            raise SubmissionEnded("crashed", f"the process of the notebook sent {error}") from None


def _outcome(reply: dict[str, Any], blob: bytes, sent: tuple[object, ...] = ()) -> Outcome:
    """Turn a reply into an outcome; WireError if it is none.

    The arguments come back only where the call has changed them; else they are those that were `sent`.
    """
    if reply.get("undefined") is True:
        return NoAnswer("not-defined")
    if "raised" in reply:
        kind, message, trace = (
            plain_text(reply.get(key, ""), 5000) for key in ("raised", "message", "trace")
        )
        return NoAnswer("memory", message) if kind == "MemoryError" else Raised(kind[:200], message, trace)
    value = wire.decode(reply.get("returned"), blob, _foreign)
    if not (isinstance(value, list) and len(value) in (1, 2)):
        raise wire.WireError("an answer must hold a value and, where they were changed, the arguments")
    after = value[1] if len(value) == 2 else list(sent)
    if not isinstance(after, list):
        raise wire.WireError("an answer must hold the arguments in a list")
    return Returned(value[0], tuple(after), plain_text(reply.get("routine", ""), 100))


def _foreign(type_name: str) -> Foreign:
    return Foreign(plain_text(type_name, 300))


def plain_text(content: object, longest: int | None = None) -> str:
    """Text that every file, terminal and page can hold: no lone surrogates, no control characters.

    What is no text is none: `str` of deeply nested lists would exhaust the stack.
    """
    text = content[:longest].encode("utf-8", "replace").decode() if isinstance(content, str) else ""
    if text.count(ESCAPE) > MOST_COLOURS:
        text = text.replace(ESCAPE, NO_ESCAPE)
    return CONTROL.sub("\ufffd", text)


def clean_output(output: object) -> dict[str, Any] | None:
    """Rebuild a notebook output from the parts that cannot harm a reader: text and PNG pictures."""
    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": plain_text(output.get("text", ""))}
    if kind == "error":
        trace = output.get("traceback")
        lines = [plain_text(line, 5000) for line in trace[:MAX_TRACEBACK]] if isinstance(trace, list) else []
        if sum(line.count(ESCAPE) for line in lines) > MOST_COLOURS:
            lines = [line.replace(ESCAPE, NO_ESCAPE) for line in lines]
        name, value = plain_text(output.get("ename", ""), 200), plain_text(output.get("evalue", ""), 5000)
        return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}
    if kind in ("display_data", "execute_result"):
        data = clean_data(output.get("data"))
        if not data:
            return None
        shown: dict[str, Any] = {"output_type": kind, "data": data, "metadata": _alternative_text(data)}
        return shown | ({"execution_count": None} if kind == "execute_result" else {})
    return None


def _alternative_text(data: dict[str, str]) -> dict[str, Any]:
    """The plain text of a picture, for those who cannot see it; matplotlib's own names nothing."""
    words = data.get("text/plain", "")
    if "image/png" not in data or not words or words.startswith("<"):
        return {}
    return {"image/png": {"alt": words[:500]}}


def clean_data(data: object) -> dict[str, str]:
    """Keep text/plain and PNG pictures of a display's data."""
    if not isinstance(data, dict):
        return {}
    kept = {}
    if isinstance(data.get("text/plain"), str):
        kept["text/plain"] = plain_text(data["text/plain"])
    picture = data.get("image/png")
    if isinstance(picture, str):
        with contextlib.suppress(binascii.Error, ValueError):  # what is no picture is not shown
            content = base64.b64decode("".join(picture.split()), validate=True)
            clean = clean_picture(content)
            if clean is not None:
                kept["image/png"] = base64.b64encode(clean).decode()
    return kept
