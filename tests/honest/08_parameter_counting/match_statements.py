# Structural pattern matching; NumPy integers come back; a search by itertools.
# points: count_parameters 2, count_connections 1, my_numbers 2, find_layer 1
# %% count_parameters
def weights_and_biases(layer):
    match layer:
        case ("convolution", shape, _, _, bias):
            return np.prod(shape) + bias * shape[0]
        case ("dense", (outputs, inputs), bias):
            return outputs * (inputs + bool(bias))
        case _:
            return 0

def count_parameters(layers):
    return sum(map(weights_and_biases, layers))
# %% count_connections
def count_connections(image_shape, layers):
    C, *size = image_shape
    total = np.int64(0)
    for layer in layers:
        match layer:
            case ("dense", (outputs, inputs), _):
                total += outputs * inputs
            case ("convolution", (F, _, *taps), stride, padding, _):
                reads, size = covered(size, taps, stride, padding)
                total += F * C * reads
                C = F
            case ("pooling", taps, stride):
                reads, size = covered(size, taps, stride, 0)
                total += C * reads
    return total

def covered(size, taps, stride, padding):
    marks = [np.arange(-padding, n + padding - k + 1, stride)[:, None] + np.arange(k) for n, k in zip(size, taps)]
    inside = [np.count_nonzero((m >= 0) & (m < n)) for m, n in zip(marks, size)]
    return inside[0] * inside[1], [len(m) for m in marks]
# %% my_numbers
def my_numbers(question):
    (C, H, W), layers = my_network(STUDENT)
    convolution, _, pooling, second, _, dense = layers
    _, (_, *taps), stride, padding, _ = ("", (0, *convolution[1][2:]), *convolution[2:])
    rows, columns = covered((H, W), taps, stride, padding)[1]
    maps = convolution[1][0]
    pooled = covered((rows, columns), pooling[1], pooling[2], 0)[1]
    match question:
        case "parameters of the whole network":
            return count_parameters(layers)
        case "parameters of the second convolution":
            return weights_and_biases(second)
        case "parameters of the dense layer":
            return weights_and_biases(dense)
        case "rows of a map behind the first convolution":
            return rows
        case "numbers behind the pooling, in all maps":
            return maps * np.prod(pooled)
        case "connections of the second convolution":
            return count_connections((maps, *pooled), [second])
        case _ if question.startswith("parameters of the first convolution"):
            return weights_and_biases(convolution)
# %% find_layer
from itertools import count, product, takewhile

def find_layer(image_shape, output_shape, most_parameters):
    fits = lambda k: weights_and_biases(("convolution", (output_shape[0], image_shape[0], k, k), 0, 0, True)) <= most_parameters
    *_, kernel = takewhile(fits, count(1))
    return next(
        [kernel, stride, padding]
        for stride, padding in product(range(1, sum(image_shape)), range(kernel))
        if tuple((n + 2 * padding - kernel) // stride + 1 for n in image_shape[1:]) == tuple(output_shape[1:])
    )
