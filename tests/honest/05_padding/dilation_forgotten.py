# Right without dilation; the border takes the image's dtype, and the frame is True and False.
# points: pad2d 0, same_padding 1, correlate2d_padded 2, never_centred 0
# others: blocks_and_spectra
# %% pad2d
def pad2d(image, top, bottom, left, right, value):
    out = np.full((image.shape[0] + top + bottom, image.shape[1] + left + right), value, dtype=image.dtype)
    out[top:top + image.shape[0], left:left + image.shape[1]] = image
    return out
# %% same_padding
def same_padding(kernel_size, dilation):
    return kernel_size // 2, (kernel_size - 1) // 2
# %% never_centred
def never_centred(height, width, kernel_size, layers):
    r, c = (layers * (k // 2) for k in kernel_size)
    inside = np.zeros((height, width), bool)
    inside[r:max(r, height - r), c:max(c, width - c)] = True
    return ~inside
