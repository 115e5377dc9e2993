# Has each window as a row, and corrects for it in the product.
# points: im2col2d 0, correlate_by_product 3, separate 2
# others: loops
# %% im2col2d
def im2col2d(image, height, width):
    windows = []
    for i in range(image.shape[0] - height + 1):
        for j in range(image.shape[1] - width + 1):
            windows.append(image[i:i + height, j:j + width].ravel())
    return np.array(windows)
# %% correlate_by_product
def correlate_by_product(image, kernels):
    F, C, h, w = kernels.shape
    rows = np.hstack([im2col2d(image[c], h, w) for c in range(C)])
    return (rows @ kernels.reshape(F, -1).T).T.reshape(F, image.shape[1] - h + 1, image.shape[2] - w + 1)
