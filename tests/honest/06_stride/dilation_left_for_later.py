# Everything as if dilation were 1.
# points: output_size 1, correlate2d_strided 1, conv_transpose2d 2, receptive_field 1
# others: loops
# %% output_size
def output_size(size, kernel, padding, stride, dilation):
    return max((size + 2 * padding - kernel) // stride + 1, 0)
# %% correlate2d_strided
def correlate2d_strided(image, kernel, stride, dilation):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride[0], ::stride[1]]
    return (windows * kernel).sum(axis=(2, 3))
# %% receptive_field
def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel, stride, padding, _ in layers:
        size += (kernel - 1) * jump
        start -= padding * jump
        jump *= stride
    return size, jump, start
