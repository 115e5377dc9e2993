"""Which algorithm a correlation takes by default, and why: the one with the least estimated time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.reference.algorithms.choice import Choice, least
from coursekit.reference.algorithms.costs import Sizes, milliseconds
from coursekit.reference.algorithms.direct import direct
from coursekit.reference.algorithms.fft import fft
from coursekit.reference.algorithms.im2col import im2col
from coursekit.reference.algorithms.winograd import suits, winograd
from coursekit.reference.arrays import all_finite, is_integer
from coursekit.reference.cuda import choose as gpu
from coursekit.reference.cuda import planes
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

ALGORITHMS: dict[str, Callable[[Operands, Windows], Any]] = {
    "direct": direct,
    "im2col": im2col,
    "fft": fft,
    "winograd": winograd,
}

# These sum numbers of several windows: a NaN, an infinity or an overflow in one reaches its neighbours.
SPREADING = ("fft", "winograd")


def named(algorithm: object, given: Operands, windows: Windows) -> Callable[[Operands, Windows], Any]:
    """Return the function of `algorithm`.

    Raises
    ------
    ParameterError
    """
    device = planes.device_of(given.xp)
    if device is not None:
        return gpu.named(device, algorithm, given, windows)
    if isinstance(algorithm, str) and algorithm == "auto":
        return auto
    if isinstance(algorithm, str) and algorithm in gpu.KERNELS and algorithm not in ALGORITHMS:
        raise ParameterError(
            f"algorithm={algorithm!r} is a kernel that runs on a GPU: it needs CuPy arrays; "
            f"got {given.xp.__name__} arrays; coursekit.emulator runs it without a GPU"
        )
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        known = ", ".join(map(repr, ALGORITHMS))
        raise ParameterError(f"algorithm must be 'auto' or one of {known}; got {algorithm!r}")
    return ALGORITHMS[algorithm]


def auto(given: Operands, windows: Windows) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias, by the algorithm that `choose` names."""
    choice = choose(given, windows)
    if choice.name not in SPREADING:
        return ALGORITHMS[choice.name](given, windows)
    with np.errstate(over="ignore", invalid="ignore"):
        out = ALGORITHMS[choice.name](given, windows)
    if all_finite(given.xp, out):
        return out
    window_by_window = next(name for name in choice.milliseconds if name not in SPREADING)
    return ALGORITHMS[window_by_window](given, windows)


def choose(given: Operands, windows: Windows) -> Choice:
    """Return the algorithm with the least estimated time."""
    if planes.device_of(given.xp) is not None:
        return gpu.choose(given, windows)
    if given.xp is not np:
        library = given.xp.__name__
        return Choice("im2col", f"one matrix product does most of the work on {library}; nothing is measured")
    whole = is_integer(np, given.image.dtype)
    refused = {}
    if whole:
        refused["fft"] = "it rounds; integers are summed exactly"
        refused["winograd"] = "it divides by 4; integers are summed exactly"
    unsuited = suits(windows)
    if unsuited is not None:
        refused["winograd"] = unsuited
    (batch, channels), (kernels, in_group) = given.image.shape[:2], given.kernel.shape[:2]
    sizes = Sizes(batch, channels, kernels, in_group, given.groups, given.image.dtype.itemsize)
    times = {
        name: milliseconds(name, sizes, windows, whole=whole) for name in ALGORITHMS if name not in refused
    }
    return least(times, refused)
