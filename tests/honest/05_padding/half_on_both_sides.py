# Believes that half a kernel on both sides is "same", even for even kernels and gaps.
# points: pad2d 1, same_padding 0, correlate2d_padded 1, never_centred 1
# others: loops
# %% same_padding
def same_padding(kernel_size, dilation):
    return kernel_size // 2, kernel_size // 2
