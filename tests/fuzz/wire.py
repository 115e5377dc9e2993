"""Target "wire": what a process of the jail sends, from the bytes of a socket to the value that they build.

Whatever the bytes are, there is a message and a value, or a `WireError`; a value takes no more memory than
its message, and travels back and forth unchanged.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time

import numpy as np

from autograder.sandbox import wire
from tests.fuzz.bites import Bites

LIMIT = 1 << 16


def try_input(data: bytes) -> None:
    """Read `data` as a stream or, after an odd first byte, as the two halves of a well-formed frame."""
    bites = Bites(data)
    framed = bites.number() % 2
    rest = bites.rest()
    if framed:
        text, _, blob = rest.partition(b"\0")
        rest = wire.HEADER.pack(len(text), len(blob)) + text + blob
    with contextlib.suppress(wire.WireError):
        message, blob = read(rest)
        assert isinstance(message, dict) and len(rest) >= wire.HEADER.size + len(blob)
        for tree in (message, message.get("returned"), message.get("arguments")):
            for function in (None, wire.Function):
                build(tree, blob, function)


def read(stream: bytes) -> tuple[dict[str, object], bytes]:
    """Receive the first frame of a stream that ends."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(stream)
        theirs.shutdown(socket.SHUT_WR)
        return wire.receive(ours, LIMIT, time.monotonic() + 60)


def build(tree: object, blob: bytes, function: type[wire.Function] | None) -> None:
    """Decode a tree and hold the value to what is promised of it."""
    with contextlib.suppress(wire.WireError):
        value = wire.decode(tree, blob, function=function)
        assert size_of(value) == len(blob), "arrays take each byte of the message once"
        must_travel(value)


def size_of(value: object) -> int:
    """Bytes of all arrays in a value; AssertionError if it holds anything that is no data."""
    if isinstance(value, list | tuple):
        return sum(map(size_of, value))
    if isinstance(value, np.ndarray | np.generic):
        assert value.dtype.str in wire.ARRAY_DTYPES and value.ndim <= wire.MAX_AXES
        return value.nbytes
    plain = (type(None), bool, int, float, complex, str, wire.Foreign, wire.Function)
    assert type(value) in plain, type(value)
    return 0


def must_travel(value: object) -> None:
    """Encode, decode and encode: the second message is the first."""
    tree, blob = wire.encode(value)
    if "foreign" not in json.dumps(tree):  # the stand-in of what cannot travel cannot travel either
        again = wire.encode(wire.decode(tree, blob, function=wire.Function))
        assert again == (tree, blob)
