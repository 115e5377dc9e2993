"""A zip with more entries than anyone hands in, each of them empty, and with a thousand folders in folders."""

import zipfile

KEPT = {"fine.ipynb"}


def upload(path, notebook):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fine.ipynb", notebook)
        archive.writestr("/".join(["deep"] * 1_000) + "/deep.ipynb", notebook)
        for number in range(5_000):
            archive.writestr(f"empty/{number}", "")
