"""Answers with integers just under and over the digits that travel, and with ones that no float holds."""


def correlate1d(signal, kernel):
    return [10**999] * (len(signal) - len(kernel) + 1)


def correlate2d(image, kernel):
    return [[10**1001] * (image.shape[1] - kernel.shape[1] + 1)] * (image.shape[0] - kernel.shape[0] + 1)


def match_template(image, template):
    return -(2**2999), 2**63


def edge_kernel():
    return [[2**1024, -(2**1024)]]
