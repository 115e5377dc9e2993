# Turns warnings into errors, raises floating point errors, and takes a moment for each answer.
# points: pad2d 1, same_padding 2, correlate2d_padded 2, never_centred 1
# others: lists_and_strings
# %% new above pad2d
import random, time, warnings
warnings.simplefilter("error")
np.seterr(all="raise")
random.seed(0)
# %% pad2d
def pad2d(image, top, bottom, left, right, value):
    time.sleep(0.01)
    rows = [np.concatenate((np.repeat(value, left), row, np.repeat(value, right))) for row in image]
    line = [np.repeat(value, len(rows[0]))]
    return np.vstack(line * top + rows + line * bottom)
# %% correlate2d_padded
def correlate2d_padded(image, kernel, mode):
    # asks for every pixel where it goes, instead of asking for every output where it comes from
    before = [{"full": k - 1, "same": k // 2, "valid": 0}[mode] for k in kernel.shape]
    behind = [{"full": k - 1, "same": (k - 1) // 2, "valid": 0}[mode] for k in kernel.shape]
    size = [n + b + e - k + 1 for n, b, e, k in zip(image.shape, before, behind, kernel.shape)]
    out = np.zeros(size)
    everywhere = list(np.ndindex(*image.shape))
    random.shuffle(everywhere)
    for y, x in everywhere:
        for v, u in np.ndindex(*kernel.shape):
            i, j = y + before[0] - v, x + before[1] - u
            if 0 <= i < size[0] and 0 <= j < size[1]:
                out[i, j] += image[y, x] * kernel[v, u]
    return out
