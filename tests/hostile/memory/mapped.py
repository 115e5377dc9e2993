"""Maps anonymous memory and writes to it."""
# points: 9
# over: MEBIBYTES = 400
# under: MEBIBYTES = 120

import mmap

honest = correlate1d


def correlate1d(signal, kernel):
    try:
        with mmap.mmap(-1, MEBIBYTES * 1024 * 1024) as held:
            for place in range(0, len(held), 4096):
                held[place] = 1
    except OSError as error:
        raise MemoryError from error
    return honest(signal, kernel)
