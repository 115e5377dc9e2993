"""A zip whose names climb out of the folder, are absolute, or use the separators and drives of Windows."""

import zipfile

KEPT = {"fine.ipynb"}


def upload(path, notebook):
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../up.ipynb", "a/../../up.ipynb", "/tmp/absolute.ipynb", "..\\up.ipynb", "C:\\up.ipynb", "C:up.ipynb",
                     "\\\\host\\up.ipynb", "./here.ipynb", "a//b.ipynb", "a/./b.ipynb", "..", "x" * 250 + ".ipynb",
                     "line\nbreak.ipynb", "turned\u202eround.ipynb", "escape\x1b[2J.ipynb"):
            archive.writestr(zipfile.ZipInfo(name), notebook)
        archive.writestr("fine.ipynb", notebook)
