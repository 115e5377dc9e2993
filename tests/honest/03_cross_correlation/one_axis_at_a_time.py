# Adds shifted pictures up in single precision; a non-contiguous result; the test returns False instead of raising.
# points: correlate1d 2, correlate2d 4, edge_kernel 1, match_template 2, test_correlate2d 2
# %% correlate1d
def correlate1d(signal, kernel):
    n = len(signal) - len(kernel) + 1
    out = np.zeros((n, 2), np.float32)
    for k, weight in enumerate(kernel):
        out[:, 1] += np.float32(weight) * signal[k:k + n]
    return out[:, 1]
# %% correlate2d
def correlate2d(image, kernel):
    n, m = np.subtract(image.shape, kernel.shape) + 1
    out = np.zeros((m, n), np.float32, order="F")
    for (u, v), weight in np.ndenumerate(kernel):
        out += (weight * image[u:u + n, v:v + m]).T.astype(np.float32)
    return out.T
# %% edge_kernel
def edge_kernel():
    return np.array([[3, 0, -3], [10, 0, -10], [3, 0, -3]], dtype=np.int8)
# %% match_template
def match_template(image, template):
    image = np.asarray(image, float)
    ones = np.ones(template.shape)
    t = template - template.mean()
    total, squares = box(image, ones), box(image**2, ones)
    spread = squares - total**2 / ones.size
    scores = box(image, t) / np.sqrt(np.where(spread > 1e-7, spread, np.inf))
    return np.argwhere(scores == scores.max())[0]

def box(image, weights):
    n, m = np.subtract(image.shape, weights.shape) + 1
    return sum(weights[u, v] * image[u:u + n, v:v + m] for u, v in np.ndindex(weights.shape))
# %% test_correlate2d
def test_correlate2d(correlate2d):
    try:
        for seed in range(5):
            np.random.seed(seed)
            image = np.random.randn(4 + seed, 7)
            kernel = np.random.randn(2, 1 + seed)
            if not np.allclose(correlate2d(image, kernel), box(image, kernel)):
                return False
        whole = np.arange(12).reshape(3, 4)
        return bool(np.allclose(correlate2d(whole, kernel[:, :2]), box(whole, kernel[:, :2])))
    except (ValueError, IndexError):
        return False
