"""JAILED SIDE: builds a submission's isolation once, with nothing in it, in a tenth of a second.

`python -m autograder.sandbox.jailed.trial` ends with 0, or says on stderr which step the machine refuses.
"""

from __future__ import annotations

import os
import sys

from autograder.sandbox.jailed import isolation

LIMITS = {
    "processes": 8.0,
    "disk_bytes": 1 << 20,
    "memory_bytes": 1 << 28,
    "open_files": 32.0,
    "file_bytes": 1 << 20,
    "cpu_seconds": 10.0,
}


def main() -> int:
    """Enter the namespaces, and in a fork of them close the door; 0 if all of it works."""
    os.setsid()
    isolation.enter_namespaces(LIMITS)
    inner = os.fork()
    if inner == 0:
        try:
            isolation.ADDRESS_SPACE_AT_FORK = isolation.measure_address_space()
            isolation.close_the_door(LIMITS)
            os._exit(0)
        except OSError as error:
            os.write(2, str(error).encode())
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OSError as error:
        sys.exit(str(error))
