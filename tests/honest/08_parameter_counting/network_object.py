# The network as objects that know their shapes; a dictionary with the eight answers, worked out once.
# points: count_parameters 2, count_connections 1, my_numbers 2, find_layer 1
# %% new above count_parameters
from dataclasses import dataclass
from functools import cached_property

@dataclass(frozen=True)
class Layer:
    shape: tuple
    layer: tuple

    @property
    def kind(self):
        return self.layer[0]

    @cached_property
    def weights(self):
        return int(np.prod(self.layer[1])) if self.kind in ("convolution", "dense") else 0

    @cached_property
    def biases(self):
        return self.layer[1][0] if self.kind in ("convolution", "dense") and self.layer[-1] else 0

    @cached_property
    def window(self):
        return self.layer[1][-2:] if self.kind in ("convolution", "pooling") else (1, 1)

    @cached_property
    def steps(self):
        if self.kind == "convolution":
            return self.layer[2], self.layer[3]
        return (self.layer[2], 0) if self.kind == "pooling" else (1, 0)

    @cached_property
    def behind(self):
        if self.kind == "dense":
            return (self.layer[1][0], 1, 1)
        stride, padding = self.steps
        maps = self.layer[1][0] if self.kind == "convolution" else self.shape[0]
        return (maps, *((n + 2 * padding - k) // stride + 1 for n, k in zip(self.shape[1:], self.window)))

    @cached_property
    def connections(self):
        if self.kind in ("relu", "dense"):
            return self.weights
        stride, padding = self.steps
        reads = self.layer[1][0] * self.shape[0] if self.kind == "convolution" else self.shape[0]
        for n, k, places in zip(self.shape[1:], self.window, self.behind[1:]):
            reads *= sum(1 for i in range(places) for t in range(k) if 0 <= i * stride - padding + t < n)
        return reads

def network(shape, layers):
    for layer in layers:
        one = Layer(tuple(shape), tuple(layer))
        yield one
        shape = one.behind
# %% count_parameters
def count_parameters(layers):
    return sum(Layer((), layer).weights + Layer((), layer).biases for layer in layers)
# %% count_connections
def count_connections(image_shape, layers):
    return sum(layer.connections for layer in network(image_shape, layers))
# %% my_numbers
mine = list(network(*my_network(STUDENT)))
one, _, pooling, two, _, dense = (layer.weights + layer.biases for layer in mine)
ANSWERS = {
    "parameters of the first convolution": one,
    "parameters of the second convolution": two,
    "parameters of the dense layer": dense,
    "parameters of the whole network": one + two + dense,
    "parameters of the first convolution, image twice as high and wide": one,
    "rows of a map behind the first convolution": mine[0].behind[1],
    "numbers behind the pooling, in all maps": int(np.prod(mine[2].behind)),
    "connections of the second convolution": mine[3].connections,
}
my_numbers = ANSWERS.__getitem__
# %% find_layer
def find_layer(image_shape, output_shape, most_parameters):
    kernel = int(((most_parameters / output_shape[0] - 1) / image_shape[0]) ** 0.5 + 1e-9)
    for padding in reversed(range(kernel)):
        for stride in range(1, 1 + max(image_shape)):
            layer = Layer(image_shape, ("convolution", (output_shape[0], image_shape[0], kernel, kernel), stride, padding, True))
            if layer.behind == tuple(output_shape):
                return np.array([kernel, stride, padding], dtype=np.int16)
