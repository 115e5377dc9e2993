# Layer by layer with if and elif.
# points: count_parameters 2, count_connections 1, my_numbers 2, find_layer 1
# %% count_parameters
def count_parameters(layers):
    total = 0
    for layer in layers:
        if layer[0] == "convolution":
            kernels, channels, height, width = layer[1]
            total += kernels * channels * height * width
            if layer[4]:
                total += kernels
        elif layer[0] == "dense":
            outputs, inputs = layer[1]
            total += outputs * inputs
            if layer[2]:
                total += outputs
    return total
# %% count_connections
def count_connections(image_shape, layers):
    channels, height, width = image_shape
    total = 0
    for layer in layers:
        if layer[0] == "dense":
            total += layer[1][0] * layer[1][1]
            continue
        if layer[0] == "relu":
            continue
        if layer[0] == "convolution":
            kernels, reads, h, w = layer[1]
            stride, padding = layer[2], layer[3]
        else:
            (h, w), stride, padding = layer[1], layer[2], 0
            kernels, reads = channels, 1
        rows = (height + 2 * padding - h) // stride + 1
        columns = (width + 2 * padding - w) // stride + 1
        for i in range(rows):
            for j in range(columns):
                top, left = i * stride - padding, j * stride - padding
                inside_h = min(top + h, height) - max(top, 0)
                inside_w = min(left + w, width) - max(left, 0)
                total += kernels * reads * max(inside_h, 0) * max(inside_w, 0)
        channels, height, width = kernels, rows, columns
    return total
# %% my_numbers
def my_numbers(question):
    image_shape, layers = my_network(STUDENT)
    first, _, pooling, second, _, dense = layers
    c, h, w = image_shape
    rows = (h + 2 * first[3] - first[1][2]) // first[2] + 1
    columns = (w + 2 * first[3] - first[1][3]) // first[2] + 1
    small_rows = (rows - pooling[1][0]) // pooling[2] + 1
    small_columns = (columns - pooling[1][1]) // pooling[2] + 1
    if question == "parameters of the first convolution":
        return count_parameters([first])
    if question == "parameters of the second convolution":
        return count_parameters([second])
    if question == "parameters of the dense layer":
        return count_parameters([dense])
    if question == "parameters of the whole network":
        return count_parameters(layers)
    if question == "parameters of the first convolution, image twice as high and wide":
        return count_parameters([first])
    if question == "rows of a map behind the first convolution":
        return rows
    if question == "numbers behind the pooling, in all maps":
        return first[1][0] * small_rows * small_columns
    if question == "connections of the second convolution":
        return count_connections((first[1][0], small_rows, small_columns), [second])
# %% find_layer
def find_layer(image_shape, output_shape, most_parameters):
    C, H, W = image_shape
    F, rows, columns = output_shape
    k = 0
    while F * (C * (k + 1) * (k + 1) + 1) <= most_parameters:
        k += 1
    for s in range(1, max(H, W) + 1):
        for p in range(k):
            if (H + 2 * p - k) // s + 1 == rows and (W + 2 * p - k) // s + 1 == columns:
                return k, s, p
