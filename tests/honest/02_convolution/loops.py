# Plain loops, close to the formulas.
# points: convolve_at 1, convolve1d 3, convolve2d 2, flip_difference 1, counterexample 1
# %% convolve_at
def convolve_at(signal, kernel, t):
    result = 0
    for a in range(len(kernel)):
        index = t - a
        if index >= 0 and index < len(signal):
            result = result + signal[index] * kernel[a]
    return result
# %% convolve1d
def convolve1d(signal, kernel, mode):
    N = len(signal)
    K = len(kernel)
    everything = []
    for t in range(N + K - 1):
        everything.append(convolve_at(signal, kernel, t))
    if mode == "full":
        return everything
    elif mode == "same":
        first = (K - 1) // 2
        return everything[first:first + N]
    else:
        return everything[K - 1:N]
# %% convolve2d
def convolve2d(image, kernel):
    H, W = image.shape
    h, w = kernel.shape
    out = np.zeros((H - h + 1, W - w + 1))
    for i in range(H - h + 1):
        for j in range(W - w + 1):
            s = 0
            for u in range(h):
                for v in range(w):
                    s += image[i + u, j + v] * kernel[h - 1 - u, w - 1 - v]
            out[i, j] = s
    return out
# %% flip_difference
def flip_difference(kernel):
    h, w = kernel.shape
    for u in range(h):
        for v in range(w):
            if kernel[u, v] != kernel[h - 1 - u, w - 1 - v]:
                return True
    return False
# %% counterexample
def counterexample(signal):
    # a palindrome that is longer in front: if one does not work the other does
    for kernel in ([1, 0], [0, 1]):
        if list(np.correlate(signal, kernel, "full")) != list(np.correlate(kernel, signal, "full")):
            return kernel
