# One answer does not parse; the cells around it are right and keep their points.
# points: output_size 2, correlate2d_strided 0, conv_transpose2d 2, receptive_field 2
# others: as_strided
# %% correlate2d_strided
def correlate2d_strided(image, kernel, stride, dilation):
    rows = (image.shape[0] - kernel.shape[0] // stride[0] + 1
    return rows
# %% conv_transpose2d
def conv_transpose2d(image, kernel, stride):
    size = [(n - 1) * s + k for n, s, k in zip(image.shape, stride, kernel.shape)]
    out = [[0] * size[1] for _ in range(size[0])]
    for i, row in enumerate(image.tolist()):
        for j, pixel in enumerate(row):
            for u, taps in enumerate(kernel.tolist()):
                for v, tap in enumerate(taps):
                    out[i * stride[0] + u][j * stride[1] + v] += pixel * tap
    return out
