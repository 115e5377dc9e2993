# Never came to averages: they raise, and one function answers them with nothing.
# points: relu 1, pool2d 2, global_pool 0, average_pool_as_correlation 0, maxout 1
# %% relu
def relu(maps):
    return np.clip(maps, 0, None)
# %% pool2d
def pool2d(image, size, stride, padding, mode):
    if mode != "max":
        raise NotImplementedError("averages tomorrow")
    H, W = image.shape
    best = {}
    for i, top in enumerate(range(-padding[0], H + padding[0] - size[0] + 1, stride[0])):
        for j, left in enumerate(range(-padding[1], W + padding[1] - size[1] + 1, stride[1])):
            window = image[max(top, 0):max(top + size[0], 0), max(left, 0):max(left + size[1], 0)]
            y, x = divmod(int(window.argmax()), window.shape[1])
            best[i, j] = window[y, x], (max(top, 0) + y) * W + max(left, 0) + x
    shape = np.add(max(best), 1)
    both = np.array([best[place] for place in np.ndindex(*shape)])
    return both[:, 0].reshape(shape), both[:, 1].reshape(shape)
# %% global_pool
def global_pool(maps, mode):
    if mode == "max":
        return [m.max() for m in maps]
# %% maxout
def maxout(maps, groups):
    best = maps[::len(maps) // groups].copy()
    for c in range(1, len(maps) // groups):
        np.maximum(best, maps[c::len(maps) // groups], out=best)
    return best
