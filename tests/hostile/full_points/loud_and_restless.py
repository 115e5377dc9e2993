"""Prints much in other alphabets and on both streams, uses magics, and answers in extended precision."""

import sys
import threading

import numpy as np

get_ipython().run_line_magic("matplotlib", "inline")
get_ipython().run_line_magic("timeit", "-n1 -r1 sum(range(10))")
get_ipython().run_line_magic("env", "MY_OWN=1")
threading.Thread(target=lambda: [print("still here") for _ in range(100)]).start()


def correlate1d(signal, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(signal, len(kernel))
    return (windows @ kernel).astype(np.longdouble)


def correlate2d(image, kernel):
    rows = len(image) - len(kernel) + 1
    return sum(
        np.stack([correlate1d(image[i + u], kernel[u]) for i in range(rows)]) for u in range(len(kernel))
    )


def match_template(image, template):
    def score(row, column):
        window = image[row : row + template.shape[0], column : column + template.shape[1]]
        deviations = (window - window.mean()).ravel()
        length = np.linalg.norm(deviations)
        return deviations @ (template - template.mean()).ravel() / length if length > 1e-9 else 0.0

    places = np.ndindex(*(np.subtract(image.shape, template.shape) + 1))
    return list(max(places, key=lambda place: score(*place)))


for i in range(30_000):
    print(i)
    print(i, file=sys.stderr)
print("█" * 1_500_000)


def edge_kernel():
    print("an edge", file=sys.stderr)
    return [[-1.0, 0.0, 1.0]] * 3


def test_correlate2d(correlate2d):
    for _ in range(20):
        shape = np.random.randint(4, 9, 2)
        image, kernel = np.random.randint(-9, 9, shape), np.random.normal(size=np.random.randint(1, 4, 2))
        print("trying", image.shape, kernel.shape)
        np.testing.assert_allclose(correlate2d(image=image, kernel=kernel), correlate2d_of_mine(image, kernel))


correlate2d_of_mine = correlate2d
