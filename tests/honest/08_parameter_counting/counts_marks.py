# Counts connections by drawing them: an array of ones goes through a correlation, border by border.
# points: count_parameters 2, count_connections 1, my_numbers 2, find_layer 1
# others: loops
# %% count_parameters
def count_parameters(layers):
    # one array for each, as a library would make them, and then all their sizes
    arrays = []
    for name, *rest in layers:
        if name in ("convolution", "dense"):
            arrays.append(np.zeros(rest[0]))
            if rest[-1]:
                arrays.append(np.zeros(rest[0][0]))
    return float(sum(array.size for array in arrays))
# %% count_connections
def count_connections(image_shape, layers):
    shape, total = image_shape, 0
    for name, *rest in layers:
        if name == "dense":
            total += rest[0][0] * rest[0][1]
        if name in ("convolution", "pooling"):
            taps = rest[0][-2:]
            stride, padding = rest[1], rest[2] if name == "convolution" else 0
            paper = np.zeros((shape[1] + 2 * padding, shape[2] + 2 * padding))
            paper[padding:padding + shape[1], padding:padding + shape[2]] = 1
            marks = np.lib.stride_tricks.sliding_window_view(paper, taps)[::stride, ::stride]
            joined = rest[0][0] * shape[0] if name == "convolution" else shape[0]
            total += joined * int(marks.sum())
            shape = (rest[0][0] if name == "convolution" else shape[0], *marks.shape[:2])
    return total
# %% find_layer
def find_layer(image_shape, output_shape, most_parameters, kernel=1):
    C, H, W = image_shape
    F, rows, columns = output_shape
    if F * (C * (kernel + 1) ** 2 + 1) <= most_parameters:
        return find_layer(image_shape, output_shape, most_parameters, kernel + 1)
    options = {(s, p) for s in range(1, H + W) for p in range(kernel)
               if divmod(H + 2 * p - kernel, s)[0] == rows - 1 and divmod(W + 2 * p - kernel, s)[0] == columns - 1}
    stride, padding = min(options)
    return kernel, stride, padding
