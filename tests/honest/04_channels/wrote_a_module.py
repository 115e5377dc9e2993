# `%%writefile` makes a module of the student's own, and the answers import it.
# points: one_number 1, correlate_channels 3, conv1x1 1, depthwise 2, to_channels_first 1
# others: matrix_products
# %% new above one_number
%%writefile my_layers.py
import numpy as np

def mix(image, weight, bias):
    flat = image.reshape(len(image), -1)
    return (weight.dot(flat) + bias.reshape(-1, 1)).reshape(len(weight), *image.shape[1:])

def shift(plane, u, v, shape):
    return plane[u:u + shape[0], v:v + shape[1]]
# %% new above conv1x1
import my_layers
from my_layers import shift
# %% conv1x1
conv1x1 = my_layers.mix
# %% depthwise
def depthwise(image, kernels):
    shape = image.shape[1] - kernels.shape[1] + 1, image.shape[2] - kernels.shape[2] + 1
    return [sum(taps[u, v] * shift(plane, u, v, shape) for u in range(taps.shape[0]) for v in range(taps.shape[1]))
            for plane, taps in zip(image, kernels)]
