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


def two_columns() -> Any:
    return [[-1, 1]]


def sobel() -> Any:
    return np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=np.float32)


def smooth_in_both_directions() -> Any:
    column, row = np.hanning(5)[1:-1], np.gradient(np.hanning(7))[1:-1]
    return np.outer(column, row)


def bright_to_dark() -> Any:
    return np.array([[3.0], [1.0], [2.0]]) * np.array([[1.0, -1.0]])


def second_difference() -> Any:
    return [[1, -2, 1]]


IMAGE = np.array([[1.5, -2.0, 3.0, 5.5], [-4.0, 8.5, 6.0, -1.0], [7.0, 3.5, -9.0, 2.0]])


def by_hand(subject: Any) -> None:
    assert np.allclose(
        subject(IMAGE, np.array([[2, -5], [0.5, 1.5]])), [[23.75, -5.75, -20], [-41.75, -24.75, 15.5]]
    )
    assert np.allclose(subject(IMAGE, np.array([[2.5, -1, 4]])), [[17.75, 14], [5.5, 11.25], [-22, 25.75]])
    assert np.allclose(subject(np.array([[1, 2], [3, 5]]), np.array([[0.5]])), [[0.5, 1], [1.5, 2.5]])


def against_my_own(subject: Any) -> None:
    """Random inputs, and a right answer of one's own."""
    rng = np.random.default_rng()
    for image, kernel in (((5, 7), (2, 3)), ((6, 4), (3, 2)), ((4, 4), (2, 2))):
        a, b = rng.normal(size=image), rng.normal(size=kernel)
        assert np.allclose(subject(image=a, kernel=b), einsum_2d(a, b))
        whole = rng.integers(1, 9, size=image)
        assert np.allclose(subject(whole, b), einsum_2d(whole, b))


def returns_a_verdict(subject: Any) -> bool:
    """Say so instead of raising; lists instead of arrays; an error of the implementation is caught."""
    try:
        by_hand(lambda image, kernel: subject(image.tolist(), kernel.tolist()))
    except (AssertionError, ValueError, IndexError):
        return False
    return True


def by_unit_pulses(subject: Any) -> Any:
    """A picture of one bright pixel, times a number that is not whole, gives the kernel back, turned."""
    kernel = np.array([[1.5, -2.0, 3.25], [0.5, -4.0, 6.5]])
    right = True
    for dtype in (float, int):
        for row in range(2):
            for column in range(3):
                image = np.zeros((2, 5), dtype=dtype)
                image[row, column] = -1
                right = right and np.allclose(subject(image, kernel), einsum_2d(image, kernel))
    return np.bool_(right)


RIGHT = {
    "edge_kernel": (two_columns, sobel, smooth_in_both_directions, bright_to_dark, second_difference),
    "test_correlate2d": (by_hand, against_my_own, returns_a_verdict, by_unit_pulses),
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
