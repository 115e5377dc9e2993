"""Hands in a folder that is a link to another student's."""


def hand_in(path, notebook):
    path.parent.rmdir()
    path.parent.symlink_to(f"../00-honest/{path.stem}")
