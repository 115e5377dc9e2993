# A border by loops, sizes worked out by hand.
# points: pad2d 1, same_padding 2, correlate2d_padded 2, never_centred 1
# %% pad2d
def pad2d(image, top, bottom, left, right, value):
    H, W = image.shape
    out = np.zeros((top + H + bottom, left + W + right))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            if top <= i < top + H and left <= j < left + W:
                out[i, j] = image[i - top, j - left]
            else:
                out[i, j] = value
    return out
# %% same_padding
def same_padding(kernel_size, dilation):
    total = (kernel_size - 1) * dilation
    after = total // 2
    before = total - after
    return before, after
# %% correlate2d_padded
def correlate2d_padded(image, kernel, mode):
    h, w = kernel.shape
    if mode == "same":
        (top, bottom), (left, right) = same_padding(h, 1), same_padding(w, 1)
    elif mode == "full":
        top = bottom = h - 1
        left = right = w - 1
    else:
        top = bottom = left = right = 0
    padded = pad2d(image, top, bottom, left, right, 0)
    out = np.zeros((padded.shape[0] - h + 1, padded.shape[1] - w + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(padded[i:i + h, j:j + w] * kernel)
    return out
# %% never_centred
def never_centred(height, width, kernel_size, layers):
    up = layers * (kernel_size[0] - 1) // 2
    side = layers * (kernel_size[1] - 1) // 2
    marks = np.ones((height, width), dtype=int)
    for i in range(up, height - up):
        for j in range(side, width - side):
            marks[i, j] = 0
    return marks
