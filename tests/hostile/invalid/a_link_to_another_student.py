"""Hands in a link to what another student handed in."""


def hand_in(path, notebook):
    path.symlink_to(f"../../00-honest/{path.stem}/{path.name}")
