"""Feeds an implementation what it was never meant for, and hopes that the other side breaks."""
# or: timeout

import numpy as np

NONSENSE = (
    None,
    "text",
    [],
    [[]],
    np.zeros((0, 3)),
    np.zeros((2,) * 8),
    np.array([[object]]),
    np.array([["a"]]),
    np.array([[1j]]),
    [[1], [2, 3]],
    10**400,
    np.array([[np.inf, np.nan]]),
    np.array([[1e308, -1e308]]),
    {"shape": (1, 1)},
    lambda: None,
)


def test_correlate2d(correlate2d):
    for image in NONSENSE:
        for kernel in (*NONSENSE, np.ones((1, 1))):
            for call in (lambda: correlate2d(image, kernel), lambda: correlate2d(image, image=kernel, **{"": 1})):
                try:
                    call()
                except Exception as error:
                    assert "coursekit" not in str(error).lower()
    return True
