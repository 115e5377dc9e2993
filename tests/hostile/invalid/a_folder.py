"""Hands in a folder that is called as the notebook."""

STATUS = "missing"  # there is no notebook anywhere in it


def hand_in(path, notebook):
    path.mkdir()
    (path / "inside.txt").write_text("x")
