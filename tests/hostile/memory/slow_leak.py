"""Keeps a little more with every answer."""
# points: 9
# over: MEBIBYTES = 30
# under: MEBIBYTES = 1

honest, kept = correlate1d, []


def correlate1d(signal, kernel):
    kept.append(bytearray(b"x") * (MEBIBYTES * 1024 * 1024))
    return honest(signal, kernel)
