"""Echoes its inputs back, modified, and claims in them what it likes."""


def correlate1d(signal, kernel):
    signal[:] = 0
    kernel[:] = 0
    return signal[: len(signal) - len(kernel) + 1]


def correlate2d(image, kernel):
    image[:] = 0
    kernel[:] = 0
    return image[: image.shape[0] - kernel.shape[0] + 1, : image.shape[1] - kernel.shape[1] + 1]
