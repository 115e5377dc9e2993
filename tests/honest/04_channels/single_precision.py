# float32 all the way, notes in Markdown, `%timeit` and `%matplotlib`.
# points: one_number 1, correlate_channels 3, conv1x1 1, depthwise 2, to_channels_first 1
# %% new above one_number
%matplotlib inline
f32 = lambda *arrays: [np.asarray(a, dtype=np.float32) for a in arrays]
# %% one_number
def one_number(image, kernel, bias, row, column):
    image, kernel, bias = f32(image, kernel, bias)
    return (image[:, row:row + kernel.shape[1], column:column + kernel.shape[2]] * kernel).sum() + bias
# %% new below one_number
%timeit -n 1 -r 1 one_number(np.ones((3, 9, 9)), np.ones((3, 2, 2)), 0, 1, 1)
# %% correlate_channels
def correlate_channels(image, kernel, bias):
    image, kernel, bias = f32(image, kernel, bias)
    H, W = (n - k + 1 for n, k in zip(image.shape[1:], kernel.shape[2:]))
    out = np.zeros((len(kernel), H, W), np.float32)
    out += bias[:, None, None]
    for u in range(kernel.shape[2]):
        for v in range(kernel.shape[3]):
            out += np.tensordot(kernel[:, :, u, v], image[:, u:u + H, v:v + W], 1)
    return out
# %% note below correlate_channels
**My idea**: one tap at a time is a 1x1 convolution of a shifted picture. <b>See</b> [the notes](https://example.org).
# %% conv1x1
def conv1x1(image, weight, bias):
    image, weight, bias = f32(image, weight, bias)
    return np.array([(image * w.reshape(-1, 1, 1)).sum(0) + b for w, b in zip(weight, bias)])
# %% depthwise
def depthwise(image, kernels):
    return np.array([correlate_channels(image[c][None], kernels[c][None, None], np.zeros(1))[0] for c in range(len(image))])
# %% to_channels_first
def to_channels_first(batch):
    batch, = f32(batch)
    return np.rollaxis(batch, 3, 1)
# %% text of depth-words
The kernel is as deep as the image, so it slides along two axes only, and one kernel gives one map.
