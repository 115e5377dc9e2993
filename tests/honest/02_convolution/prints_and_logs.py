# Right answers that print, log and warn while they work.
# points: convolve_at 1, convolve1d 3, convolve2d 2, flip_difference 1, counterexample 1
# stock: convolve1d 0: it reads a line on stderr, where logging writes, as a failed cell
# stock: convolve2d 0: a warning of the student's own goes to stderr too
# others: loops
# %% new above convolve_at
import logging, warnings
logging.basicConfig(level=logging.INFO)
log = logging.getLogger("homework")
# %% convolve_at
def convolve_at(signal, kernel, t):
    print("t =", t)
    pairs = [(i, t - i) for i in range(len(signal)) if 0 <= t - i < len(kernel)]
    return sum(signal[i] * kernel[a] for i, a in pairs)
# %% convolve1d
def convolve1d(signal, kernel, mode):
    log.info("mode %s", mode)
    N, K = len(signal), len(kernel)
    start, size = {"full": (0, N + K - 1), "same": ((K - 1) // 2, N), "valid": (K - 1, N - K + 1)}[mode]
    return np.fromiter((np.dot(signal[max(0, t - K + 1):t + 1], kernel[t - N + 1 if t >= N else 0:t + 1][::-1]) for t in range(start, start + size)), float)
# %% convolve2d
def convolve2d(image, kernel):
    if kernel.shape[0] != kernel.shape[1]:
        warnings.warn("the kernel is not square")
    h, w = kernel.shape
    out = 0.0
    for m, n in np.ndindex(h, w):
        out = out + kernel[m, n] * image[h - 1 - m:image.shape[0] - m, w - 1 - n:image.shape[1] - n]
    return out
# %% text of repair-the-claim-words
The claim holds for convolution, because the flip makes both sums the same. It does not hold for cross-correlation.
