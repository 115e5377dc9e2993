# Believes that convolution is what NumPy calls correlate: the kernel is never flipped.
# points: convolve_at 0, convolve1d 0, convolve2d 0, flip_difference 1, counterexample 1
# others: loops
# %% convolve_at
def convolve_at(signal, kernel, t):
    total, K = 0, len(kernel)
    for a in range(K):
        i = t - (K - 1) + a
        if 0 <= i < len(signal):
            total += signal[i] * kernel[a]
    return total
# %% convolve2d
def convolve2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))
