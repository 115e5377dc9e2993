# Takes the stride of the rows for the columns too; sizes that are not whole where they do not divide.
# points: output_size 0, correlate2d_strided 1, conv_transpose2d 0, receptive_field 2
# others: zeros_between
# %% output_size
def output_size(size, kernel, padding, stride, dilation):
    return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
# %% correlate2d_strided
def correlate2d_strided(image, kernel, stride, dilation):
    s = stride[0]
    h, w = (d * (k - 1) + 1 for d, k in zip(dilation, kernel.shape))
    windows = np.lib.stride_tricks.sliding_window_view(image, (h, w))[::s, ::s, ::dilation[0], ::dilation[1]]
    return np.einsum("ijuv,uv->ij", windows, kernel)
# %% conv_transpose2d
def conv_transpose2d(image, kernel, stride):
    s = stride[0]
    out = np.zeros(((image.shape[0] - 1) * s + kernel.shape[0], (image.shape[1] - 1) * s + kernel.shape[1]))
    for (i, j), pixel in np.ndenumerate(image):
        out[i * s:i * s + kernel.shape[0], j * s:j * s + kernel.shape[1]] += pixel * kernel
    return out
