"""The emulator computes random expressions to the last bit as a compiler of C has them computed."""

from __future__ import annotations

import ctypes
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coursekit.emulator import run_kernel

COMPILER = shutil.which("cc")
THREADS = 16
COUNT = 200
VARIABLES: dict[str, tuple[str, Any, Any]] = {  # name: type, the same for a library, numbers of the threads
    "i": ("int", ctypes.c_int, np.arange(-8, 8, dtype=np.int32)),
    "u": ("unsigned", ctypes.c_uint, np.arange(3, 35, 2, dtype=np.uint32)),
    "l": ("long long", ctypes.c_longlong, np.arange(-48, 48, 6, dtype=np.int64)),
    "c": ("unsigned char", ctypes.c_ubyte, np.arange(0, 240, 15, dtype=np.uint8)),
    "h": ("unsigned short", ctypes.c_ushort, np.arange(0, 320, 20, dtype=np.uint16)),
    "f": ("float", ctypes.c_float, np.arange(-8, 8, dtype=np.float32) / 3),
    "d": ("double", ctypes.c_double, np.arange(-4, 4, 0.5) / 7),
}
WHOLE, FLOATS = tuple("iulch"), tuple("fd")


class Expressions:
    """Draws expressions of C whose value is defined: no division by 0, no negative float as unsigned."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def draw(self, depth: int, whole: bool) -> str:
        """Return an expression of at most this depth, of `whole` numbers alone or of any."""
        pick = self._random.choice
        if depth == 0 or self._random.random() < 0.1:
            literals = ["3", "(-5)", "7u", "100LL"] + ([] if whole else ["1.5f", "0.1", "(-3.0f)"])
            return pick(literals) if self._random.random() < 0.3 else pick(WHOLE if whole else WHOLE + FLOATS)
        forms = ["({a} + {b})", "({a} - {b})", "({a} * {b})", "({a} ? {b} : {c})", "(!{a})", "(- {a})"]
        forms += [f"({{a}} {sign} {{b}})" for sign in ("<", "<=", ">", ">=", "==", "!=", "&&", "||")]
        forms += [f"(({kind}){{a}})" for kind in ("int", "long long")]
        if whole:
            forms += [f"({{a}} {sign} {{b}})" for sign in "&|^"]
            forms += ["({a} / ({b} | 1))", "({a} % ({b} | 1))", "({a} << 2)", "({a} >> 2)", "(~{a})"]
            forms += [f"(({kind}){{a}})" for kind in ("unsigned", "unsigned char", "unsigned short")]
        else:
            forms += ["((float){a})", "((double){a})"]
        return pick(forms).format(**{name: self.draw(depth - 1, whole) for name in "abc"})


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Random expressions, and the numbers that compiled code gives for the variables of each thread."""
    if COMPILER is None:
        pytest.skip("needs a compiler of C")
    generator = Expressions(seed=7)
    expressions = [generator.draw(3, whole=index % 2 == 0) for index in range(COUNT)]
    taken = ", ".join(f"{kind} {name}" for name, (kind, _, _) in VARIABLES.items())
    lines = [f"double e{k}({taken}) {{ return (double)({text}); }}" for k, text in enumerate(expressions)]
    folder: Path = tmp_path_factory.mktemp("compiled")
    (folder / "expressions.c").write_text("\n".join(lines))
    # whole numbers that overflow wrap, and no multiplication is fused with an addition
    options = ["-w", "-O0", "-fwrapv", "-ffp-contract=off", "-shared", "-fPIC", "-o", "expressions.so"]
    subprocess.run([COMPILER, *options, "expressions.c"], cwd=folder, check=True, timeout=120)
    library = ctypes.CDLL(str(folder / "expressions.so"))
    found = {}
    for k, text in enumerate(expressions):
        function = getattr(library, f"e{k}")
        function.restype, function.argtypes = ctypes.c_double, [kind for _, kind, _ in VARIABLES.values()]
        numbers = zip(*(array.tolist() for _, _, array in VARIABLES.values()), strict=True)
        found[text] = np.array([function(*one) for one in numbers])
    return found


def test_random_expressions_are_computed_as_compiled_ones(compiled: dict[str, Any]) -> None:
    taken = ", ".join(f"const {kind} *all_{name}" for name, (kind, _, _) in VARIABLES.items())
    own = " ".join(f"{kind} {name} = all_{name}[threadIdx.x];" for name, (kind, _, _) in VARIABLES.items())
    different = {}
    for text, expected in compiled.items():
        kernel = (
            f"__global__ void each({taken}, double *out) {{ {own} out[threadIdx.x] = (double)({text}); }}"
        )
        out = np.zeros(THREADS)
        run_kernel(kernel, [array for _, _, array in VARIABLES.values()] + [out], grid=1, block=THREADS)
        if not np.array_equal(out, expected, equal_nan=True):
            different[text] = (out, expected)
    assert different == {}
    assert len(compiled) > 0.8 * COUNT, "most are drawn once"
