"""A zip that is encrypted, and one that is compressed in ways that take any amount of memory."""

import zipfile

KEPT = {"fine.ipynb"}


def upload(path, notebook):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("locked.ipynb", notebook)
        archive.writestr("lzma.ipynb", notebook, zipfile.ZIP_LZMA)
        archive.writestr("fine.ipynb", notebook)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(content)
