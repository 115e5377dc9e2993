# Works in float32 throughout, channel by channel, and normalises the column.
# points: im2col2d 2, correlate_by_product 3, separate 2
# %% im2col2d
def im2col2d(image, height, width):
    image = image.astype("float32")
    H, W = image.shape
    out = np.empty((height, width, H - height + 1, W - width + 1), dtype="float32")
    for m in range(height):
        for n in range(width):
            out[m, n] = image[m:m + H - height + 1, n:n + W - width + 1]
    return out.reshape(height * width, -1)
# %% correlate_by_product
def correlate_by_product(image, kernels):
    F, C, h, w = kernels.shape
    total = np.zeros((F, (image.shape[1] - h + 1) * (image.shape[2] - w + 1)), dtype=np.float32)
    for c in range(C):
        total += kernels[:, c].reshape(F, h * w).astype(np.float32) @ im2col2d(image[c], h, w)
    return total.reshape(F, image.shape[1] - h + 1, image.shape[2] - w + 1)
# %% separate
def separate(kernel):
    kernel = kernel.astype(np.float32)
    best = np.argmax((kernel ** 2).sum(axis=0))
    column = kernel[:, best] / np.sqrt((kernel[:, best] ** 2).sum())
    return column, column @ kernel
