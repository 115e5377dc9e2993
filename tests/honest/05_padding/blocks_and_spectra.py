# np.block for the border, the FFT for all three modes at once, np.indices for the frame.
# points: pad2d 1, same_padding 2, correlate2d_padded 2, never_centred 1
# %% pad2d
def pad2d(image, top, bottom, left, right, value):
    piece = lambda h, w: np.full((h, w), value, np.result_type(image, type(value), float))
    H, W = image.shape
    return np.block([
        [piece(top, left), piece(top, W), piece(top, right)],
        [piece(H, left), image, piece(H, right)],
        [piece(bottom, left), piece(bottom, W), piece(bottom, right)],
    ])
# %% same_padding
def same_padding(kernel_size, dilation):
    span = dilation * (kernel_size - 1) + 1
    return np.array([span // 2, (span - 1) // 2])
# %% correlate2d_padded
def correlate2d_padded(image, kernel, mode):
    size = np.add(image.shape, kernel.shape) - 1
    everything = np.fft.irfft2(np.fft.rfft2(image, size) * np.fft.rfft2(kernel[::-1, ::-1], size), size)
    if mode == "full":
        return everything
    if mode == "same":
        first = (np.array(kernel.shape) - 1) // 2
        return everything[first[0]:first[0] + image.shape[0], first[1]:first[1] + image.shape[1]]
    return everything[kernel.shape[0] - 1:image.shape[0], kernel.shape[1] - 1:image.shape[1]]
# %% never_centred
def never_centred(height, width, kernel_size, layers):
    i, j = np.indices((height, width))
    edge = lambda index, size: np.minimum(index, size - 1 - index)
    return np.where((edge(i, height) >= layers * (kernel_size[0] // 2)) & (edge(j, width) >= layers * (kernel_size[1] // 2)), 0., 1.)
