"""What runs a kernel: a GPU through CuPy, or the emulator of `coursekit.emulator` on the CPU.

A plan, such as those of `coursekit.reference.cuda.correlate`, says which kernel runs on which blocks with
which arguments. It is the same for both, so what is tested without a GPU is what runs on one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from coursekit.errors import BackendError, ParameterError
from coursekit.reference.arrays import check_gpu

FOLDER = Path(__file__).resolve().parent
NUMBERS = {"float16": 16, "float32": 32, "float64": 64}  # the dtypes of the kernels, and NUMBER for each
LARGEST_GRID = (2**31 - 1, 65_535, 65_535)  # blocks along x, y and z, of every card since 2012
MOST_THREADS = 1024  # of a block
INT_MAX = 2**31 - 1


class Device(Protocol):
    """Where a plan's arrays live and its kernels run. `xp` is the library of its arrays."""

    xp: Any

    def launch(
        self,
        source: str,
        kernel: str,
        defines: Mapping[str, int],
        grid: tuple[int, ...],
        block: tuple[int, ...],
        arguments: Sequence[Any],
    ) -> None:
        """Run the function `kernel` of the file `source` (its stem) on `grid` blocks of `block` threads.

        `defines` are set in front of the source. `arguments` are C-contiguous arrays of this device, and
        ints and NumPy scalars; an int is passed as `int`, np.int64 as `long long`.
        """


def source_text(source: str) -> str:
    """Return the text of the file `source`, a stem in this folder, with what it includes in its place."""
    lines = (FOLDER / f"{source}.cu").read_text(encoding="utf-8").splitlines()
    return "\n".join(_included(line) for line in lines) + "\n"


def _included(line: str) -> str:
    if not line.startswith("#include"):
        return line
    name = line.split('"')[1]
    return (FOLDER / name).read_text(encoding="utf-8").rstrip("\n")


def passed(argument: Any) -> Any:
    """Return an argument as a kernel takes it: an int as 32 bits.

    Raises
    ------
    ParameterError
        It does not fit, or an array is not C-contiguous.
    """
    if isinstance(argument, int):
        if not -INT_MAX - 1 <= argument <= INT_MAX:
            raise ParameterError(f"a size must fit in 32 bits for a kernel; got {argument}")
        return np.int32(argument)
    if hasattr(argument, "flags") and argument.ndim and not argument.flags.c_contiguous:
        raise ParameterError(
            f"an array must be C-contiguous for a kernel; got strides {tuple(argument.strides)}"
        )
    return argument


def check_launch(grid: Sequence[int], block: Sequence[int]) -> None:
    """Raise ParameterError for a grid or a block that no card takes."""
    if not all(1 <= count <= most for count, most in zip(grid, LARGEST_GRID, strict=False)):
        raise ParameterError(
            f"a grid must have 1 to {LARGEST_GRID} blocks along x, y and z; got {tuple(grid)}"
        )
    threads = int(np.prod(block))
    if not 1 <= threads <= MOST_THREADS:
        raise ParameterError(f"a block must have 1 to {MOST_THREADS} threads; got {tuple(block)} = {threads}")


class CupyDevice:
    """The GPU that is CuPy's current device. `cupy` is the module, loaded by whoever has its arrays."""

    def __init__(self, cupy: Any) -> None:
        self.xp = cupy

    def launch(
        self,
        source: str,
        kernel: str,
        defines: Mapping[str, int],
        grid: tuple[int, ...],
        block: tuple[int, ...],
        arguments: Sequence[Any],
    ) -> None:
        """Compile the source on first use and start the kernel on the current stream; see `Device`."""
        check_launch(grid, block)
        for argument in arguments:
            if isinstance(argument, self.xp.ndarray):
                check_gpu(f"an array for {kernel}", argument, self.xp)
        function = _function(self.xp, source, kernel, tuple(sorted(defines.items())))
        function(grid, block, tuple(map(passed, arguments)))


@lru_cache(maxsize=4096)
def _function(cupy: Any, source: str, kernel: str, defines: tuple[tuple[str, int], ...]) -> Any:
    """Return the compiled kernel. CuPy keeps what it compiled on disk, and loads it on each device used."""
    options = ("--std=c++17", *(f"-D{name}={value}" for name, value in defines))
    try:
        return cupy.RawModule(code=source_text(source), options=options).get_function(kernel)
    except Exception as error:
        # What looks for NVRTC is cuda.pathfinder; missing headers of CUDA are told by a plain RuntimeError.
        is_cupys = type(error).__module__.startswith(("cupy", "cuda"))
        if not is_cupys and type(error) is not RuntimeError:
            raise
        raise BackendError(
            f"the kernel {kernel} of {source}.cu could not be made for this GPU: {error}. "
            "`coursekit doctor` tells what is installed; CuPy and the driver must be of the same CUDA version"
        ) from error
