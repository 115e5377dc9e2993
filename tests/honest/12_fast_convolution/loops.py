# Loops for everything, and lists.
# points: im2col2d 2, correlate_by_product 3, separate 2
# %% im2col2d
def im2col2d(image, height, width):
    H, W = image.shape
    out = []
    for m in range(height):
        for n in range(width):
            one = []
            for i in range(H - height + 1):
                for j in range(W - width + 1):
                    one.append(image[i + m, j + n])
            out.append(one)
    return out
# %% correlate_by_product
def correlate_by_product(image, kernels):
    F, C, h, w = kernels.shape
    H, W = image.shape[1:]
    big = []
    for c in range(C):
        big = big + im2col2d(image[c], h, w)
    rows = [list(kernels[f].ravel()) for f in range(F)]
    maps = np.array(rows) @ np.array(big)
    return [[[maps[f, i * (W - w + 1) + j] for j in range(W - w + 1)] for i in range(H - h + 1)] for f in range(F)]
# %% separate
def separate(kernel):
    h, w = kernel.shape
    for i in range(h):
        for j in range(w):
            if kernel[i, j] != 0:
                return [kernel[m, j] / kernel[i, j] for m in range(h)], [kernel[i, n] for n in range(w)]
# %% text of fast-words
Both take 64 * 576 * 2916 multiplications. The image has 200704 numbers, the columns 1679616.
One call instead of many steps of Python, and every number of the columns is used 64 times while it is in the cache.
