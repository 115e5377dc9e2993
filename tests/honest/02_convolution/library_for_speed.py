# Uses np.convolve where the task is to write it; the rest builds on that, and a comparison in a test is fine.
# points: convolve_at 1, convolve1d 0, convolve2d 0, flip_difference 1, counterexample 1
# others: loops
# %% convolve1d
def convolve1d(signal, kernel, mode):
    if mode == "same" and len(kernel) % 2 == 0:
        return np.convolve(signal, kernel, "full")[(len(kernel) - 1) // 2:][:len(signal)]
    return np.convolve(signal, kernel, mode)
# %% new below convolve1d
from scipy.signal import convolve
assert np.allclose(convolve1d(np.arange(5), np.array([1, 2]), "full"), convolve(np.arange(5), [1, 2]))
# %% convolve2d
def convolve2d(image, kernel):
    total = 0
    for m in range(kernel.shape[0]):
        rows = image[kernel.shape[0] - 1 - m:len(image) - m]
        total = total + np.array([np.convolve(row, kernel[m], "valid") for row in rows])
    return total
