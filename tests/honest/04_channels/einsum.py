# One einsum for each task, letters as in the lecture.
# points: one_number 1, correlate_channels 3, conv1x1 1, depthwise 2, to_channels_first 1
# %% new above one_number
from numpy.lib.stride_tricks import sliding_window_view as view
# %% one_number
def one_number(image, kernel, bias, row, column):
    return np.einsum("cuv,cuv", view(image, kernel.shape)[0, row, column], kernel) + bias
# %% correlate_channels
def correlate_channels(image, kernel, bias):
    return np.einsum("cijuv,fcuv->fij", view(image, kernel.shape[-2:], (1, 2)), kernel) + bias[:, None, None]
# %% conv1x1
def conv1x1(image, weight, bias):
    return np.einsum("fc,cij->fij", weight, image) + np.einsum("f,ij->fij", bias, np.ones(image.shape[1:]))
# %% depthwise
def depthwise(image, kernels):
    return np.einsum("cijuv,cuv->cij", view(image, kernels.shape[-2:], (1, 2)), kernels)
# %% to_channels_first
def to_channels_first(batch):
    return np.einsum("nijc->ncij", batch)
