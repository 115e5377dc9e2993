"""A zip whose table of contents alone takes more memory than the class."""

import struct

KEPT = set()


def upload(path, notebook):
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    table = entry * 400_000
    path.write_bytes(table + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65535, 65535, len(table), 0, 0))
