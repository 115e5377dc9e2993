# The odd zero goes behind, as in TensorFlow; several layers are taken for one.
# points: pad2d 1, same_padding 0, correlate2d_padded 1, never_centred 0
# others: slices
# %% same_padding
def same_padding(kernel_size, dilation):
    total = (kernel_size - 1) * dilation
    return total // 2, total - total // 2
# %% never_centred
def never_centred(height, width, kernel_size, layers):
    # one layer, I do not see what several change
    marks = np.ones((height, width))
    r, c = kernel_size[0] // 2, kernel_size[1] // 2
    marks[r:height - r, c:width - c] = 0
    return marks
