"""Numbers as a reader wants them in a sentence."""

from __future__ import annotations


def three_digits(number: float) -> str:
    """Return a number in three digits, or whole from 1000 on, where they would need a power of ten.

    >>> three_digits(0.01234), three_digits(8.128), three_digits(1536)
    ('0.0123', '8.13', '1536')
    """
    return f"{number:.3g}" if abs(number) < 999.5 else f"{number:.0f}"
