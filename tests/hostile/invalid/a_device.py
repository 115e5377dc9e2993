"""Hands in the device that is zero without end; only root can make one."""

import os


def hand_in(path, notebook):
    os.mknod(path, 0o20666, os.makedev(1, 5))
