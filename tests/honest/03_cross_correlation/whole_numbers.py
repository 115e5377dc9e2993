# Output arrays of integers, no attention to light in the search, an edge detector for the other direction.
# points: correlate1d 1, correlate2d 3, edge_kernel 0, match_template 1, test_correlate2d 2
# others: windows
# %% correlate1d
def correlate1d(signal, kernel):
    out = np.zeros(len(signal) - len(kernel) + 1, dtype=int)
    for i in range(len(out)):
        out[i] = np.sum(signal[i:i + len(kernel)] * kernel)
    return out
# %% correlate2d
def correlate2d(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1), dtype=np.int64)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i + kh, j:j + kw] * kernel)
    return out
# %% edge_kernel
def edge_kernel():
    return [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
# %% match_template
def match_template(image, template):
    h, w = template.shape
    best, where = np.inf, None
    for i in range(image.shape[0] - h + 1):
        for j in range(image.shape[1] - w + 1):
            distance = ((image[i:i + h, j:j + w] - template) ** 2).sum()
            if distance < best:
                best, where = distance, (i, j)
    return where
