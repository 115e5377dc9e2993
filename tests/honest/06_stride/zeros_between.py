# Spreads arrays out with zeros and reuses a plain correlation; single precision; a doctest.
# points: output_size 2, correlate2d_strided 3, conv_transpose2d 2, receptive_field 2
# %% output_size
def output_size(size, kernel, padding, stride, dilation):
    """Count the places.

    >>> output_size(7, 3, 0, 2, 1)
    3
    >>> output_size(3, 5, 0, 1, 1)
    0
    """
    count = place = 0
    while place + dilation * (kernel - 1) < size + 2 * padding:
        place += stride
        count += 1
    return float(count)
# %% new below output_size
import doctest
doctest.run_docstring_examples(output_size, globals())
# %% correlate2d_strided
def spread(array, steps):
    out = np.zeros([(n - 1) * s + 1 for n, s in zip(array.shape, steps)], np.float32)
    out[::steps[0], ::steps[1]] = array
    return out

def plain(image, kernel):
    h, w = np.subtract(image.shape, kernel.shape) + 1
    return sum(t * image[u:u + h, v:v + w].astype(np.float32) for (u, v), t in np.ndenumerate(kernel))

def correlate2d_strided(image, kernel, stride, dilation):
    return plain(image, spread(kernel, dilation))[::stride[0], ::stride[1]]
# %% conv_transpose2d
def conv_transpose2d(image, kernel, stride):
    far = spread(image, stride)
    h, w = kernel.shape
    framed = np.zeros((far.shape[0] + 2 * h - 2, far.shape[1] + 2 * w - 2), np.float32)
    framed[h - 1:h - 1 + far.shape[0], w - 1:w - 1 + far.shape[1]] = far
    return plain(framed, kernel[::-1, ::-1])
# %% receptive_field
def receptive_field(layers):
    def pixels(index):
        seen = {index}
        for k, s, p, d in reversed(layers):
            seen = {i * s - p + t * d for i in seen for t in range(k)}
        return seen
    here = pixels(0)
    return np.array([max(here) - min(here) + 1, min(pixels(1)) - min(here), min(here)])
