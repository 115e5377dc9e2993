# Right for convolutions, dense layers without biases; taps on padding counted as connections.
# points: count_parameters 1, count_connections 0, my_numbers 1, find_layer 1
# others: match_statements
# %% count_parameters
def count_parameters(layers):
    total = 0
    for name, shape, *rest in (layer for layer in layers if len(layer) > 1):
        if name == "convolution":
            total += int(np.prod(shape)) + shape[0] * rest[-1]
        if name == "dense":
            total += shape[0] * shape[1]
    return total

def weights_and_biases(layer):
    return count_parameters([layer])
# %% count_connections
def count_connections(image_shape, layers):
    C, H, W = image_shape
    total = 0
    for layer in layers:
        if layer[0] == "dense":
            total += layer[1][0] * layer[1][1]
        elif layer[0] != "relu":
            h, w = layer[1][-2:]
            s, p = layer[2], layer[3] if layer[0] == "convolution" else 0
            H, W = (H + 2 * p - h) // s + 1, (W + 2 * p - w) // s + 1
            total += H * W * h * w * C * (layer[1][0] if layer[0] == "convolution" else 1)
            C = layer[1][0] if layer[0] == "convolution" else C
    return total

def covered(size, taps, stride, padding):
    return 0, [(n + 2 * padding - k) // stride + 1 for n, k in zip(size, taps)]
# %% find_layer
def find_layer(image_shape, output_shape, most_parameters):
    C, H, W = image_shape
    F, rows, columns = output_shape
    k = max(k for k in range(1, 200) if F * C * k * k + F <= most_parameters)
    return next((k, s, p) for s in range(1, H + W) for p in range(k)
                if (H + 2 * p - k) // s == rows - 1 and (W + 2 * p - k) // s == columns - 1)
