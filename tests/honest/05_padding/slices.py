# np.full and slices; a dictionary of borders; the frame is built from two conditions.
# points: pad2d 1, same_padding 2, correlate2d_padded 2, never_centred 1
# %% pad2d
def pad2d(image, top, bottom, left, right, value):
    H, W = image.shape
    padded = np.full((H + top + bottom, W + left + right), value, dtype=float)
    padded[top:top + H, left:left + W] = image
    return padded
# %% same_padding
same_padding = lambda k, d: (((k - 1) * d + 1) // 2, (k - 1) * d // 2)
# %% correlate2d_padded
BORDERS = {
    "valid": lambda k: (0, 0),
    "same": lambda k: same_padding(k, 1),
    "full": lambda k: (k - 1, k - 1),
}

def correlate2d_padded(image, kernel, mode):
    rows, columns = map(BORDERS[mode], kernel.shape)
    padded = pad2d(image, *rows, *columns, 0)
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return (windows * kernel).sum((-1, -2))
# %% never_centred
def never_centred(height, width, kernel_size, layers):
    lost = [layers * (k // 2) for k in kernel_size]
    rows, columns = np.ogrid[:height, :width]
    outside = (rows < lost[0]) | (rows >= height - lost[0]) | (columns < lost[1]) | (columns >= width - lost[1])
    return outside.astype(np.uint8)
