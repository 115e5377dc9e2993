# Loops; the size by the formula, the copies one after the other.
# points: output_size 2, correlate2d_strided 3, conv_transpose2d 2, receptive_field 2
# %% output_size
def output_size(size, kernel, padding, stride, dilation):
    span = dilation * (kernel - 1) + 1
    room = size + 2 * padding - span
    if room < 0:
        return 0
    return room // stride + 1
# %% correlate2d_strided
def correlate2d_strided(image, kernel, stride, dilation):
    rows = output_size(image.shape[0], kernel.shape[0], 0, stride[0], dilation[0])
    columns = output_size(image.shape[1], kernel.shape[1], 0, stride[1], dilation[1])
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            for u in range(kernel.shape[0]):
                for v in range(kernel.shape[1]):
                    out[i, j] += image[i * stride[0] + u * dilation[0], j * stride[1] + v * dilation[1]] * kernel[u, v]
    return out
# %% conv_transpose2d
def conv_transpose2d(image, kernel, stride):
    H, W = image.shape
    h, w = kernel.shape
    out = np.zeros(((H - 1) * stride[0] + h, (W - 1) * stride[1] + w))
    for i in range(H):
        for j in range(W):
            out[i * stride[0]:i * stride[0] + h, j * stride[1]:j * stride[1] + w] += image[i, j] * kernel
    return out
# %% receptive_field
def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel, stride, padding, dilation in layers:
        start = start - padding * jump
        size = size + (kernel - 1) * dilation * jump
        jump = jump * stride
    return size, jump, start
