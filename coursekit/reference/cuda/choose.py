"""Which algorithm a correlation of CuPy arrays takes, by default or by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from coursekit.errors import ParameterError
from coursekit.reference.algorithms.choice import Choice, least
from coursekit.reference.algorithms.direct import direct
from coursekit.reference.algorithms.fft import fft
from coursekit.reference.algorithms.im2col import im2col
from coursekit.reference.algorithms.winograd import suits, winograd
from coursekit.reference.cuda import rates
from coursekit.reference.cuda.correlate import correlate_naive, correlate_shared_tile, too_wide
from coursekit.reference.cuda.costs import Costs
from coursekit.reference.cuda.depthwise import correlate_depthwise
from coursekit.reference.cuda.device import Device
from coursekit.reference.cuda.implicit_gemm import correlate_implicit_gemm, too_large
from coursekit.reference.cuda.layer import LayerShape, kernels_suit, shape_of
from coursekit.reference.cuda.products import correlate_im2col, correlate_winograd
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

Algorithm = Callable[[Operands, Windows], Any]

# What our kernels compute: floats, and windows of 1 or 2 axes.
KERNELS: dict[str, Callable[[Device, Operands, Windows], Any]] = {
    "depthwise": correlate_depthwise,
    "naive": correlate_naive,
    "shared_tile": correlate_shared_tile,
    "implicit_gemm": correlate_implicit_gemm,
    "im2col": correlate_im2col,
    "winograd": correlate_winograd,
}
# What CuPy computes by itself: these for all arrays, the others for integers and volumes.
LIBRARY: dict[str, Algorithm] = {
    "direct": direct,
    "fft": partial(fft, calls=rates.FFT_BUTTERFLIES, limit=rates.FFT_SPECTRA),
}
WITHOUT_KERNELS: dict[str, Algorithm] = {"im2col": im2col, "winograd": winograd}
SPREADING = ("fft",)  # a NaN or an infinity in one window reaches its neighbours; winograd.cu undoes that
NOT_MEASURED = " (by counts of bytes and FLOP and the rates of an H200's data sheet; nothing is measured yet)"


def named(device: Device, algorithm: object, given: Operands, windows: Windows) -> Algorithm:
    """Return the function of `algorithm` for arrays of `device`.

    Raises
    ------
    ParameterError
    """
    if isinstance(algorithm, str) and algorithm == "auto":
        return partial(auto, device)
    if not isinstance(algorithm, str) or algorithm not in (*KERNELS, *LIBRARY):
        known = ", ".join(map(repr, (*LIBRARY, *KERNELS)))
        raise ParameterError(f"algorithm must be 'auto' or one of {known}; got {algorithm!r}")
    unsuited = kernels_suit(given, windows)
    if algorithm in LIBRARY or (unsuited is not None and algorithm in WITHOUT_KERNELS):
        return partial(_by_library, {**LIBRARY, **WITHOUT_KERNELS}[algorithm])
    refused = unsuited or _refused(shape_of(given, windows)).get(algorithm)
    if refused is not None:
        raise ParameterError(f"algorithm={algorithm!r} cannot compute this: {refused}")
    return partial(KERNELS[algorithm], device)


def auto(device: Device, given: Operands, windows: Windows) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias, by the algorithm that `choose` names."""
    choice = choose(given, windows)
    out = named(device, choice.name, given, windows)(given, windows)
    if choice.name not in SPREADING or _all_finite(given.xp, out):
        return out
    window_by_window = next(name for name in choice.milliseconds if name not in SPREADING)
    return named(device, window_by_window, given, windows)(given, windows)


def _all_finite(xp: Any, out: Any) -> bool:
    """Return whether there is no NaN and no infinity, with one pass and one wait for the GPU.

    False too where finite numbers of 64 bits have an infinite sum.
    """
    return bool(xp.isfinite(xp.sum(out, dtype=xp.float64)))


def choose(given: Operands, windows: Windows) -> Choice:
    """Return the algorithm with the least estimated time."""
    unsuited = kernels_suit(given, windows)
    if unsuited is not None:
        return Choice(
            "im2col", f"{unsuited}; CuPy computes this by itself, and one matrix product does most of it"
        )
    chosen = _chosen(shape_of(given, windows))
    return replace(chosen, milliseconds=dict(chosen.milliseconds), refused=dict(chosen.refused))


@lru_cache(maxsize=1024)
def _chosen(shape: LayerShape) -> Choice:
    """Choose by the sizes alone: the same few layers come again and again."""
    refused, costs = _refused(shape), Costs(shape)
    times = {name: 1e3 * costs.seconds(name) for name in (*LIBRARY, *KERNELS) if name not in refused}
    return least(times, refused, NOT_MEASURED)


def _refused(shape: LayerShape) -> dict[str, str]:
    """Return the kernels that cannot compute this, each with the reason."""
    grouped = f"it needs groups of one channel; there are {shape.channels} in a group"
    reasons = {
        "shared_tile": too_wide(shape),
        "implicit_gemm": too_large(shape),
        "winograd": suits(shape.windows),
        "depthwise": None if shape.channels == 1 else grouped,
    }
    return {name: why for name, why in reasons.items() if why is not None}


def _by_library(algorithm: Algorithm, given: Operands, windows: Windows) -> Any:
    return algorithm(given.widened(), windows)
