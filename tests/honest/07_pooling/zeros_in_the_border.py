# Pads with zeros for the maximum too; sums instead of means in the kernel; ties to the last.
# points: relu 1, pool2d 2, global_pool 1, average_pool_as_correlation 0, maxout 1
# others: loops
# %% pool2d
def pool2d(image, size, stride, padding, mode):
    (H, W), (h, w) = image.shape, size
    rows, columns = (H + 2 * padding[0] - h) // stride[0] + 1, (W + 2 * padding[1] - w) // stride[1] + 1
    padded = np.zeros((H + 2 * padding[0], W + 2 * padding[1]))
    padded[padding[0]:padding[0] + H, padding[1]:padding[1] + W] = image
    output, positions = np.zeros((rows, columns)), np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = padded[i * stride[0]:i * stride[0] + h, j * stride[1]:j * stride[1] + w]
            output[i, j] = window.max() if mode == "max" else window.mean()
            y, x = np.unravel_index(window.argmax(), window.shape)
            positions[i, j] = (i * stride[0] - padding[0] + y) * W + j * stride[1] - padding[1] + x
    return output, None if mode == "average" else positions
# %% average_pool_as_correlation
def average_pool_as_correlation(image, size):
    kernel = np.ones(size)
    return kernel, np.einsum("ijuv,uv->ij", np.lib.stride_tricks.sliding_window_view(image, size), kernel)
