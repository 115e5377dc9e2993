"""Makes more files than its folders have places for."""
# over: FILES = 5_000
# under: FILES = 2_000

try:
    for number in range(FILES):
        open(f"file{number}", "w").close()
    if FILES > 4_096:
        raise SystemError("ESCAPED the limit of files")
except OSError:
    if FILES < 4_096:
        raise
