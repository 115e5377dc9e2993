"""Right answers to the tasks of 03_cross_correlation, in many styles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def lists_1d(signal: Any, kernel: Any) -> Any:
    signal, kernel = list(signal), list(kernel)
    return [
        sum(signal[i + k] * kernel[k] for k in range(len(kernel)))
        for i in range(len(signal) - len(kernel) + 1)
    ]


def windows_1d(signal: Any, kernel: Any) -> Any:
    return sliding_window_view(signal, len(kernel)) @ kernel


def einsum_1d(signal: Any, kernel: Any) -> Any:
    return np.einsum("ik,k->i", sliding_window_view(signal, len(kernel)), kernel)


def fft_1d(signal: Any, kernel: Any) -> Any:
    n = len(signal)
    return np.fft.irfft(np.fft.rfft(signal) * np.conj(np.fft.rfft(kernel, n)), n)[: n - len(kernel) + 1]


def float32_1d(signal: Any, kernel: Any) -> Any:
    return windows_1d(signal.astype(np.float32), kernel.astype(np.float32))


def toeplitz_1d(signal: Any, kernel: Any) -> Any:
    places = len(signal) - len(kernel) + 1
    matrix = np.zeros((places, len(signal)))
    for i in range(places):
        matrix[i, i : i + len(kernel)] = kernel
    return matrix @ signal


def lists_2d(image: Any, kernel: Any) -> Any:
    image, kernel = image.tolist(), kernel.tolist()
    rows, columns = len(image) - len(kernel) + 1, len(image[0]) - len(kernel[0]) + 1
    return [
        [
            sum(image[i + u][j + v] * tap for u, taps in enumerate(kernel) for v, tap in enumerate(taps))
            for j in range(columns)
        ]
        for i in range(rows)
    ]


def einsum_2d(image: Any, kernel: Any) -> Any:
    return np.einsum("ijuv,uv->ij", sliding_window_view(image, kernel.shape), kernel)


def fft_2d(image: Any, kernel: Any) -> Any:
    full = np.fft.irfft2(np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernel, image.shape)), image.shape)
    return full[: image.shape[0] - kernel.shape[0] + 1, : image.shape[1] - kernel.shape[1] + 1]


def strides_2d(image: Any, kernel: Any) -> Any:
    shape = tuple(n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    windows = as_strided(image, shape + kernel.shape, image.strides * 2, writeable=False)
    return np.tensordot(windows, kernel, axes=2)


def float32_taps_2d(image: Any, kernel: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    out = np.zeros((rows, columns), dtype=np.float32)
    for (u, v), tap in np.ndenumerate(kernel.astype(np.float32)):
        out += image.astype(np.float32)[u : u + rows, v : v + columns] * tap
    return out


def fortran_view_2d(image: Any, kernel: Any) -> Any:
    return np.asfortranarray(np.repeat(einsum_2d(image, kernel), 2, axis=1))[:, ::2]


class Correlator:
    """A solution that is an object."""

    def __call__(self, image: Any, kernel: Any) -> Any:
        return [np.asarray(row) for row in einsum_2d(image, kernel)]


def scores(image: Any, template: Any) -> Any:
    windows = sliding_window_view(image.astype(float), template.shape)
    windows = windows - windows.mean(axis=(2, 3), keepdims=True)
    template = template - template.mean()
    norms = np.sqrt((windows**2).sum(axis=(2, 3))) * np.sqrt((template**2).sum())
    products = (windows * template).sum(axis=(2, 3))
    return np.divide(products, norms, out=np.zeros_like(products), where=norms > 1e-9)


def match_tuple(image: Any, template: Any) -> Any:
    found = scores(image, template)
    return np.unravel_index(np.argmax(found), found.shape)


def match_list(image: Any, template: Any) -> Any:
    return [int(place) for place in match_tuple(image, template)]


def match_array(image: Any, template: Any) -> Any:
    return np.argwhere(scores(image, template) == scores(image, template).max())[0]


def match_float32(image: Any, template: Any) -> Any:
    return match_tuple(image.astype(np.float32), template.astype(np.float32))


def match_floats(image: Any, template: Any) -> Any:
    return tuple(float(place) for place in match_tuple(image, template))


def match_by_corrcoef(image: Any, template: Any) -> Any:
    best, place = -2.0, (0, 0)
    height, width = template.shape
    for row in range(image.shape[0] - height + 1):
        for column in range(image.shape[1] - width + 1):
            window = image[row : row + height, column : column + width]
            score = 0.0 if window.std() == 0 else np.corrcoef(window.ravel(), template.ravel())[0, 1]
            if score > best:
                best, place = score, (row, column)
    return place


RIGHT = {
    "correlate1d": (lists_1d, windows_1d, einsum_1d, fft_1d, float32_1d, toeplitz_1d),
    "correlate2d": (lists_2d, einsum_2d, fft_2d, strides_2d, float32_taps_2d, fortran_view_2d, Correlator()),
    "match_template": (
        match_tuple,
        match_list,
        match_array,
        match_float32,
        match_floats,
        match_by_corrcoef,
    ),
}
