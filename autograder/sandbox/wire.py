"""BOTH SIDES: the only language that the trusted and the jailed side speak.

A frame is eight bytes (two big-endian lengths), a JSON text and raw bytes. Values travel as a small
typed tree in the JSON; array elements travel in the raw bytes. Nothing is ever unpickled or evaluated.
The trusted side treats every byte that it reads as written by an adversary: each length, type, shape
and nesting depth is checked before anything is built from it, and a violation is a `WireError`.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

HEADER = struct.Struct(">II")
JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
MAX_DEPTH = 8  # of nested lists in a value
MAX_NODES = 20_000  # values in one tree; right answers have some hundred
MAX_AXES = 8
MAX_DIGITS = 1_000  # of an integer
MAX_TEXT = 10_000  # characters of a string value
ARRAY_DTYPES = frozenset(
    ["|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"]
)  # fixed size, no objects, no strings, no records


class WireError(Exception):
    """The other side sent something that is not of this language, or too much of it."""


class WireClosed(WireError):
    """The other side is gone."""


class WireTimeout(WireError):
    """The other side did not send a whole frame in time."""


@dataclass(frozen=True)
class Function:
    """Stands, in a question, for a function that stays on the trusted side and can be called from there."""

    number: int


@dataclass(frozen=True)
class Foreign:
    """Stands for a value that is not numbers, text or lists of them."""

    type_name: str


def encode(value: object) -> tuple[dict[str, Any], bytes]:
    """Turn a value into its JSON tree and the bytes of its arrays; what cannot travel becomes `Foreign`."""
    blobs: list[bytes] = []
    tree = _encode(value, blobs, [1], 0)
    return tree, b"".join(blobs)


def _encode(value: object, blobs: list[bytes], nodes: list[int], depth: int) -> dict[str, Any]:
    if depth > MAX_DEPTH:
        return _too_much(value)
    if value is None:
        return {"t": "none"}
    if isinstance(value, Function):
        return {"t": "function", "v": value.number}
    if isinstance(value, bool):
        return {"t": "bool", "v": bool(value)}
    if isinstance(value, int):
        return _encode_integer(int.__int__(value))  # of a class of its own, the number underneath
    if isinstance(value, np.ndarray | np.generic):
        return _encode_array(np.asarray(value), isinstance(value, np.generic), blobs)
    if isinstance(value, float):
        return {"t": "float", "v": float.hex(value)}
    if isinstance(value, complex):
        plain = complex.__complex__(value)
        return {"t": "complex", "v": [plain.real.hex(), plain.imag.hex()]}
    if isinstance(value, str):
        return {"t": "str", "v": str.__str__(value)[:MAX_TEXT]}
    if isinstance(value, list | tuple):
        if nodes[0] + len(value) > MAX_NODES:
            return _too_much(value)
        nodes[0] += len(value)
        kind = "list" if isinstance(value, list) else "tuple"
        return {"t": kind, "v": [_encode(item, blobs, nodes, depth + 1) for item in value]}
    return {"t": "foreign", "v": type(value).__name__[:200]}


def _too_much(value: object) -> dict[str, Any]:
    return {"t": "foreign", "v": f"{type(value).__name__[:200]} (nested too deep or too long)"}


def _encode_integer(value: int) -> dict[str, Any]:
    if value.bit_length() > 3 * MAX_DIGITS:
        return {"t": "foreign", "v": "int with more than a thousand digits"}
    return {"t": "int", "v": str(value)}


def _encode_array(array: np.ndarray, scalar: bool, blobs: list[bytes]) -> dict[str, Any]:
    plain, code = array, array.dtype.str
    if code not in ARRAY_DTYPES:
        plain = array.astype(array.dtype.newbyteorder("<"), copy=False)
        # longdouble: 64 bits are compared
        if plain.dtype.kind in "fc" and plain.dtype.str not in ARRAY_DTYPES:
            plain = plain.astype("<f8" if plain.dtype.kind == "f" else "<c16")
        code = plain.dtype.str
    if code not in ARRAY_DTYPES or plain.ndim > MAX_AXES:
        return {"t": "foreign", "v": f"array of dtype {array.dtype} with {array.ndim} axes"[:200]}
    blobs.append(plain.tobytes())  # C order, whatever the strides are
    shape = [int(size) for size in plain.shape]
    return {"t": "scalar" if scalar else "array", "dtype": code, "shape": shape}


def decode(
    tree: object,
    blob: bytes,
    foreign: Callable[[str], object] = Foreign,
    function: Callable[[int], object] | None = None,
) -> object:
    """Build the value of a tree. Arrays are fresh, writable, C-contiguous NumPy arrays.

    `foreign` makes the stand-in for what could not travel, `function` that for a function of the other side;
    without it a tree with a function is malformed. Raises WireError for anything malformed.
    Arrays take the bytes in their order, each byte once: memory is bounded by the size of the message.
    """
    decoder = _Decoder(blob, foreign, function)
    value = decoder.value(tree, 0)
    if decoder.taken != len(blob):
        raise WireError("bytes that belong to no array")
    return value


class _Decoder:
    def __init__(
        self, blob: bytes, foreign: Callable[[str], object], function: Callable[[int], object] | None
    ) -> None:
        self.blob, self.foreign, self.function = blob, foreign, function
        self.nodes = self.taken = 0

    def value(self, tree: object, depth: int) -> object:
        self.nodes += 1
        if depth > MAX_DEPTH + 1 or self.nodes > MAX_NODES + 1:
            raise WireError("a value is nested too deep or holds too many items")
        if not isinstance(tree, dict):
            raise WireError("a value must be an object")
        kind, content = tree.get("t"), tree.get("v")
        if kind in ("list", "tuple"):
            if not isinstance(content, list):
                raise WireError("a list must hold its items in a list")
            items = [self.value(item, depth + 1) for item in content]
            return items if kind == "list" else tuple(items)
        if kind == "function" and self.function is not None and _is_size(content):
            return self.function(int(str(content)))
        if kind in ("array", "scalar"):
            array = self.array(tree)
            return array[()] if kind == "scalar" else array
        return _decode_plain(kind, content, self.foreign)

    def array(self, tree: dict[str, Any]) -> np.ndarray:
        code, shape = tree.get("dtype"), tree.get("shape")
        if not isinstance(code, str) or code not in ARRAY_DTYPES:
            raise WireError("an array has a dtype that does not travel")
        if not isinstance(shape, list) or len(shape) > MAX_AXES or not all(map(_is_size, shape)):
            raise WireError("an array has a malformed shape")
        dtype, count, start = np.dtype(code), math.prod(shape), self.taken
        if start + count * dtype.itemsize > len(self.blob):
            raise WireError("an array reaches beyond the bytes that were sent")
        self.taken += count * dtype.itemsize
        try:
            if count == 0:
                return np.zeros(shape, dtype)
            return np.frombuffer(self.blob, dtype, count, start).reshape(shape).copy()
        except (ValueError, OverflowError, MemoryError):
            raise WireError("an array has an impossible shape") from None


def _decode_plain(kind: object, content: object, foreign: Callable[[str], object]) -> object:
    if kind == "none":
        return None
    if kind == "bool" and isinstance(content, bool):
        return content
    if kind == "int" and isinstance(content, str) and len(content) <= MAX_DIGITS + 1:
        if content.removeprefix("-").isdecimal() and content.isascii():
            return int(content)
    elif kind == "float":
        return _decode_float(content)
    elif kind == "complex" and isinstance(content, list) and len(content) == 2:
        return complex(_decode_float(content[0]), _decode_float(content[1]))
    elif kind == "str" and isinstance(content, str) and len(content) <= MAX_TEXT:
        return content
    elif kind == "foreign" and isinstance(content, str) and len(content) <= 300:
        return foreign(content)
    raise WireError(f"not a value: {str(kind)[:40]!r}")


def _decode_float(text: object) -> float:
    if not isinstance(text, str) or len(text) > 60:
        raise WireError("a float must be hexadecimal text")
    try:
        return float.fromhex(text)
    except (ValueError, OverflowError):
        raise WireError("a float must be hexadecimal text") from None


def _is_size(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**62


def frame(message: dict[str, Any], blob: bytes = b"") -> bytes:
    """Write a message down as it travels."""
    # lone surrogates, which a student's text may hold, cannot be written anywhere: they become "?"
    text = JSON.encode(message).encode("utf-8", "replace")
    return HEADER.pack(len(text), len(blob)) + text + blob


def send(channel: socket.socket, message: dict[str, Any], blob: bytes = b"", fds: Sequence[int] = ()) -> None:
    """Send one frame; `fds` (trusted to fork server only) are file descriptors to hand over with it."""
    send_frame(channel, frame(message, blob), fds)


def send_frame(channel: socket.socket, content: bytes, fds: Sequence[int] = ()) -> None:
    """Send what `frame` has written."""
    try:
        if fds:
            socket.send_fds(channel, [content[: HEADER.size]], list(fds))
            content = content[HEADER.size :]
        channel.sendall(content)
    except TimeoutError:
        raise WireTimeout("the other side does not read") from None
    except OSError as error:
        raise WireClosed(f"the other side is gone ({error.strerror})") from None


def receive(
    channel: socket.socket, limit: int, deadline: float | None = None
) -> tuple[dict[str, Any], bytes]:
    """Read one frame of at most `limit` bytes before `deadline` (time.monotonic; None waits for ever)."""
    text_size, blob_size = HEADER.unpack(read_exactly(channel, HEADER.size, deadline))
    if text_size + blob_size > limit:
        raise WireError(f"a message of {text_size + blob_size} bytes; at most {limit} are read")
    content = read_exactly(channel, text_size + blob_size, deadline)
    try:
        message = json.loads(content[:text_size])
    except (ValueError, RecursionError):
        raise WireError("a message that is not JSON") from None
    if not isinstance(message, dict):
        raise WireError("a message that is not an object")
    return message, content[text_size:]


def read_exactly(channel: socket.socket, size: int, deadline: float | None) -> bytes:
    """Read `size` bytes before `deadline`; WireTimeout or WireClosed if they do not come."""
    parts = bytearray()
    while len(parts) < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise WireTimeout("no whole message in time")
            channel.settimeout(left)
        try:
            part = channel.recv(min(size - len(parts), 1 << 20))
        except TimeoutError:
            raise WireTimeout("no whole message in time") from None
        except OSError as error:
            raise WireClosed(f"the other side is gone ({error.strerror})") from None
        if not part:
            raise WireClosed("the other side is gone")
        parts += part
    return bytes(parts)
