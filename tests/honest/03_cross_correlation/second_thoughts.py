# Wrong first, right in a new cell further down; the first attempts are still there.
# points: correlate1d 2, correlate2d 4, edge_kernel 1, match_template 2, test_correlate2d 2
# others: windows
# %% correlate1d
def correlate1d(signal, kernel):
    return [sum(signal[i:i + len(kernel)] * kernel[::-1]) for i in range(len(signal) - len(kernel) + 1)]
# %% new below correlate1d
# that was the convolution! once more:
def correlate1d(signal, kernel):
    return [sum(signal[i:i + len(kernel)] * kernel) for i in range(len(signal) - len(kernel) + 1)]
# %% correlate2d
attempt = 1
def correlate2d(image, kernel):
    return np.zeros_like(image)

attempt = 2
def correlate2d(image, kernel):
    rows = range(image.shape[0] - kernel.shape[0] + 1)
    columns = range(image.shape[1] - kernel.shape[1] + 1)
    cut = lambda i, j: image[i:i + kernel.shape[0], j:j + kernel.shape[1]]
    return np.array([[np.vdot(cut(i, j), kernel) for j in columns] for i in rows])
# %% edge_kernel
def edge_kernel(size=2):
    kernel = [[-1, 1]] * size
    return kernel
    raise NotImplementedError()
