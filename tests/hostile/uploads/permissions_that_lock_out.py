"""A zip whose files run as their owner, or can be read by nobody."""

import zipfile

KEPT = {"closed.ipynb", "shell"}


def upload(path, notebook):
    with zipfile.ZipFile(path, "w") as archive:
        for name, mode in (("closed.ipynb", 0o100000), ("shell", 0o106777)):
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, notebook)
