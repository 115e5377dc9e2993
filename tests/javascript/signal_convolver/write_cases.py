"""Cases of one signal under another: what the reference answers. See tests/javascript/write_cases.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.reference import convolve, correlate, toeplitz
from coursekit.widgets.conventions_switch.conventions_switch import Conventions
from coursekit.widgets.signal_convolver.examples import EXAMPLES
from coursekit.widgets.signal_convolver.signal_convolver import SignalConvolver

# Odd and even kernels, a kernel as long as the signal and one that is longer, a single sample, a single tap.
SIZES = [(8, 3), (7, 4), (5, 5), (3, 6), (2, 4), (1, 3), (6, 1), (1, 1), (9, 2)]


def cases() -> dict[str, Any]:
    """Return all cases as JSON values."""
    rng = np.random.default_rng(41)
    pairs = []
    for samples, taps in SIZES:
        for flipped in (False, True):
            pairs.append(case(rng.integers(-9, 10, samples), rng.integers(-9, 10, taps), flipped, 1.0))
            signal, kernel = rng.normal(size=samples).round(6), rng.normal(size=taps).round(6)
            pairs.append(case(signal, kernel, flipped, 0.05))
    return {"pairs": pairs, "sentences": [sentence(name) for name in EXAMPLES]}


def case(signal: np.ndarray, kernel: np.ndarray, flipped: bool, step: float) -> dict[str, Any]:
    """Return one pair with its output and its matrix in each mode, and the products at each position."""
    operation = convolve if flipped else correlate
    possible = ["full", "same"] + (["valid"] if kernel.size <= signal.size else [])
    return {
        "signal": signal.tolist(),
        "kernel": kernel.tolist(),
        "flipped": flipped,
        "step": step,
        "outputs": {
            mode: (step * operation(signal, kernel, mode=mode)).round(9).tolist() for mode in possible
        },
        "matrices": {
            mode: toeplitz(kernel, signal.size, mode=mode, flip=flipped).tolist() for mode in possible
        },
        "products": products(signal, kernel[::-1] if flipped else kernel),
    }


def products(signal: np.ndarray, laid: np.ndarray) -> list[list[float]]:
    """Return the products at each position of mode full, cut from the signal with its zeros."""
    padded = np.pad(signal, laid.size - 1)
    windows = [padded[start : start + laid.size] for start in range(signal.size + laid.size - 1)]
    return [(window * laid).round(9).tolist() for window in windows]


def sentence(name: str) -> dict[str, Any]:
    """Return an example as Python holds it: its position, time, sum and what the mode keeps."""
    conventions = Conventions(operation="convolution")
    demo = SignalConvolver(example=name, conventions=conventions)
    return {
        "name": name,
        "signal": demo.signal.tolist(),
        "kernel": demo.kernel.tolist(),
        "mode": demo.mode,
        "position": demo.position,
        "time": round(float(demo.time / (demo.dt if demo.continuous else 1)), 9),
        "total": round(float(demo.products.sum()), 9),
        "kept": len(demo.output),
    }
