# im2col, tensordot, strides; returns views that are not contiguous.
# points: one_number 1, correlate_channels 3, conv1x1 1, depthwise 2, to_channels_first 1
# %% one_number
def one_number(image, kernel, bias, row, column):
    c, h, w = kernel.shape
    return np.asarray(image[:, row:row + h, column:column + w].ravel() @ kernel.ravel() + bias)
# %% correlate_channels
def correlate_channels(image, kernel, bias):
    c, H, W = image.shape
    f, _, h, w = kernel.shape
    s = image.strides
    patches = np.lib.stride_tricks.as_strided(image, (H - h + 1, W - w + 1, c, h, w), (s[1], s[2], *s))
    return (np.tensordot(patches, kernel, ((2, 3, 4), (1, 2, 3))) + bias).transpose(2, 0, 1)
# %% conv1x1
def conv1x1(image, weight, bias):
    pixels_last = np.moveaxis(image, 0, -1)
    return np.moveaxis(pixels_last @ weight.T + bias, -1, 0)
# %% depthwise
def depthwise(image, kernels):
    C = len(kernels)
    block_diagonal = np.zeros((C,) + kernels.shape)
    block_diagonal[range(C), range(C)] = kernels
    return correlate_channels(image, block_diagonal, np.zeros(C, int))
# %% to_channels_first
def to_channels_first(batch):
    return batch.swapaxes(2, 3).swapaxes(1, 2)
