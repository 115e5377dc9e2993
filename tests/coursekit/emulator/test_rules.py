"""The emulator finds what a GPU would punish at random: a kernel breaks each rule, and its twin keeps it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coursekit.emulator import KernelError, run_kernel

HEAD = """extern "C" __global__ void f(const int *image, int *out, int n) {
int i = blockIdx.x * blockDim.x + threadIdx.x;
"""


def run(body: str, *, n: int = 10, grid: Any = 3, block: Any = 4, size: int | None = None) -> Any:
    """Run a kernel with `body` on n numbers, 0 to n - 1; return what it wrote."""
    out = np.full(n if size is None else size, -1, np.int32)
    run_kernel(HEAD + body + "}", [np.arange(n, dtype=np.int32), out, n], grid=grid, block=block, file="f.cu")
    return out


REVERSED = """
__shared__ int tile[4];
int own = threadIdx.x;
tile[own] = i < n ? image[i] : 0;
{barrier}
if (i < n) out[i] = tile[3 - own];
"""
STEPS = """
__shared__ int tile[4];
for (int k = 0; k < 2; k++) {{
    tile[threadIdx.x] = k;
    __syncthreads();
    if (i < n) out[i] = tile[(threadIdx.x + 1) % 4];
    {barrier}
}}
"""
NEXT = """
__shared__ int tile[5];
tile[threadIdx.x] = 1;
__syncthreads();
if (i < n) out[i] = tile[threadIdx.x + {step}];
"""
BROKEN = {  # rule: (a body that breaks it, its twin, a part of the message)
    "bounds below": (
        "out[i % n] = image[i - 1];",
        "if (i > 0 && i < n) out[i] = image[i - 1];",
        r"image\[-1\]",
    ),
    "bounds above": (
        "out[i] = image[i];",
        "if (i < n) out[i] = image[i];",
        r"image\[10\] is outside: image has 10",
    ),
    "bounds of an axis": (
        "__shared__ int tile[2][4]; tile[0][i] = 1;",
        "__shared__ int tile[2][4]; tile[0][threadIdx.x] = 1;",
        r"index 4 of tile is outside of its 4",
    ),
    "bounds of a thread's array": (
        "int own[3]; own[i] = 1;",
        "int own[3]; own[threadIdx.x % 3] = 1;",
        r"own\[3\] is outside: own has 3",
    ),
    "race by a missing barrier": (
        REVERSED.format(barrier=""),
        REVERSED.format(barrier="__syncthreads();"),
        r"tile\[\d\]: a thread reads it",
    ),
    "race between steps": (
        STEPS.format(barrier=""),
        STEPS.format(barrier="__syncthreads();"),
        r"tile\[\d\]: a thread writes it",
    ),
    "race of all threads": ("out[0] = i;", "if (i == 0) out[0] = i;", r"out\[0\]: a thread writes it"),
    "race of two blocks": (
        "if (threadIdx.x == 0) { out[blockIdx.x] = i; int seen = out[0]; }",
        "if (threadIdx.x == 0) { out[blockIdx.x] = i; int seen = out[blockIdx.x]; }",
        r"out\[0\]: a thread reads it",
    ),
    "race of a block with several that have read": (
        "int seen = threadIdx.x == 0 ? out[0] : 0; __syncthreads(); if (i == 8) out[0] = seen;",
        "int seen = i == 8 ? out[0] : 0; __syncthreads(); if (i == 8) out[0] = seen;",
        r"out\[0\]: a thread writes it",
    ),
    "barrier in a branch": (
        "if (i % 2) __syncthreads();",
        "if (blockIdx.x == 1) __syncthreads();",
        r"reached by 2 of 4 threads of the block.*block \(0, 0, 0\)",
    ),
    "barrier after a loop that some leave late": (
        "for (int k = 0; k < threadIdx.x; k++) __syncthreads();",
        "for (int k = 0; k < blockIdx.x; k++) __syncthreads();",
        r"reached by 3 of 4",
    ),
    "never written, shared": (
        NEXT.format(step=1),
        NEXT.format(step=0),
        r"tile\[4\] is read, but no thread of the block has written it",
    ),
    "never written, a variable": ("int sum; sum += i;", "int sum = 0; sum += i;", "sum is read before"),
    "never written, a thread's array": (
        "int own[2]; if (i % 2) own[0] = 1; out[i % n] = own[0];",
        "int own[2]; own[0] = 1; if (i < n) out[i] = own[0];",
        "own is read where this thread has written nothing",
    ),
    "overflow": (
        "int big = 2000000000 + i * 100000000;",
        "long long big = 2000000000LL + i * 100000000LL;",
        "does not fit in int",
    ),
    "division": ("out[i % n] = 7 / i;", "if (i > 0 && i < n) out[i] = 7 / i;", r"/ by 0.*thread \(0, 0, 0\)"),
    "endless": ("while (n > 0) { int k = 0; }", "while (n > 0) { n--; }", "still runs after"),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_found_and_its_twin_runs(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursekit.emulator.statements.MOST_ITERATIONS", 1000)
    broken, kept, message = BROKEN[rule]
    with pytest.raises(KernelError, match=message) as error:
        run(broken)
    assert rule.startswith(error.value.rule)
    assert str(error.value).startswith("f.cu, line ")
    run(kept)


def test_an_error_names_line_block_and_thread() -> None:
    with pytest.raises(KernelError, match=r"f\.cu, line 4: .*; block \(2, 0, 0\), thread \(2, 0, 0\)"):
        run("int k = 1;\nout[i] = k;")


def test_threads_that_are_gone_are_not_waited_for() -> None:
    out = run("if (i >= n) return; __syncthreads(); out[i] = 1;")
    assert out.tolist() == [1] * 10


def test_atomic_additions_are_no_race() -> None:
    assert run("if (i < n) atomicAdd(&out[0], image[i]);")[0] == -1 + sum(range(10))


def test_a_barrier_orders_what_a_block_did_to_global_memory() -> None:
    body = "if (i < n) out[i] = i; {barrier} if (threadIdx.x == 0 && i + 1 < n) out[i] = out[i + 1];"
    assert run(body.replace("{barrier}", "__syncthreads();"))[0] == 1
    with pytest.raises(KernelError, match=r"out\[1\]: a thread reads it"):
        run(body.replace("{barrier}", ""))


@pytest.mark.parametrize(
    ("arguments", "grid", "block", "message"),
    [
        ([[1, 2]], 1, 1, "takes int \\* out, int n; got 1 arguments"),
        ([[1, 2], 3], 1, 1, "out must be a NumPy array of int; got \\[1, 2\\]"),
        ([np.zeros(3), 3], 1, 1, "out must be of dtype int32; got float64"),
        ([np.zeros((4, 4), np.int32)[:, ::2], 3], 1, 1, "out must be C-contiguous"),
        ([np.zeros(3, np.int32), 2.5], 1, 1, "n must be a whole number \\(int\\); got 2.5"),
        ([np.zeros(3, np.int32), 2**31], 1, 1, "n must fit in int; got 2147483648"),
        ([np.zeros(3, np.int32), "3"], 1, 1, "n must be a number \\(int\\); got '3'"),
        ([np.zeros(3, np.int32), np.int64(3)], 1, 1, "n must be int32 \\(int\\); got np.int64\\(3\\)"),
        ([np.zeros(3, np.int32), 3], 0, 1, "grid must be 1 to 3 integers >= 1"),
        ([np.zeros(3, np.int32), 3], 1, (2, 2, 2, 2), "block must be 1 to 3 integers"),
        ([np.zeros(3, np.int32), 3], 1, (32, 33), "a block must have at most 1024 threads; got 1056"),
    ],
)
def test_arguments_must_be_those_that_the_kernel_takes(
    arguments: list[Any], grid: Any, block: Any, message: str
) -> None:
    with pytest.raises(KernelError, match=message) as error:
        run_kernel("__global__ void f(int *out, int n) { }", arguments, grid=grid, block=block)
    assert error.value.rule == "arguments"


def test_of_several_kernels_one_must_be_named() -> None:
    text = "__global__ void one(int *out) { out[0] = 1; } __global__ void two(int *out) { out[0] = 2; }"
    out = np.zeros(1, np.int32)
    with pytest.raises(KernelError, match=r"one, two\); got None"):
        run_kernel(text, [out], grid=1, block=1)
    run_kernel(text, [out], grid=1, block=1, kernel="two")
    assert out[0] == 2
