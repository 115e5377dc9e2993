"""A tar with links, pipes, devices and names that climb, packed so that it unpacks to more than it says."""

import io
import tarfile

KEPT = {"fine.ipynb"}


def upload(path, notebook):
    path.write_bytes(tar(notebook))


def tar(notebook):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, kind, link in (("link.ipynb", tarfile.SYMTYPE, "/etc/passwd"), ("pipe", tarfile.FIFOTYPE, ""),
                                 ("hard.ipynb", tarfile.LNKTYPE, "../../secret"), ("null", tarfile.CHRTYPE, "")):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, link
            archive.addfile(member)
        for name in ("../up.ipynb", "/tmp/absolute.ipynb", "fine.ipynb"):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(notebook.encode()), 0o6777
            archive.addfile(member, io.BytesIO(notebook.encode()))
    return content.getvalue()
