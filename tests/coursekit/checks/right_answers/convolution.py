"""Right answers to the tasks of 02_convolution, in many styles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def at_by_the_definition(signal: Any, kernel: Any, t: int) -> Any:
    total = 0
    for a in range(len(kernel)):
        if 0 <= t - a < len(signal):
            total += signal[t - a] * kernel[a]
    return total


def at_by_the_other_form(signal: Any, kernel: Any, t: int) -> Any:
    return sum(value * kernel[t - a] for a, value in enumerate(signal) if 0 <= t - a < len(kernel))


def at_by_a_dictionary(signal: Any, kernel: Any, t: int) -> float:
    values = dict(enumerate(signal.tolist()))
    return float(sum(values.get(t - a, 0) * tap for a, tap in enumerate(kernel.tolist())))


def at_in_a_padded_window(signal: Any, kernel: Any, t: int) -> Any:
    k = len(kernel)
    if t < 0 or t > len(signal) + k - 2:
        return 0.0
    padded = np.concatenate([np.zeros(k - 1), signal, np.zeros(k - 1)]).astype(np.float32)
    return padded[t : t + k] @ kernel[::-1].astype(np.float32)


def at_by_fft(signal: Any, kernel: Any, t: int) -> Any:
    n = len(signal) + len(kernel) - 1
    full = np.fft.ifft(np.fft.fft(signal, n) * np.fft.fft(kernel, n)).real
    return full[t] if 0 <= t < n else np.array(0)


class At:
    """A solution that is an object."""

    def __call__(self, signal: Any, kernel: Any, t: int) -> Any:
        pairs = [(i, a) for i in range(len(signal)) for a in range(len(kernel)) if i + a == t]
        return np.float64(sum(signal[i] * kernel[a] for i, a in pairs))


def cut(full: Any, signal: Any, kernel: Any, mode: str) -> Any:
    n, k = len(signal), len(kernel)
    if mode == "full":
        return full
    start, size = ((k - 1) // 2, n) if mode == "same" else (k - 1, n - k + 1)
    return full[start : start + size]


def row_of_numbers(signal: Any, kernel: Any, mode: str) -> Any:
    full = [at_by_the_definition(signal, kernel, t) for t in range(len(signal) + len(kernel) - 1)]
    return cut(full, signal, kernel, mode)


def row_of_stamps(signal: Any, kernel: Any, mode: str) -> Any:
    full = np.zeros(len(signal) + len(kernel) - 1)
    for place, value in enumerate(signal):
        full[place : place + len(kernel)] += value * kernel
    return cut(full, signal, kernel, mode)


def row_of_windows(signal: Any, kernel: Any, mode: str) -> Any:
    k = len(kernel)
    zeros = {"full": (k - 1, k - 1), "same": (k // 2, (k - 1) // 2), "valid": (0, 0)}[mode]
    return np.einsum("ik,k->i", sliding_window_view(np.pad(signal, zeros), k), kernel[::-1])


def row_by_fft(signal: Any, kernel: Any, mode: str) -> Any:
    n = len(signal) + len(kernel) - 1
    full = np.fft.irfft(np.fft.rfft(signal, n) * np.fft.rfft(kernel, n), n)
    return cut(full, signal, kernel, mode).tolist()


def row_by_a_matrix(signal: Any, kernel: Any, mode: str) -> Any:
    toeplitz = np.zeros((len(signal) + len(kernel) - 1, len(signal)), dtype=np.float32)
    for column in range(len(signal)):
        toeplitz[column : column + len(kernel), column] = kernel
    return cut(toeplitz @ signal, signal, kernel, mode)


class Row:
    """A solution that is an object and returns a view that is not contiguous."""

    def __call__(self, signal: Any, kernel: Any, mode: str) -> Any:
        return np.repeat(np.asarray(row_of_stamps(signal, kernel, mode)), 2)[::2]


def image_by_the_formula(image: Any, kernel: Any) -> Any:
    h, w = kernel.shape
    return [
        [
            sum(image[i + h - 1 - m, j + w - 1 - n] * kernel[m, n] for m in range(h) for n in range(w))
            for j in range(image.shape[1] - w + 1)
        ]
        for i in range(image.shape[0] - h + 1)
    ]


def image_by_einsum(image: Any, kernel: Any) -> Any:
    return np.einsum("ijuv,uv->ij", sliding_window_view(image, kernel.shape), np.flip(kernel))


def image_by_fft(image: Any, kernel: Any) -> Any:
    circular = np.fft.irfft2(np.fft.rfft2(image) * np.fft.rfft2(kernel, image.shape), image.shape)
    return circular[kernel.shape[0] - 1 :, kernel.shape[1] - 1 :]


def image_by_strides(image: Any, kernel: Any) -> Any:
    shape = tuple(n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    windows = as_strided(image, shape + kernel.shape, image.strides * 2, writeable=False)
    return np.tensordot(windows, np.rot90(kernel, 2), axes=2)


def image_by_taps(image: Any, kernel: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    out = np.zeros((rows, columns), dtype=np.float32)
    for (u, v), tap in np.ndenumerate(kernel[::-1, ::-1].astype(np.float32)):
        out += image.astype(np.float32)[u : u + rows, v : v + columns] * tap
    return out


class Image:
    """A solution that is an object and returns the transpose of a Fortran array."""

    def __call__(self, image: Any, kernel: Any) -> Any:
        return np.asfortranarray(image_by_einsum(image, kernel))


def differs_by_arrays(kernel: Any) -> Any:
    return not np.array_equal(kernel, kernel[::-1, ::-1])


def differs_by_numbers(kernel: Any) -> Any:
    numbers = kernel.ravel().tolist()
    return any(one != other for one, other in zip(numbers, reversed(numbers), strict=True))


def differs_by_numpy(kernel: Any) -> Any:
    return np.any(np.rot90(kernel, 2) != kernel)


def differs_by_an_impulse(kernel: Any) -> Any:
    height, width = kernel.shape
    image = np.zeros((2 * height - 1, 2 * width - 1))
    image[height - 1, width - 1] = 1
    convolved = image_by_einsum(image, kernel)
    return np.asarray(not np.allclose(convolved, image_by_einsum(image, np.flip(kernel))))


def rows_differ(signal: Any, kernel: Any) -> bool:
    one, other = np.correlate(signal, kernel, "full"), np.correlate(kernel, signal, "full")
    return not np.array_equal(one, other)


def one_of_two(signal: Any) -> Any:
    return [1, 0] if rows_differ(signal, [1, 0]) else [0, 1]


def found_by_search(signal: Any) -> Any:
    candidates = ((2,), (1, 3), (3, 1), (1, 1, 5))
    return next(np.array(kernel) for kernel in candidates if rows_differ(signal, kernel))


def drawn_until_it_does(signal: Any) -> Any:
    rng = np.random.default_rng(0)
    kernel = rng.random(3)
    while not rows_differ(signal, kernel):
        kernel = rng.random(3)
    return tuple(kernel)


def many_zeros_in_front(signal: Any) -> Any:
    return np.append(np.zeros(len(signal), dtype=np.float32), np.float32(1))


RIGHT: dict[str, tuple[Callable[..., Any], ...]] = {
    "convolve_at": (
        at_by_the_definition,
        at_by_the_other_form,
        at_by_a_dictionary,
        at_in_a_padded_window,
        at_by_fft,
        At(),
    ),
    "convolve1d": (row_of_numbers, row_of_stamps, row_of_windows, row_by_fft, row_by_a_matrix, Row()),
    "convolve2d": (
        image_by_the_formula,
        image_by_einsum,
        image_by_fft,
        image_by_strides,
        image_by_taps,
        Image(),
    ),
    "flip_difference": (
        differs_by_arrays,
        differs_by_numbers,
        differs_by_numpy,
        differs_by_an_impulse,
    ),
    "counterexample": (one_of_two, found_by_search, drawn_until_it_does, many_zeros_in_front),
}
