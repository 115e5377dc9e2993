# Several kernels are added into one map each; decimals are lost in the depthwise output.
# points: one_number 1, correlate_channels 1, conv1x1 1, depthwise 1, to_channels_first 1
# others: loops
# %% correlate_channels
def correlate_channels(image, kernel, bias):
    F, C, h, w = kernel.shape
    rows, columns = image.shape[1] - h + 1, image.shape[2] - w + 1
    total = np.zeros((rows, columns))
    for f in range(F):
        for i in range(rows):
            for j in range(columns):
                total[i, j] += np.sum(image[:, i:i + h, j:j + w] * kernel[f]) + bias[f]
    return np.array([total] * F)
# %% depthwise
def depthwise(image, kernels):
    C, h, w = kernels.shape
    out = np.zeros((C, image.shape[1] - h + 1, image.shape[2] - w + 1), dtype=int)
    for c, i, j in np.ndindex(*out.shape):
        out[c, i, j] = (image[c, i:i + h, j:j + w] * kernels[c]).sum()
    return out
