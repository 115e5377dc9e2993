"""Writes one file over the largest that may be."""
# over: MEBIBYTES = 9
# under: MEBIBYTES = 7

try:
    with open("file", "wb") as file:
        file.write(bytes(MEBIBYTES * 1024 * 1024))
    if MEBIBYTES > 8:
        raise SystemError("ESCAPED the limit of a file")
except OSError:
    if MEBIBYTES < 8:
        raise
