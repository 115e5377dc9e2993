"""Grade notebooks that student code cannot cheat, crash or stall. See README.md for the promises."""

import contextlib

with contextlib.suppress(ImportError):  # the jail has no such module, and nothing to keep away
    from autograder import quick_import as quick_import
