"""Hands in a file that takes no place on the disk and a gigabyte when it is read."""

import os


def hand_in(path, notebook):
    path.touch()
    os.truncate(path, 1 << 30)
