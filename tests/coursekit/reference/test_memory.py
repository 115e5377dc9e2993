"""The memory that an algorithm takes beside its result: bounded, however large the image."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from coursekit.reference import correlate

MEGABYTE = 1 << 20
MOST = 4.5  # megabytes for each thread: the columns of a block, and the products made from them


def peak_beside_the_result(image: Any, kernel: Any, **parameters: Any) -> float:
    """Return the most bytes that `correlate` held at once, without its result, in megabytes."""
    correlate(image, kernel, **parameters)  # what is loaded or remembered at first use counts for nothing
    tracemalloc.start()
    try:
        out = correlate(image, kernel, **parameters)
        return (tracemalloc.get_traced_memory()[1] - out.nbytes) / MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    ("image", "kernel", "algorithm"),
    [
        ((4, 64, 56, 56), (64, 64, 3, 3), "im2col"),
        ((4, 64, 56, 56), (64, 64, 3, 3), "winograd"),
        ((16, 32, 56, 56), (32, 32, 3, 3), "im2col"),
        ((16, 32, 56, 56), (32, 32, 3, 3), "winograd"),
        ((1, 1, 1000, 1000), (1, 1, 9, 9), "im2col"),
        ((1, 1, 1_000_000), (1, 1, 25), "im2col"),
        ((1, 1, 1_000_000), (1, 1, 1025), "fft"),
        ((1, 4, 48, 48, 48), (4, 4, 3, 3, 3), "im2col"),
    ],
    ids=str,
)
def test_the_peak_is_a_few_megabytes_a_thread(
    image: Any, kernel: Any, algorithm: Any, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("threadpoolctl")
    monkeypatch.setattr("coursekit.reference.algorithms.threads.thread_count", lambda: threads)
    used = peak_beside_the_result(
        np.ones(image, np.float32), np.ones(kernel, np.float32), algorithm=algorithm
    )
    assert used <= MOST * threads


@pytest.mark.parametrize("algorithm", ["im2col", "winograd"])
def test_the_peak_does_not_grow_with_the_batch_nor_the_height(
    algorithm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of two threads a busy machine may run one after the other: then they never hold their blocks at once.
    monkeypatch.setattr("coursekit.reference.algorithms.threads.thread_count", lambda: 1)
    kernel = np.ones((32, 32, 3, 3), np.float32)
    small, large = (
        peak_beside_the_result(np.ones((batch, 32, height, 40), np.float32), kernel, algorithm=algorithm)
        for batch, height in [(2, 200), (8, 400)]
    )
    assert large < small + 0.3
