# A class that remembers its columns; callable objects as answers.
# points: im2col2d 2, correlate_by_product 3, separate 2
# %% im2col2d
class Columns:
    def __init__(self):
        self.memory = {}

    def places(self, size, height, width):
        if (size, height, width) not in self.memory:
            numbers = np.arange(size[0] * size[1]).reshape(size)
            starts = numbers[: size[0] - height + 1, : size[1] - width + 1].ravel()
            inside = numbers[:height, :width].ravel()
            self.memory[size, height, width] = inside[:, None] + starts[None, :]
        return self.memory[size, height, width]

    def __call__(self, image, height, width):
        return image.take(self.places(image.shape, height, width))


im2col2d = Columns()
# %% correlate_by_product
class Layer:
    def __init__(self, kernels):
        self.rows = kernels.reshape(len(kernels), -1)
        self.size = kernels.shape[2:]

    def __matmul__(self, image):
        columns = np.concatenate([im2col2d(channel, *self.size) for channel in image], axis=0)
        shape = [n - k + 1 for n, k in zip(image.shape[1:], self.size)]
        return np.dot(self.rows, columns).reshape(len(self.rows), *shape)


def correlate_by_product(image, kernels):
    return Layer(kernels) @ image
# %% separate
def separate(kernel):
    from fractions import Fraction
    exact = [[Fraction(float(number)) for number in line] for line in kernel]
    line = next(line for line in exact if any(line))
    pivot = next(n for n, number in enumerate(line) if number)
    return [float(other[pivot] / line[pivot]) for other in exact], [float(number) for number in line]
