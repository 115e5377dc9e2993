# Takes reshape for a transposition, in the windows and in the maps.
# points: im2col2d 0, correlate_by_product 0, separate 2
# others: single_precision
# %% im2col2d
def im2col2d(image, height, width):
    windows = [image[i:i + height, j:j + width]
               for i in range(image.shape[0] - height + 1) for j in range(image.shape[1] - width + 1)]
    return np.array(windows, dtype=float).reshape(height * width, -1)
# %% correlate_by_product
def correlate_by_product(image, kernels):
    F, C, h, w = kernels.shape
    columns = np.vstack([im2col2d(image[c], h, w) for c in range(C)])
    return (kernels.reshape(F, -1) @ columns).reshape(F, image.shape[2] - w + 1, image.shape[1] - h + 1)
