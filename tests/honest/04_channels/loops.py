# Loops over kernels, channels, rows, columns.
# points: one_number 1, correlate_channels 3, conv1x1 1, depthwise 2, to_channels_first 1
# %% one_number
def one_number(image, kernel, bias, row, column):
    C, h, w = kernel.shape
    total = bias
    for c in range(C):
        for u in range(h):
            for v in range(w):
                total = total + image[c, row + u, column + v] * kernel[c, u, v]
    return total
# %% correlate_channels
def correlate_channels(image, kernel, bias):
    F, C, h, w = kernel.shape
    _, H, W = image.shape
    maps = np.empty((F, H - h + 1, W - w + 1))
    for f in range(F):
        for i in range(H - h + 1):
            for j in range(W - w + 1):
                maps[f, i, j] = one_number(image, kernel[f], bias[f], i, j)
    return maps
# %% conv1x1
def conv1x1(image, weight, bias):
    maps = []
    for f in range(len(weight)):
        one_map = np.full(image.shape[1:], float(bias[f]))
        for c in range(len(image)):
            one_map += weight[f, c] * image[c]
        maps.append(one_map)
    return maps
# %% depthwise
def depthwise(image, kernels):
    return [correlate_channels(image[c:c + 1], kernels[None, c:c + 1], np.zeros(1))[0] for c in range(len(image))]
# %% to_channels_first
def to_channels_first(batch):
    N, H, W, C = batch.shape
    out = np.zeros((N, C, H, W))
    for n in range(N):
        for c in range(C):
            out[n, c] = batch[n, :, :, c]
    return out
