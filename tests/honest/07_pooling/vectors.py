# Reshapes and windows; np.where, argmax over flat windows.
# points: relu 1, pool2d 3, global_pool 1, average_pool_as_correlation 1, maxout 1
# %% relu
def relu(maps):
    return np.where(maps > 0, maps, 0)
# %% pool2d
def pool2d(image, size, stride, padding, mode):
    fill = -np.inf if mode == "max" else 0.0
    padded = np.pad(image.astype(float), [(p, p) for p in padding], constant_values=fill)
    index = np.pad(np.arange(image.size).reshape(image.shape), [(p, p) for p in padding], constant_values=-1)
    cut = lambda a: np.lib.stride_tricks.sliding_window_view(a, size)[::stride[0], ::stride[1]]
    windows, indices = cut(padded), cut(index)
    flat = windows.reshape(*windows.shape[:2], -1)
    if mode == "average":
        return flat.mean(-1), None
    best = flat.argmax(-1)[..., None]
    take = lambda a: np.take_along_axis(a, best, -1)[..., 0]
    return take(flat), take(indices.reshape(flat.shape))
# %% global_pool
def global_pool(maps, mode):
    return {"max": np.max, "average": np.mean}[mode](maps.reshape(len(maps), -1), axis=1)
# %% average_pool_as_correlation
def average_pool_as_correlation(image, size):
    kernel = np.full(size, 1 / (size[0] * size[1]))
    return kernel, np.lib.stride_tricks.sliding_window_view(image, size).mean(axis=(2, 3))
# %% maxout
def maxout(maps, groups):
    return maps.reshape(groups, -1, *maps.shape[1:]).max(axis=1)
