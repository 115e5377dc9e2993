"""What is said where the memory of a GPU is too small for an operation.

It stands outside of the reference: it is no routine that does a task, of those that `library_calls` names.
"""

from __future__ import annotations

import sys
from contextlib import ContextDecorator
from types import TracebackType
from typing import Any

from coursekit.errors import BackendError

# How CuPy, cuBLAS and cuFFT name it; CuPy's own OutOfMemoryError, a MemoryError, knows the size too.
FULL = (
    "cudaErrorMemoryAllocation",
    "CUDA_ERROR_OUT_OF_MEMORY",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUFFT_ALLOC_FAILED",
)
UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


class device_memory(ContextDecorator):
    """`@device_memory()`, or `with device_memory():`, makes CuPy's errors about full memory a BackendError.

    Errors alone are looked at: other libraries lose no time, and what they raise passes as it is. CuPy has by
    then given back what its pool held without use, and tried again.

    Raises
    ------
    BackendError
        With the bytes asked for, and those that are free on the card.
    """

    def __enter__(self) -> None:
        """Begin; nothing is prepared."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise BackendError in place of an error that says that the memory of the device is full."""
        if error is not None and is_full(error):
            raise BackendError(explained(_asked_for(error), _on_card())) from error


def is_full(error: BaseException) -> bool:
    """Return whether `error` comes from CuPy and says that there is not enough memory on the device."""
    if not type(error).__module__.partition(".")[0].startswith("cupy"):
        return False
    return isinstance(error, MemoryError) or any(name in str(error) for name in FULL)


def explained(asked_for: int | None, on_card: tuple[int, int] | None) -> str:
    """Return the message: bytes `asked_for`, those (free, in all) `on_card`, and what to do."""
    wanted = f": {amount(asked_for)} were asked for" if asked_for is not None else ""
    there = f"; {amount(on_card[0])} of {amount(on_card[1])} are free" if on_card is not None else ""
    return (
        f"the memory of the GPU is too small for this operation{wanted}{there}. Give it fewer images "
        "at a time, or take algorithm='implicit_gemm', which holds nothing beside its result, or delete "
        "arrays that are no longer needed and call cupy.get_default_memory_pool().free_all_blocks()"
    )


def amount(size: int) -> str:
    """Return a number of bytes in the unit that suits it.

    >>> amount(3 * 2**29)
    '1.5 GiB'
    """
    number, unit = float(size), UNITS[0]
    for unit in UNITS:
        if number < 1024 or unit == UNITS[-1]:
            break
        number /= 1024
    return f"{size} bytes" if unit == UNITS[0] else f"{number:.1f} {unit}"


def _asked_for(error: BaseException) -> int | None:
    """Return the bytes that CuPy's OutOfMemoryError was raised for; None for other errors."""
    size = getattr(error, "_size", None)
    return size if isinstance(size, int) else None


def _on_card() -> tuple[int, int] | None:
    """Return the bytes (free, in all) of the current card, or None where even that cannot be asked."""
    cupy: Any = sys.modules.get("cupy")
    if cupy is None:
        return None
    try:
        free, total = cupy.cuda.runtime.memGetInfo()
        # What the pool holds without use is free too, for arrays that fit into its blocks.
        return int(free) + int(cupy.get_default_memory_pool().free_bytes()), int(total)
    except RuntimeError:
        return None
