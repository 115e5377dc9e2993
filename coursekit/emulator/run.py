"""Runs a kernel on NumPy arrays, as a GPU would, with every access checked and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from coursekit.emulator.accesses import Accesses
from coursekit.emulator.arithmetic import checked
from coursekit.emulator.counts import ArrayCounts, Counts
from coursekit.emulator.errors import KernelError
from coursekit.emulator.functions import Function, compiled_function
from coursekit.emulator.lanes import Mask
from coursekit.emulator.machine import Machine, Size
from coursekit.emulator.memory import GlobalArray
from coursekit.emulator.scope import Pointer, Variable, new_frame
from coursekit.emulator.source import read_source
from coursekit.emulator.types import HALF_BITS, Type

MOST_THREADS = 1024  # of a block, on every card
MOST_LANES = 16_384  # that run together: whole blocks


def run_kernel(
    text: str,
    arguments: Sequence[Any],
    *,
    grid: int | Sequence[int],
    block: int | Sequence[int],
    kernel: str | None = None,
    defines: Mapping[str, int | float | str] | None = None,
    details: bool = True,
    file: str = "kernel",
) -> Counts:
    """Run a CUDA kernel without a GPU. What it writes is in the arrays afterwards.

    Parameters
    ----------
    text : the source: C with `__global__`, `__shared__`, `__syncthreads()`, `threadIdx` and their like
    arguments : one for each parameter: C-contiguous NumPy arrays for pointers, numbers for numbers
    grid, block : blocks of the grid and threads of a block, an int or up to three along x, y and z
    kernel : the name of the kernel; None (default) where there is only one
    defines : set in front of the text, as `#define NAME value`
    details : whether to count sectors, banks, and how often each number was read (True by default)
    file : what errors call the text

    Returns
    -------
    Counts
        What was read, written and computed. Threads are run in an order of ours: an access that depends on
        the order is an error, not luck.

    Raises
    ------
    KernelError
        The text is no C, or a thread leaves an array, races with another one, waits at a barrier that
        others never reach, reads what nobody wrote, overflows an int, divides by 0, or is in one loop for
        more than 10,000 rounds.
    """
    sizes = _size("grid", grid), _size("block", block)
    threads = int(np.prod(sizes[1]))
    if threads > MOST_THREADS:
        raise KernelError("arguments", f"a block must have at most {MOST_THREADS} threads; got {threads}")
    function = _function(text, tuple(sorted((defines or {}).items())), kernel, file)
    counts, values = Counts(), _values(function, arguments, threads, file)
    for value in values:
        if isinstance(value, Pointer) and isinstance(value.memory, GlobalArray):
            counts.arrays[value.memory.name] = value.memory.counts
    total, at_once = int(np.prod(sizes[0])), max(1, MOST_LANES // threads)
    with np.errstate(all="ignore"):  # a GPU gives infinities and NaN without a word
        for first in range(0, total, at_once):
            machine = Machine(file, *sizes, first, min(at_once, total - first), counts, details)
            frame = new_frame(machine, function.slots)
            everyone = Mask(np.ones(machine.lanes, dtype=bool))
            for parameter, value in zip(function.parameters, values, strict=True):
                frame.slots[parameter.slot], frame.declared[parameter.slot] = value, everyone
            function.body(frame, everyone)
    return counts


def _size(name: str, given: int | Sequence[int]) -> Size:
    sizes = tuple(given) if isinstance(given, Sequence) else (given,)
    if not 1 <= len(sizes) <= 3 or not all(isinstance(one, (int, np.integer)) and one >= 1 for one in sizes):
        raise KernelError(
            "arguments", f"{name} must be 1 to 3 integers >= 1, along x, y and z; got {given!r}"
        )
    x, y, z = (*map(int, sizes), 1, 1)[:3]
    return x, y, z


@lru_cache(maxsize=256)
def _function(text: str, defines: tuple[tuple[str, Any], ...], kernel: str | None, file: str) -> Function:
    source = read_source(text, dict(defines), file)
    names = source.kernels
    if kernel is None and len(names) == 1:
        kernel = names[0]
    if kernel not in names:
        known = ", ".join(names) or "none: a kernel begins with __global__ void"
        raise KernelError(
            "arguments", f"kernel must name a __global__ function of {file} ({known}); got {kernel!r}"
        )
    return compiled_function(kernel, source, {})


def _values(function: Function, arguments: Sequence[Any], threads: int, file: str) -> list[Any]:
    expected = ", ".join(f"{one.type.name} {one.name}" for one in function.parameters)
    if len(arguments) != len(function.parameters):
        raise KernelError(
            "arguments", f"{function.name} of {file} takes {expected}; got {len(arguments)} arguments"
        )
    return [
        _value(parameter, argument, threads)
        for parameter, argument in zip(function.parameters, arguments, strict=True)
    ]


def _value(parameter: Variable, argument: Any, threads: int) -> Any:
    kind, name = parameter.type, parameter.name
    if kind.kind == "pointer" and kind.element is not None:
        return Pointer(_array(name, kind.element, argument, threads), 0)
    if not isinstance(argument, (int, float, np.integer, np.floating)):
        raise KernelError("arguments", f"{name} must be a number ({kind.name}); got {argument!r}")
    if isinstance(argument, np.generic) and argument.dtype != kind.dtype:  # a GPU takes its bits as they are
        raise KernelError(
            "arguments", f"{name} must be {np.dtype(kind.dtype).name} ({kind.name}); got {argument!r}"
        )
    if kind.kind == "float":
        return kind.dtype(argument)
    if not float(argument).is_integer():
        raise KernelError("arguments", f"{name} must be a whole number ({kind.name}); got {argument!r}")
    nobody: Any = None
    try:
        return checked(int(argument), kind, nobody, nobody, 0)
    except AttributeError:
        raise KernelError("arguments", f"{name} must fit in {kind.name}; got {argument!r}") from None


def _array(name: str, element: Type, array: Any, threads: int) -> GlobalArray:
    if not isinstance(array, np.ndarray):
        raise KernelError("arguments", f"{name} must be a NumPy array of {element.name}; got {array!r}")
    allowed = (np.uint16, np.float16) if element == HALF_BITS else (element.dtype,)
    if array.dtype not in [np.dtype(one) for one in allowed]:
        names = " or ".join(np.dtype(one).name for one in allowed)
        raise KernelError("arguments", f"{name} must be of dtype {names}; got {array.dtype}")
    if not array.flags.c_contiguous:
        raise KernelError("arguments", f"{name} must be C-contiguous; make it so with np.ascontiguousarray")
    counts = ArrayCounts(name, array.size, array.itemsize, array.shape)
    return GlobalArray(name, element, array, counts, Accesses(array.size, threads, is_shared=True))
