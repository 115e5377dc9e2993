"""The emulator computes what C defines, for every thread by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coursekit.emulator import KernelError, run_kernel

INTS = np.array([-7, -3, -1, 0, 1, 2, 5, 12], dtype=np.int32)


def for_each(expression: str, *, kind: str = "int", before: str = "", numbers: Any = INTS) -> list[Any]:
    """Return what `expression` of `a`, a thread's own number, gives; `kind` is its type."""
    names = {
        "int32": "int",
        "uint32": "unsigned",
        "float32": "float",
        "float64": "double",
        "int64": "long long",
    }
    dtype = next(name for name, word in names.items() if word == kind)
    text = f"""
    {before}
    extern "C" __global__ void each(const {names[numbers.dtype.name]} *numbers, {kind} *out) {{
        int i = threadIdx.x;
        {names[numbers.dtype.name]} a = numbers[i];
        out[i] = {expression};
    }}"""
    out = np.zeros(len(numbers), dtype=dtype)
    run_kernel(text, [numbers, out], grid=1, block=len(numbers))
    return list(out.tolist())


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a / 2", [int(a / 2) for a in INTS]),  # cut towards zero, where Python rounds down
        ("a % 3", [int(np.fmod(a, 3)) for a in INTS]),
        ("-7 / 2 * 10 + -7 % 2", [-31] * 8),
        ("a << 2 | 1", [(int(a) << 2) | 1 for a in INTS]),
        ("a >> 1", [int(a) >> 1 for a in INTS]),
        ("~a & 255", [~int(a) & 255 for a in INTS]),
        ("a ^ 5", [int(a) ^ 5 for a in INTS]),
        ("!a + (a > 1) + (a == -1)", [int(a == 0) + int(a > 1) + int(a == -1) for a in INTS]),
        ("a < 0 ? -a : a * 2", [-a if a < 0 else 2 * a for a in INTS.tolist()]),
        ("a != 0 && 12 / a > 3", [int(a != 0 and int(12 / a) > 3) for a in INTS.tolist()]),
        ("a == 0 || 12 % a == 0", [int(a == 0 or 12 % a == 0) for a in INTS.tolist()]),
        ("min(a, 2) + max(a, -2)", [min(a, 2) + max(a, -2) for a in INTS.tolist()]),
        ("(int)(a * 0.75f)", [int(a * 0.75) for a in INTS.tolist()]),
        ("(a, a + 1)", [a + 1 for a in INTS.tolist()]),
        ("sizeof(float) + sizeof a", [8] * 8),
        ("0x10 + 010 + 3u", [27] * 8),
    ],
)
def test_whole_numbers_are_computed_as_in_c(expression: str, expected: list[int]) -> None:
    assert for_each(expression) == expected


def test_unsigned_numbers_wrap_and_win_over_signed_ones() -> None:
    wrapped = [int(a) % 2**32 for a in INTS]
    assert for_each("a", kind="unsigned") == wrapped
    assert for_each("a < 1u") == [int(a < 1) for a in wrapped]
    assert for_each("(long long)a * 1000000000", kind="long long") == [int(a) * 10**9 for a in INTS]


def test_floats_are_rounded_to_their_type_at_every_step() -> None:
    numbers = np.array([1e-8, 1.0, 16777216.0, -0.3], dtype=np.float32)
    in_single = [float(np.float32(np.float32(a + np.float32(1)) - a)) for a in numbers]
    assert for_each("a + 1.0f - a", kind="float", numbers=numbers) == in_single
    in_double = [float(np.float32(float(a) + 1.0 - float(a))) for a in numbers]
    assert for_each("a + 1.0 - a", kind="float", numbers=numbers) == in_double, "1.0 is a double in C"
    roots = for_each("sqrtf(fabsf(a)) + fmaf(a, 2.0f, 1.0f)", kind="float", numbers=numbers)
    np.testing.assert_allclose(roots, np.sqrt(abs(numbers)) + numbers * 2 + 1, rtol=1e-6)
    assert for_each("isnan(a / 0.0f * 0.0f)", numbers=numbers) == [1] * 4


def test_loops_end_for_every_thread_by_itself() -> None:
    text = """
    int steps(int a) {
        int count = 0;
        while (1) {
            if (a <= 1) return count;
            count++;
            if (a % 2 == 0) { a /= 2; continue; }
            a = 3 * a + 1;
        }
    }
    """.replace("int steps", "__device__ int steps")
    expected = []
    for start in INTS.tolist():
        count, a = 0, start
        while a > 1:
            count, a = count + 1, a // 2 if a % 2 == 0 else 3 * a + 1
        expected.append(count)
    assert for_each("steps(a)", before=text) == expected


