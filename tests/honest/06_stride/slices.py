# Steps in slices and np.ix_; a namedtuple comes back; cumulative products.
# points: output_size 2, correlate2d_strided 3, conv_transpose2d 2, receptive_field 2
# %% output_size
def output_size(size, kernel, padding, stride, dilation):
    return len(range(0, size + 2 * padding - dilation * (kernel - 1), stride))
# %% correlate2d_strided
def correlate2d_strided(image, kernel, stride, dilation):
    (sy, sx), (dy, dx) = stride, dilation
    windows = np.lib.stride_tricks.sliding_window_view(image, [d * (k - 1) + 1 for d, k in zip(dilation, kernel.shape)])
    return np.tensordot(windows[::sy, ::sx, ::dy, ::dx], kernel, axes=((2, 3), (0, 1)))
# %% conv_transpose2d
def conv_transpose2d(image, kernel, stride):
    spread = [(n - 1) * s + 1 for n, s in zip(image.shape, stride)]
    out = np.zeros([a + k - 1 for a, k in zip(spread, kernel.shape)])
    for place, tap in np.ndenumerate(kernel):
        out[np.ix_(*(range(p, p + a, s) for p, a, s in zip(place, spread, stride)))] += tap * image
    return out
# %% receptive_field
from collections import namedtuple
Field = namedtuple("Field", "size jump start")

def receptive_field(layers):
    kernels, strides, paddings, dilations = (np.array(column) for column in zip(*layers))
    jumps = np.cumprod(np.append(1, strides))
    return Field(int(1 + ((kernels - 1) * dilations) @ jumps[:-1]), int(jumps[-1]), int(-paddings @ jumps[:-1]))
