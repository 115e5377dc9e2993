"""A generator turned into a tuple, a lambda, a partial, integers where the answer is whole, and noise on stderr."""

import functools
import sys
import warnings

import numpy as np

warnings.warn("this costs nothing")
print("nor does this", file=sys.stderr)

correlate1d = (
    lambda signal, kernel: tuple(  # noqa: E731
        float(np.dot(signal[i : i + len(kernel)], kernel)) for i in range(len(signal) - len(kernel) + 1)
    )
)


def windows(image, kernel, reduce):
    shape = np.subtract(image.shape, kernel.shape) + 1
    view = np.lib.stride_tricks.as_strided(image, (*shape, *kernel.shape), image.strides * 2, writeable=False)
    return reduce(view, kernel)


correlate2d = functools.partial(windows, reduce=lambda view, kernel: np.tensordot(view, kernel, 2))


def similarity(view, template):
    view = view.reshape(*view.shape[:2], -1).astype(float)
    view = view - view.mean(2, keepdims=True)
    centred = (template - template.mean()).ravel()
    norms = np.linalg.norm(view, axis=2) * np.linalg.norm(centred)
    return np.where(norms > 1e-9, view @ centred / np.maximum(norms, 1e-9), 0)


def match_template(image, template):
    scores = windows(image, template, similarity)
    print("found it", file=sys.stderr)
    return np.array(np.unravel_index(scores.argmax(), scores.shape))


edge_kernel = lambda: ((1, -1), (1, -1))  # noqa: E731


def test_correlate2d(correlate2d):
    """Linear in the kernel: one tap at a time, each as a shifted copy of the image."""
    image = np.arange(1, 21).reshape(4, 5) * (-1) ** np.arange(20).reshape(4, 5) + 0.25
    for rows, columns in ((1, 1), (1, 3), (2, 1), (3, 2)):
        for u, v in np.ndindex(rows, columns):
            kernel = np.zeros((rows, columns))
            kernel[u, v] = -1.5
            shifted = image[u : u + 5 - rows, v : v + 6 - columns]
            assert np.array_equal(correlate2d(image.tolist(), kernel), -1.5 * shifted)
    assert np.array_equal(correlate2d([[3, 5]], [[0.5]]), [[1.5, 2.5]])
