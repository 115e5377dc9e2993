"""A text that is called a zip."""

KEPT = set()


def upload(path, notebook):
    path.write_text("My answers are in the attached document.\n" + "PK\x05\x06")
