# The second half of the notebook was never opened; one answer stands in a new cell instead of its own.
# points: one_number 1, correlate_channels 3, conv1x1 0, depthwise 0, to_channels_first 1
# stock: to_channels_first 0: the answer stands below its check, and stock nbgrader runs top to bottom once
# %% one_number
def one_number(image, kernel, bias, row, column):
    patch = np.take(np.take(image, range(row, row + kernel.shape[1]), 1), range(column, column + kernel.shape[2]), 2)
    return float(np.inner(patch.flat, kernel.flat) + bias)
# %% correlate_channels
def correlate_channels(image, kernel, bias):
    size = image.shape[1:]
    spectrum = (np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernel, size))).sum(axis=1)
    return np.fft.irfft2(spectrum, size)[:, :size[0] - kernel.shape[2] + 1, :size[1] - kernel.shape[3] + 1] + bias[:, None, None]
# %% new at the end
def to_channels_first(batch):
    return batch.transpose(0, 3, 1, 2)
