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
from typing import Any

from autograder.limits import Limits
from autograder.sandbox import wire
from autograder.sandbox.trusted.implementations import Implementations
from coursekit.checks.outcome import Foreign, NoAnswer, Outcome, Raised, Returned

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_OUTPUTS = 1_000
MAX_TRACEBACK = 50  # entries
# everything of Unicode's control characters but tab, line ends, and the escape that colours tracebacks
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class SubmissionEnded(Exception):
    """The submission's process cannot go on: `reason` is "timeout", "crashed" or "memory"."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


@dataclass
class CellRun:
    """What a cell showed: notebook outputs of known kinds, and whether it ran out of memory."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    memory_ran_out: bool = False


class Session:
    """Sends cells and questions to one submission; made by `Jail.session`."""

    def __init__(self, channel: socket.socket, limits: Limits, seconds: float) -> None:
        self._channel, self.limits = channel, limits
        self._deadline = time.monotonic() + seconds
        self.gone = False  # it hung up
        self.ended = ""  # how its process ended, known once the session is over

    def run_cell(self, source: str) -> CellRun:
        """Run one cell. SubmissionEnded if it takes too long or takes its process down."""
        reply, _ = self._exchange(
            {"cell": source}, b"", self.limits.cell_seconds, 8 * self.limits.output_bytes
        )
        outputs = reply.get("outputs")
        if not isinstance(outputs, list):
            raise SubmissionEnded(
                "crashed", "the process of the notebook sent something that is not a cell's output"
            )
        clean = [output for output in map(clean_output, outputs[:MAX_OUTPUTS]) if output]
        return CellRun(clean, reply.get("memory") is True)

    def ask(self, function: str, arguments: Sequence[object], watch: Sequence[str] = ()) -> Outcome:
        """Ask for `function(*arguments)`. SubmissionEnded if no answer comes.

        `watch` names library routines whose calls are told. An `Implementation` among the arguments stays
        here: each call of it comes back over the wire, and only its result goes out.
        """
        implementations = Implementations(arguments, int(self.limits.implementation_calls))
        tree, data = wire.encode(implementations.stand_ins())
        message: dict[str, Any] = {"ask": function, "arguments": tree, "watch": list(watch)}
        since = time.monotonic()
        try:
            while True:
                reply, blob = self._exchange(
                    message, data, self.limits.question_seconds, self.limits.answer_bytes, since
                )
                if "call" not in reply:
                    return _outcome(reply, blob)
                message, data = implementations.answer(reply, blob)
        except wire.WireError as error:
            raise SubmissionEnded("crashed", f"an answer could not be read: {error}") from None

    def _exchange(
        self, message: dict[str, Any], blob: bytes, seconds: float, limit: int, since: float | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """Send and receive within `seconds` of `since`, a time of time.monotonic (default: now)."""
        deadline = min((since or time.monotonic()) + seconds, self._deadline)
        try:
            self._channel.settimeout(max(0.001, deadline - time.monotonic()))
            wire.send(self._channel, message, blob)
            return wire.receive(self._channel, limit, deadline)
        except wire.WireTimeout:
            raise SubmissionEnded("timeout", f"no answer within {seconds:g} s") from None
        except wire.WireClosed:
            self.gone = True
            raise SubmissionEnded("crashed", "the process of the notebook ended") from None
        except wire.WireError as error:
            raise SubmissionEnded("crashed", f"the process of the notebook sent {error}") from None


def _outcome(reply: dict[str, Any], blob: bytes) -> Outcome:
    """Turn a reply into an outcome; WireError if it is none."""
    if reply.get("undefined") is True:
        return NoAnswer("not-defined")
    if "raised" in reply:
        kind, message, trace = (
            plain_text(reply.get(key, ""), 5000) for key in ("raised", "message", "trace")
        )
        return NoAnswer("memory", message) if kind == "MemoryError" else Raised(kind[:200], message, trace)
    pair = wire.decode(reply.get("returned"), blob, _foreign)
    if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], list)):
        raise wire.WireError("an answer must hold a value and the arguments")
    return Returned(pair[0], tuple(pair[1]), plain_text(reply.get("routine", ""), 100))


def _foreign(type_name: str) -> Foreign:
    return Foreign(plain_text(type_name, 300))


def plain_text(content: object, longest: int | None = None) -> str:
    """Text that every file, terminal and page can hold: no lone surrogates, no control characters."""
    text = str(content)[:longest].encode("utf-8", "replace").decode()
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
            if content.startswith(PNG_SIGNATURE):
                kept["image/png"] = base64.b64encode(content).decode()
    return kept