def test_break_and_continue_leave_the_innermost_loop_alone() -> None:
    text = """
    __device__ int pairs(int n) {
        int found = 0;
        for (int i = 0; i < 9; i++) {
            if (i == 2) continue;
            for (int j = 0; ; j++) {
                if (j > i || j >= n) break;
                found += 10 * i + j;
            }
            if (i > n) break;
        }
        return found;
    }
    """

    def pairs(n: int) -> int:
        found = 0
        for i in range(9):
            if i == 2:
                continue
            found += sum(10 * i + j for j in range(max(0, min(i + 1, n))))
            if i > n:
                break
        return found

    assert for_each("pairs(a)", before=text) == [pairs(n) for n in INTS.tolist()]


def test_a_thread_has_arrays_and_pointers_of_its_own() -> None:
    text = """
    __device__ int folded(int a) {
        int table[2][3] = {{1, 2}, {10, 20, 30}};
        const int limit = 3;
        for (int i = 0; i < limit; i++) table[1][i] += a;
        int *row = table[1];
        row++;
        *row *= 2;
        row[1] -= table[0][2];
        return table[1][0] + *row + *(row + 1) + (int)(&table[1][2] - row);
    }
    """
    assert for_each("folded(a)", before=text) == [
        (10 + a) + 2 * (20 + a) + (30 + a) + 1 for a in INTS.tolist()
    ]


def test_defines_conditions_and_comments_are_those_of_the_preprocessor() -> None:
    text = """
    // #define SIDE 4
    #ifdef SIDE
    #define AREA(side) ((side) * (side)) /* twice */
    #else
    #error SIDE is missing
    #endif
    extern "C" __global__ void area(int *out) { out[0] = AREA(SIDE + 1); }
    """
    out = np.zeros(1, np.int32)
    run_kernel(text, [out], grid=1, block=1, defines={"SIDE": 4})
    assert out[0] == 25
    with pytest.raises(KernelError, match=r"kernel, line 6: .*SIDE is missing"):
        run_kernel(text, [out], grid=1, block=1)


def test_coordinates_run_through_grid_and_block_x_first() -> None:
    text = """
    extern "C" __global__ void coordinates(int *out) {
        int thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
        int block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
        int threads = blockDim.x * blockDim.y * blockDim.z;
        out[block * threads + thread] = 100 * blockIdx.y + 10 * threadIdx.z + threadIdx.x;
    }"""
    grid, block = (3, 2, 2), (4, 2, 3)
    out = np.zeros((*grid[::-1], *block[::-1]), np.int32)
    counts = run_kernel(text, [out], grid=grid, block=block)
    expected = 100 * np.arange(2)[:, None, None, None, None] + 10 * np.arange(3)[:, None, None] + np.arange(4)
    assert np.array_equal(out, np.broadcast_to(expected, out.shape))
    assert (counts.blocks, counts.threads) == (12, 288)


@pytest.mark.parametrize("number", ["unsigned short", "float"])
def test_halves_are_read_and_written_as_their_bits(number: str) -> None:
    text = f"""
    typedef {number} number;
    typedef float sum;
    extern "C" __global__ void thirds(const number *image, number *out) {{
        out[threadIdx.x] = write_number(read_number(image[threadIdx.x]) / 3.0f);
    }}"""
    dtype = np.float16 if number == "unsigned short" else np.float32
    image = np.array([1, -2, 65504, 1e-7], dtype=dtype)
    out = np.zeros_like(image)
    run_kernel(text, [image, out], grid=1, block=4)
    assert np.array_equal(out, (image.astype(np.float32) / np.float32(3)).astype(dtype))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("int i = 3 +;", "line 2: this cannot be read as C"),
        ("int i = 3\nout[0] = i;", "line 3: .* in front of `out`"),
        ("if (out[0] == 0) {", "the text ends too early, is a `}` missing"),
        ("missing = 3;", "line 2: missing is not declared"),
        ("int i = unknown(3);", "does not know the function unknown"),
        ("struct point { int x; }; ", "does not know a"),
        ('char *text = "a";', "line 2"),
        ("int i = 0; int i = 1;", "i is declared twice"),
        ("out[1.5f] = 3;", "an index must be a whole number"),
        ("int i = 3.0f % 2;", "% takes whole numbers; got float and int"),
        ("int n = 3; int many[n];", "sizes that are known before it runs"),
        ("__shared__ int one;", "__shared__ needs an array"),
        ("float *wrong = out;", "cannot begin as a int *"),
        ("goto end;", "does not know a Goto"),
        ("int i = out;", "cannot begin as a"),
        ("return 3;", "return must give a result exactly where"),
        ("out[0] = min(3);", "min takes 2 numbers; got 1"),
        ("#include <stdio.h>", "nothing can be included here"),
    ],
)
def test_what_is_not_known_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(KernelError, match=message) as error:
        run_kernel(
            f'extern "C" __global__ void f(int *out) {{\n{text}\n}}', [np.zeros(9, np.int32)], grid=1, block=1
        )
    assert error.value.rule == "source"


def test_a_function_that_calls_itself_is_refused() -> None:
    with pytest.raises(KernelError, match="down calls itself"):
        for_each("down(a)", before="__device__ int down(int a) { return a <= 0 ? 0 : down(a - 1); }")
