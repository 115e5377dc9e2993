"""A small zip that unpacks to more than a gigabyte, in one file and in many."""

import zipfile

KEPT = {"fine.ipynb"}  # and of the many as much as there is room for


def upload(path, notebook):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("fine.ipynb", notebook)
        with archive.open("one", "w", force_zip64=True) as file:
            for _ in range(80):
                file.write(bytes(1024 * 1024))
        for number in range(4):
            with archive.open(f"many/{number}", "w") as file:
                for _ in range(50):
                    file.write(bytes(1024 * 1024))
