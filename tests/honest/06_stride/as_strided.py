# Memory with other steps, a transposed matrix for the transposed convolution, fields followed backwards.
# points: output_size 2, correlate2d_strided 3, conv_transpose2d 2, receptive_field 2
# %% output_size
import math

def output_size(size, kernel, padding, stride, dilation):
    return max(0, math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1))
# %% correlate2d_strided
from numpy.lib.stride_tricks import as_strided

def correlate2d_strided(image, kernel, stride, dilation):
    shape = [output_size(n, k, 0, s, d) for n, k, s, d in zip(image.shape, kernel.shape, stride, dilation)]
    steps = [s * b for s, b in zip(stride, image.strides)] + [d * b for d, b in zip(dilation, image.strides)]
    return np.einsum("ijuv,uv->ij", as_strided(image, (*shape, *kernel.shape), steps), kernel)
# %% conv_transpose2d
def conv_transpose2d(image, kernel, stride):
    large = [(n - 1) * s + k for n, s, k in zip(image.shape, stride, kernel.shape)]
    columns = []
    for one in np.eye(large[0] * large[1]):
        columns.append(correlate2d_strided(one.reshape(large), kernel, stride, (1, 1)).ravel())
    matrix = np.array(columns)  # a row for each pixel of the large image
    return (matrix @ image.ravel()).reshape(large)
# %% receptive_field
def receptive_field(layers):
    def seen(index):
        first = last = index
        for kernel, stride, padding, dilation in layers[::-1]:
            first, last = first * stride - padding, last * stride - padding + (kernel - 1) * dilation
        return first, last
    first, last = seen(0)
    return [last - first + 1, seen(1)[0] - first, first]
