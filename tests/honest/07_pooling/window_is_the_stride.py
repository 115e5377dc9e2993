# Always steps by the window's size; absolute values for ReLU; the mean over channels; groups taken for their size.
# points: relu 0, pool2d 0, global_pool 0, average_pool_as_correlation 1, maxout 0
# others: vectors
# %% relu
def relu(maps):
    return np.abs(maps)
# %% pool2d
def pool2d(image, size, stride, padding, mode):
    fill = -np.inf if mode == "max" else 0.0
    padded = np.full((image.shape[0] + 2 * padding[0], image.shape[1] + 2 * padding[1]), fill)
    padded[padding[0]:padding[0] + image.shape[0], padding[1]:padding[1] + image.shape[1]] = image
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[::size[0], ::size[1]]
    if mode == "average":
        return windows.mean((2, 3)), None
    best = windows.reshape(*windows.shape[:2], -1).argmax(-1)
    rows, columns = np.indices(best.shape)
    y = rows * size[0] + best // size[1] - padding[0]
    x = columns * size[1] + best % size[1] - padding[1]
    return windows.max((2, 3)), y * image.shape[1] + x
# %% global_pool
def global_pool(maps, mode):
    return maps.max(axis=0) if mode == "max" else maps.mean(axis=0)
# %% maxout
def maxout(maps, groups):
    return np.array([maps[c:c + groups].max(axis=0) for c in range(0, len(maps), groups)])
