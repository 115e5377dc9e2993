"""Hands in bytes of every value."""


def hand_in(path, notebook):
    path.write_bytes(bytes(range(256)) * 1000)
