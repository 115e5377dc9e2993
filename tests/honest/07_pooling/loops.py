# Loops; maxima by hand, ties go to the first one.
# points: relu 1, pool2d 3, global_pool 1, average_pool_as_correlation 1, maxout 1
# %% relu
def relu(maps):
    result = maps.copy()
    result[result < 0] = 0
    return result
# %% pool2d
def pool2d(image, size, stride, padding, mode):
    H, W = image.shape
    rows = (H + 2 * padding[0] - size[0]) // stride[0] + 1
    columns = (W + 2 * padding[1] - size[1]) // stride[1] + 1
    output, positions = np.zeros((rows, columns)), np.zeros((rows, columns), dtype=int)
    for i in range(rows):
        for j in range(columns):
            total, best, where = 0.0, -np.inf, -1
            for u in range(size[0]):
                for v in range(size[1]):
                    y, x = i * stride[0] - padding[0] + u, j * stride[1] - padding[1] + v
                    if 0 <= y < H and 0 <= x < W:
                        total += image[y, x]
                        if image[y, x] > best:
                            best, where = image[y, x], y * W + x
            output[i, j] = best if mode == "max" else total / (size[0] * size[1])
            positions[i, j] = where
    return output, positions if mode == "max" else None
# %% global_pool
def global_pool(maps, mode):
    result = []
    for one in maps:
        result.append(one.max() if mode == "max" else one.sum() / one.size)
    return result
# %% average_pool_as_correlation
def average_pool_as_correlation(image, size):
    kernel = np.ones(size) / (size[0] * size[1])
    out = np.zeros((image.shape[0] - size[0] + 1, image.shape[1] - size[1] + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i:i + size[0], j:j + size[1]] * kernel)
    return kernel, out
# %% maxout
def maxout(maps, groups):
    each = len(maps) // groups
    out = np.zeros((groups,) + maps.shape[1:])
    for g in range(groups):
        for i in range(maps.shape[1]):
            for j in range(maps.shape[2]):
                out[g, i, j] = max(maps[g * each + c, i, j] for c in range(each))
    return out
