# Right numbers, but two functions write into their inputs, which the tasks forbid.
# points: one_number 0, correlate_channels 3, conv1x1 1, depthwise 0, to_channels_first 1
# others: einsum
# %% one_number
def one_number(image, kernel, bias, row, column):
    window = image[:, row:row + kernel.shape[1], column:column + kernel.shape[2]]
    window *= kernel
    return window.sum() + bias
# %% depthwise
def depthwise(image, kernels):
    H, W = image.shape[1] - kernels.shape[1] + 1, image.shape[2] - kernels.shape[2] + 1
    result = np.array([[[np.sum(image[c, i:i + kernels.shape[1], j:j + kernels.shape[2]] * kernels[c])
                         for j in range(W)] for i in range(H)] for c in range(len(image))])
    image[:, :H, :W] = result
    return image[:, :H, :W]
