# A figure in an answer cell, a figure drawn while the check runs, an f-string debug print, a progress bar.
# points: relu 1, pool2d 3, global_pool 1, average_pool_as_correlation 1, maxout 1
# stock: average_pool_as_correlation 0: the progress bar is written to stderr
# others: vectors
# %% new above relu
import sys
import matplotlib.pyplot as plt

def progress(done, total):
    print(f"\r{done}/{total}", end="", file=sys.stderr)
# %% relu
def relu(maps):
    result = np.fmax(maps, 0)
    print(f"{maps.shape=} {result.max()=}")
    return result

plt.figure()
plt.plot(np.linspace(-2, 2), relu(np.linspace(-2, 2)))
plt.show()
# %% average_pool_as_correlation
def average_pool_as_correlation(image, size):
    kernel = np.full(size, 1 / np.prod(size))
    out = np.zeros((image.shape[0] - size[0] + 1, image.shape[1] - size[1] + 1))
    for i in range(out.shape[0]):
        progress(i + 1, out.shape[0])
        out[i] = [np.mean(image[i:i + size[0], j:j + size[1]]) for j in range(out.shape[1])]
    return kernel, out
# %% maxout
def maxout(maps, groups):
    plt.imshow(maps[0])
    plt.show()
    return np.max(np.split(maps, groups), axis=1)
