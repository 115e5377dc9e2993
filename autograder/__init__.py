"""Grade notebooks that student code cannot cheat, crash or stall. See README.md for the promises."""
