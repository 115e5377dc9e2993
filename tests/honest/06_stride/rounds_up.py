# Counts the last window that hangs over; copies replace each other; the jump is left out of the size.
# points: output_size 0, correlate2d_strided 3, conv_transpose2d 1, receptive_field 1
# others: slices
# %% output_size
def output_size(size, kernel, padding, stride, dilation):
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    return int(np.ceil(room / stride)) + 1 if room >= 0 else 0
# %% conv_transpose2d
def conv_transpose2d(image, kernel, stride):
    H, W = image.shape
    h, w = kernel.shape
    out = np.zeros(((H - 1) * stride[0] + h, (W - 1) * stride[1] + w))
    for i in range(H):
        for j in range(W):
            out[i * stride[0]:i * stride[0] + h, j * stride[1]:j * stride[1] + w] = image[i, j] * kernel
    return out
# %% receptive_field
def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel, stride, padding, dilation in layers:
        size += dilation * (kernel - 1)
        start -= padding * jump
        jump *= stride
    return size, jump, start
