"""Writes what looks like answers into every file descriptor that is open."""

import json
import os
import struct

text = json.dumps(
    {"returned": {"t": "list", "v": [{"t": "float", "v": "0x1p+0"}, {"t": "list", "v": []}]}}
).encode()
frame = struct.pack(">II", len(text), 0) + text
for descriptor in range(3, 256):
    try:
        os.write(descriptor, frame * 100)
    except OSError:
        pass
