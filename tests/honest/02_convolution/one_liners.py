# Functional one-liners: lambda, zip, reduce, itertools.
# points: convolve_at 1, convolve1d 3, convolve2d 2, flip_difference 1, counterexample 1
# %% convolve_at
from functools import reduce
from itertools import product, starmap
import operator

convolve_at = lambda signal, kernel, t: sum(
    starmap(operator.mul, ((signal[i], kernel[t - i]) for i in range(len(signal)) if 0 <= t - i < len(kernel)))
)
# %% convolve1d
ends = {"full": lambda n, k: (0, n + k - 1), "same": lambda n, k: ((k - 1) // 2, (k - 1) // 2 + n), "valid": lambda n, k: (k - 1, n)}
convolve1d = lambda s, k, mode: list(map(lambda t: convolve_at(s, k, t), range(*ends[mode](len(s), len(k)))))
# %% convolve2d
convolve2d = lambda image, kernel: np.array([
    [reduce(operator.add, (image[i + kernel.shape[0] - 1 - m][j + kernel.shape[1] - 1 - n] * kernel[m][n]
                           for m, n in product(*map(range, kernel.shape))))
     for j in range(image.shape[1] - kernel.shape[1] + 1)]
    for i in range(image.shape[0] - kernel.shape[0] + 1)
])
# %% flip_difference
flip_difference = lambda kernel: (flat := kernel.ravel().tolist()) != flat[::-1]
# %% counterexample
counterexample = lambda signal: next(
    k for k in ([2], [1, 3], [3, 1], [1, 1, 5])
    if not np.array_equal(np.correlate(signal, k, "full"), np.correlate(k, signal, "full"))
)
