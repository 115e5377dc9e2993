"""Fills memory with one array."""
# points: 11
# over: MEBIBYTES = 400
# under: MEBIBYTES = 120

held = bytearray(MEBIBYTES * 1024 * 1024)
held[::4096] = b"x" * len(held[::4096])
del held
