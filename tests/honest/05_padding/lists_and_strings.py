# Nested lists, a match statement, recursion over the layers.
# points: pad2d 1, same_padding 2, correlate2d_padded 2, never_centred 1
# %% pad2d
def pad2d(image, top, bottom, left, right, value):
    width = left + len(image[0]) + right
    border = lambda n: [[value for _ in range(width)] for _ in range(n)]
    return [*border(top), *([value] * left + row + [value] * right for row in image.tolist()), *border(bottom)]
# %% same_padding
def same_padding(kernel_size, dilation):
    zeros = ["zero"] * (dilation * (kernel_size - 1))
    return len(zeros[::2]), len(zeros[1::2])
# %% correlate2d_padded
def correlate2d_padded(image, kernel, mode):
    h, w = kernel.shape
    match mode:
        case "full":
            border = h - 1, h - 1, w - 1, w - 1
        case "same":
            border = *same_padding(h, 1), *same_padding(w, 1)
        case _:
            border = 0, 0, 0, 0
    p, k = pad2d(image, *border, 0), kernel.tolist()
    return [
        [sum(p[i + u][j + v] * k[u][v] for u in range(h) for v in range(w)) for j in range(len(p[0]) - w + 1)]
        for i in range(len(p) - h + 1)
    ]
# %% never_centred
def never_centred(height, width, kernel_size, layers):
    if layers == 0:
        return [[0] * width for _ in range(height)]
    r, c = kernel_size[0] // 2, kernel_size[1] // 2
    if height <= 2 * r or width <= 2 * c:
        return [[1] * width for _ in range(height)]
    inner = never_centred(height - 2 * r, width - 2 * c, kernel_size, layers - 1)
    return [[1] * width] * r + [[1] * c + row + [1] * c for row in inner] + [[1] * width] * r
