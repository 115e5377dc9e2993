# Adds the bias once per channel, everywhere; each map wants its kernels next to each other in the end.
# points: one_number 0, correlate_channels 0, conv1x1 0, depthwise 2, to_channels_first 0
# others: einsum
# %% one_number
def one_number(image, kernel, bias, row, column):
    total = 0
    for c in range(len(kernel)):
        window = image[c, row:row + kernel.shape[1], column:column + kernel.shape[2]]
        total += np.sum(window * kernel[c]) + bias
    return total
# %% correlate_channels
def correlate_channels(image, kernel, bias):
    rows, columns = (n - k + 1 for n, k in zip(image.shape[1:], kernel.shape[2:]))
    return [[[one_number(image, kernel[f], bias[f], i, j) for j in range(columns)] for i in range(rows)] for f in range(len(kernel))]
# %% conv1x1
def conv1x1(image, weight, bias):
    return sum(weight[:, c, None, None] * image[c] + bias[:, None, None] for c in range(len(image)))
# %% to_channels_first
def to_channels_first(batch):
    N, H, W, C = batch.shape
    return batch.reshape(N, C, H, W)
