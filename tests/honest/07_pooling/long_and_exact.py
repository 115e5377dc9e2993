# Long doubles, fractions and decimals: exact means by unusual numbers.
# points: relu 1, pool2d 3, global_pool 1, average_pool_as_correlation 1, maxout 1
# others: loops
# %% relu
def relu(maps):
    return np.maximum(maps, 0).astype(np.longdouble)
# %% global_pool
def global_pool(maps, mode):
    # the mean in decimals, exactly
    from fractions import Fraction
    if mode == "max":
        return maps.max(axis=(1, 2)).astype(object).astype(float)
    return [float(sum(map(Fraction, one.ravel().tolist())) / one.size) for one in maps]
# %% average_pool_as_correlation
def average_pool_as_correlation(image, size):
    from decimal import Decimal, localcontext
    with localcontext() as context:
        context.prec = 50
        share = Decimal(1) / (size[0] * size[1])
        means = [[float(sum(Decimal(float(p)) for p in image[i:i + size[0], j:j + size[1]].flat) * share)
                  for j in range(image.shape[1] - size[1] + 1)] for i in range(image.shape[0] - size[0] + 1)]
    return [[float(share)] * size[1]] * size[0], means
