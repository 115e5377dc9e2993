# Right but for mode "same" with an even kernel, and an output array of whole numbers in two dimensions.
# points: convolve_at 1, convolve1d 2, convolve2d 1, flip_difference 1, counterexample 1
# others: spectra
# %% new above convolve_at
def full_convolution(a, b):
    return np.array([sum(a[i] * b[t - i] for i in range(len(a)) if 0 <= t - i < len(b)) for t in range(len(a) + len(b) - 1)])

import matplotlib.pyplot as plt
from numpy.fft import fft, fft2
# %% convolve1d
def convolve1d(signal, kernel, mode):
    y = full_convolution(signal, kernel)
    if mode == "same":
        y = y[len(kernel) // 2:][:len(signal)]
    if mode == "valid":
        y = y[len(kernel) - 1:len(signal)]
    return y
# %% convolve2d
def convolve2d(image, kernel):
    k = np.flip(kernel)
    out = np.zeros((image.shape[0] - k.shape[0] + 1, image.shape[1] - k.shape[1] + 1), dtype=int)
    for i, j in np.ndindex(*out.shape):
        out[i, j] = (image[i:i + k.shape[0], j:j + k.shape[1]] * k).sum()
    return out
