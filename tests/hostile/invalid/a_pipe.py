"""Hands in a pipe: who opens it waits for ever."""

import os


def hand_in(path, notebook):
    os.mkfifo(path)
