# Global constants, a counter, `del`, a redefinition after use, answers that use each other.
# points: relu 1, pool2d 3, global_pool 1, average_pool_as_correlation 1, maxout 1
# others: vectors
# %% relu
ZERO = 0
CALLS = 0

def relu(maps):
    global CALLS
    CALLS += 1
    return maps * (maps > ZERO)
# %% new below relu
x = np.linspace(-1, 1, 5)
print(x, relu(x), CALLS)
del x
# %% global_pool
def global_pool(maps, mode):
    whole = maps.shape[1:]
    return [pool2d(one, whole, (1, 1), (0, 0), mode)[0][0][0] for one in maps]
# %% average_pool_as_correlation
def average_pool_as_correlation(image, size):
    return np.zeros(size), image

first_try = average_pool_as_correlation

def average_pool_as_correlation(image, size):
    kernel = np.full(size, 1.0) / np.prod(size)
    return kernel, pool2d(image, size, (1, 1), (0, 0), "average")[0]
# %% maxout
def maxout(maps, groups):
    return np.stack([relu(part - part.min(0)).max(0) + part.min(0) for part in np.array_split(maps, groups)])
# %% text of pooling-and-parameters-words
Pooling has no weights. It only chooses.
