"""A zip whose table of contents says that a file is small."""

import struct
import zipfile

KEPT = set()


def upload(path, notebook):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("small.ipynb", bytes(100 * 1024 * 1024))
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 100 * 1024 * 1024), struct.pack("<I", 10)))
