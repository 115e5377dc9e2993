# A bias for every channel of every kernel; parameters taken for connections; the kernel one step too small.
# points: count_parameters 0, count_connections 0, my_numbers 1, find_layer 0
# others: loops
# %% count_parameters
def count_parameters(layers):
    total = 0
    for layer in layers:
        if layer[0] == "convolution":
            kernels, channels, height, width = layer[1]
            total += kernels * channels * (height * width + (1 if layer[4] else 0))
        elif layer[0] == "dense":
            total += layer[1][0] * (layer[1][1] + (1 if layer[2] else 0))
    return total
# %% count_connections
def count_connections(image_shape, layers):
    weights = [layer[:-1] + (False,) if layer[0] in ("convolution", "dense") else layer for layer in layers]
    return count_parameters(weights)
# %% my_numbers
def my_numbers(question):
    (c, h, w), layers = my_network(STUDENT)
    first, _, pooling, second, _, dense = layers
    rows, columns = ((n + 2 * first[3] - k) // first[2] + 1 for n, k in zip((h, w), first[1][2:]))
    pooled = [(n - k) // pooling[2] + 1 for n, k in zip((rows, columns), pooling[1])]
    behind = [n - k + 1 for n, k in zip(pooled, second[1][2:])]
    return {
        "parameters of the first convolution": count_parameters([first]),
        "parameters of the second convolution": count_parameters([second]),
        "parameters of the dense layer": count_parameters([dense]),
        "parameters of the whole network": count_parameters(layers),
        "parameters of the first convolution, image twice as high and wide": count_parameters([first]),
        "rows of a map behind the first convolution": rows,
        "numbers behind the pooling, in all maps": first[1][0] * pooled[0] * pooled[1],
        "connections of the second convolution": int(np.prod(second[1])) * behind[0] * behind[1],
    }[question]
# %% find_layer
def find_layer(image_shape, output_shape, most_parameters):
    C, H, W = image_shape
    F, rows, columns = output_shape
    for k in range(1, 100):
        if F * C * (k * k + 1) > most_parameters:
            k -= 1
            break
    for s in range(1, H + W):
        for p in range(max(k, 1)):
            if (H + 2 * p - k) // s + 1 == rows and (W + 2 * p - k) // s + 1 == columns:
                return k, s, p
    return k, 1, 0
