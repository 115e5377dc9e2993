"""A zip with folders that are named as the upload of another student would be."""

import zipfile

KEPT = {"fine.ipynb", "Neighbour_7000999_assignsubmission_file_/03_cross_correlation.ipynb",
        "neighbour_999_1_03_cross_correlation.ipynb"}


def upload(path, notebook):
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(KEPT):
            archive.writestr(name, notebook)
