"""Opens files until no descriptor is left, and keeps them through its answers."""
# over: FILES = 60
# under: FILES = 20

held = []
try:
    for _ in range(FILES):
        held.append(open("/dev/null"))
    if FILES > 48:
        raise SystemError("ESCAPED the limit of open files")
except OSError:
    if FILES < 48:
        raise
