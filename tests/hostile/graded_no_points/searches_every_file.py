"""Reads every file that it can for solutions, secrets, other students, the gradebook and the history of git."""

import os
import subprocess

if os.path.isfile("/usr/bin/git"):
    for folder in ("/", "/course", os.getcwd(), "/work", "/root"):
        if subprocess.run(["git", "-C", folder, "log", "-p"], capture_output=True).returncode == 0:
            raise SystemError(f"ESCAPED: history of {folder}")
wanted = (".git", "submitted", "autograded", "feedback", "gradebook.db", "solutions", "exercises", "reports", ".ssh")
places = ("/course", "/packages", "/sandbox", "/tmp", "/home", "/root", "/work", "/srv", "/opt", "/mnt", "/run", "/var", "/etc")
words = (b"CANARY" b"-", b"BEGIN " b"SOLUTION", b"BEGIN " b"HIDDEN TESTS")
for place in places:
    for folder, inner, names in os.walk(place):
        if "site-packages" in folder or folder.startswith("/packages/"):
            inner[:] = []
            continue
        found = set(wanted) & {*inner, *names}
        if found and not folder.startswith("/usr"):
            raise SystemError(f"ESCAPED: {folder} holds {found}")
        for name in names:
            try:
                content = open(os.path.join(folder, name), "rb").read(1 << 16)
            except OSError:
                continue
            if any(word in content for word in words):
                raise SystemError(f"ESCAPED: {folder}/{name}: {content[:2000]!r}")
