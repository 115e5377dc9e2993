"""Fills its home with files that are each small enough."""
# over: FILES = 4
# under: FILES = 2

for number in range(FILES):
    try:
        with open(f"file{number}", "wb") as file:
            file.write(bytes(7 * 1024 * 1024))
    except OSError:
        if FILES > 2:
            break
        raise
else:
    if FILES > 2:
        raise SystemError("ESCAPED the limit of the disk")
