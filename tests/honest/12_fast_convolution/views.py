# Views with strides, a product of three axes, the SVD.
# points: im2col2d 2, correlate_by_product 3, separate 2
# %% im2col2d
from numpy.lib.stride_tricks import sliding_window_view


def im2col2d(image, height, width):
    return sliding_window_view(image, (height, width)).reshape(-1, height * width).T
# %% correlate_by_product
def correlate_by_product(image, kernels):
    patches = sliding_window_view(image, kernels.shape[1:])[0]
    places = patches.shape[:2]
    return np.moveaxis((patches.reshape(*places, -1) @ kernels.reshape(len(kernels), -1).T), -1, 0)
# %% separate
def separate(kernel):
    U, S, Vh = np.linalg.svd(kernel, full_matrices=False)
    return U[:, 0] * S[0], Vh[0]
