"""A zip that ends too early, and whose content is not what its sums say."""

import zipfile

KEPT = {"fine.ipynb"}


def upload(path, notebook):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fine.ipynb", notebook)
        archive.writestr("broken.ipynb", "MARK" * 1000)
    path.write_bytes(path.read_bytes().replace(b"MARKMARK", b"MARKmark", 1))
