# A class for each kind of pooling, inheritance, properties, operators; single precision.
# points: relu 1, pool2d 3, global_pool 1, average_pool_as_correlation 1, maxout 1
# %% relu
class ReLU:
    def __call__(self, maps):
        return (np.abs(maps) + maps) / 2

relu = ReLU()
# %% pool2d
from abc import ABC, abstractmethod

class Pooling(ABC):
    def __init__(self, size, stride, padding):
        self.size, self.stride, self.padding = size, stride, padding

    @abstractmethod
    def pool(self, numbers, places): ...

    def windows(self, image):
        H, W = image.shape
        for top in range(-self.padding[0], H + self.padding[0] - self.size[0] + 1, self.stride[0]):
            yield [self.window(image, top, left) for left in range(-self.padding[1], W + self.padding[1] - self.size[1] + 1, self.stride[1])]

    def window(self, image, top, left):
        rows = range(max(top, 0), min(top + self.size[0], image.shape[0]))
        columns = range(max(left, 0), min(left + self.size[1], image.shape[1]))
        places = np.add.outer(np.array(rows) * image.shape[1], columns).ravel()
        return self.pool(image.ravel()[places], places)

class Max(Pooling):
    def pool(self, numbers, places):
        return np.float32(numbers.max()), places[numbers.argmax()]

class Average(Pooling):
    def pool(self, numbers, places):
        return np.float32(numbers.sum() / np.prod(self.size)), None

def pool2d(image, size, stride, padding, mode):
    found = list((Max if mode == "max" else Average)(size, stride, padding).windows(image))
    output = np.array([[value for value, _ in row] for row in found])
    return [output, np.array([[place for _, place in row] for row in found]) if mode == "max" else None]
# %% global_pool
def global_pool(maps, mode):
    pooling = Max if mode == "max" else Average
    return np.array([next(pooling(one.shape, (1, 1), (0, 0)).windows(one))[0][0] for one in maps])
# %% average_pool_as_correlation
def average_pool_as_correlation(image, size):
    kernel = np.ones(size, np.float32) / np.float32(np.prod(size))
    cumulated = np.zeros(np.add(image.shape, 1))
    cumulated[1:, 1:] = image.cumsum(0).cumsum(1)
    h, w = size
    sums = cumulated[h:, w:] - cumulated[:-h, w:] - cumulated[h:, :-w] + cumulated[:-h, :-w]
    return kernel, sums / (h * w)
# %% maxout
class Maxout(ReLU):
    def __call__(self, maps, groups):
        first, *others = (maps[c::len(maps) // groups] for c in range(len(maps) // groups))
        for other in others:
            first = first + super().__call__(other - first)
        return first

maxout = Maxout()
