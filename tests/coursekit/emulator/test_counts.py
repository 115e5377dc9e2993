"""What the emulator counts is what a person counts by hand."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit.emulator import Counts, run_kernel

COPY = """
extern "C" __global__ void copy(const float *image, float *out, int n, int apart) {
    int i = (blockIdx.x * blockDim.x + threadIdx.x) * apart;
    if (i < n) out[i] = 2.0f * image[i] + 1.0f;
}"""


def copied(apart: int, n: int = 1024) -> Counts:
    image, out = np.ones(n, np.float32), np.zeros(n, np.float32)
    return run_kernel(COPY, [image, out, n, apart], grid=n // apart // 64, block=64)


def test_neighbours_share_the_sectors_that_travel() -> None:
    near, far = copied(1), copied(8)
    assert near.arrays["image"].reads == near.arrays["out"].writes == 1024
    assert near.arrays["image"].read_sectors == 1024 * 4 // 32, "eight floats in each"
    assert near.arrays["image"].bytes_moved == near.arrays["image"].bytes_used
    assert far.arrays["image"].reads == 128
    assert far.arrays["image"].read_sectors == 128, "a sector for each number"


def test_operations_and_intensity() -> None:
    counts = copied(1)
    assert counts.operations == 2 * 1024
    assert counts.global_bytes == 2 * 4 * 1024
    assert counts.intensity == pytest.approx(0.25)


def test_how_often_each_number_is_read() -> None:
    text = """
    extern "C" __global__ void windows(const float *image, float *out, int width) {
        float sum = 0.0f;
        for (int k = 0; k < 3; k++) sum += image[threadIdx.x + k];
        out[threadIdx.x] = sum;
    }"""
    image, out = np.ones((1, 8), np.float32), np.zeros(6, np.float32)
    counts = run_kernel(text, [image, out, 8], grid=1, block=6)
    assert counts.arrays["image"].times_read.tolist() == [[1, 2, 3, 3, 3, 3, 2, 1]]
    assert counts.arrays["image"].reads_per_number == pytest.approx(18 / 8)
    plain = run_kernel(text, [image, out, 8], grid=1, block=6, details=False)
    assert plain.arrays["image"].reads == 18
    assert plain.arrays["image"].times_read is None


@pytest.mark.parametrize(("apart", "rounds"), [(1, 1), (2, 2), (4, 4), (32, 32), (33, 1), (0, 1)])
def test_threads_of_a_warp_that_ask_one_bank_wait_for_each_other(apart: int, rounds: int) -> None:
    text = """
    extern "C" __global__ void banks(float *out, int apart) {
        __shared__ float tile[32 * 33];
        for (int i = threadIdx.x; i < 32 * 33; i += 32) tile[i] = 0.0f;
        __syncthreads();
        out[threadIdx.x] = tile[threadIdx.x * apart];
    }"""
    counts = run_kernel(text, [np.zeros(32, np.float32), apart], grid=1, block=32)
    fills = 33  # of one round each
    assert counts.shared.accesses == fills + 1
    assert counts.shared.rounds == fills + rounds
    assert (counts.shared.reads, counts.shared.writes, counts.barriers) == (32, 32 * 33, 1)


def test_a_large_grid_is_counted_as_a_whole() -> None:
    n = 100_000  # more threads than run together
    image, out = np.arange(n, dtype=np.float32), np.zeros(n, np.float32)
    counts = run_kernel(COPY, [image, out, n, 1], grid=-(-n // 256), block=256)
    assert np.array_equal(out, 2 * image + 1)
    assert counts.arrays["image"].reads == n
    assert counts.threads == -(-n // 256) * 256


def test_the_text_says_what_was_read_moved_and_computed() -> None:
    text = str(copied(8))
    assert "image: read 128 times; each of its 1024 numbers 0.125 times; 4096 bytes moved for 512" in text
    assert "out: written 128 times" in text
    assert "0.25 operations for each byte of global memory" in text
