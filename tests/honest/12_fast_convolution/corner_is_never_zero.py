# Divides by the corner of the kernel, and forgets that it may be 0.
# points: im2col2d 2, correlate_by_product 3, separate 1
# others: views
# %% separate
def separate(kernel):
    with np.errstate(all="ignore"):
        return kernel[:, 0], kernel[0, :] / kernel[0, 0]
