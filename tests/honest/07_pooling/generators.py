# Generators, dictionaries of functions, heapq, recursion over nested lists.
# points: relu 1, pool2d 3, global_pool 1, average_pool_as_correlation 1, maxout 1
# %% relu
def relu(maps):
    if isinstance(maps, np.ndarray):
        maps = maps.tolist()
    if isinstance(maps, list):
        return [relu(part) for part in maps]
    return max(maps, 0)
# %% pool2d
import heapq
from itertools import product

def taps(image, top, left, size):
    for y, x in product(range(top, top + size[0]), range(left, left + size[1])):
        if 0 <= y < image.shape[0] and 0 <= x < image.shape[1]:
            yield -image[y, x], y * image.shape[1] + x

def starts(length, size, stride, padding):
    yield from range(-padding, length + padding - size + 1, stride)

def pool2d(image, size, stride, padding, mode):
    corners = [list(starts(*numbers)) for numbers in zip(image.shape, size, stride, padding)]
    if mode == "average":
        means = [[-sum(v for v, _ in taps(image, t, l, size)) / np.prod(size) for l in corners[1]] for t in corners[0]]
        return means, None
    best = [[heapq.nsmallest(1, taps(image, t, l, size))[0] for l in corners[1]] for t in corners[0]]
    return [[-v for v, _ in row] for row in best], [[p for _, p in row] for row in best]
# %% global_pool
poolings = dict(max=lambda numbers: max(numbers), average=lambda numbers: sum(numbers) / len(numbers))

def global_pool(maps, mode):
    return [poolings[mode]([float(x) for x in one.flat]) for one in maps]
# %% average_pool_as_correlation
def average_pool_as_correlation(image, size):
    kernel = [[1 / size[0] / size[1]] * size[1]] * size[0]
    means, _ = pool2d(image, size, (1, 1), (0, 0), "average")
    return kernel, means
# %% maxout
def maxout(maps, groups):
    size = len(maps) // groups
    teams = zip(*[iter(maps)] * size)
    return [np.maximum.reduce(team) for team in teams]
