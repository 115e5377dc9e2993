"""Tries to write into the course, the system, the devices and a gradebook."""

import os
import sqlite3

for folder in (
    "/",
    "/course/coursekit",
    "/course/autograder",
    "/usr",
    "/dev",
    "/etc",
    "/proc",
    "/proc/sys/kernel",
):
    for name in ("sitecustomize.py", "correlate.py", "__init__.py", "core_pattern"):
        try:
            with open(os.path.join(folder, name), "w") as file:
                file.write("raise SystemExit")
            raise SystemError("WROTE " + file.name)
        except OSError:
            pass
connection = sqlite3.connect("gradebook.db")
connection.execute("create table grade (auto_score)")
connection.execute("insert into grade values (8)")
connection.commit()
