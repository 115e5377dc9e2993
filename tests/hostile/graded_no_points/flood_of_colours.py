"""Prints so many colour codes that turning them into a page takes for ever."""

print("\x1b[m" * 80_000)
print("\x1b[31m.\x1b[0m" * 30_000)
raise ValueError("\x1b[1m" * 1_000)
