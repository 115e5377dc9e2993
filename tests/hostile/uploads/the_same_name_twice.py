"""A zip with two files of one name, and with a file where a folder must be."""

import warnings
import zipfile

KEPT = {"fine.ipynb", "place"}


def upload(path, notebook):
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("fine.ipynb", notebook)
        archive.writestr("fine.ipynb", "the second one")
        archive.writestr("place", "")
        archive.writestr("place/inside.ipynb", notebook)
