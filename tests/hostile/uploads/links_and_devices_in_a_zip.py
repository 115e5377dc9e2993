"""A zip with symbolic links, devices, pipes and sockets, and files that would be written through a link."""

import stat
import zipfile

KEPT = {"fine.ipynb"}


def upload(path, notebook):
    with zipfile.ZipFile(path, "w") as archive:
        for name, kind, text in (("link.ipynb", stat.S_IFLNK, "/etc/passwd"), ("folder", stat.S_IFLNK, "/tmp"),
                                 ("null", stat.S_IFCHR, ""), ("pipe", stat.S_IFIFO, ""), ("talk", stat.S_IFSOCK, "")):
            info = zipfile.ZipInfo(name)
            info.external_attr = (kind | 0o777) << 16
            archive.writestr(info, text)
        archive.writestr("fine.ipynb", notebook)
