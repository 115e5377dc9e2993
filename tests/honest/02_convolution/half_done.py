# Ran out of time after the second task; an unfinished third one still raises.
# points: convolve_at 1, convolve1d 3, convolve2d 0, flip_difference 0, counterexample 0
# %% convolve_at
def convolve_at(signal, kernel, t):
    K = len(kernel)
    padded = np.concatenate([np.zeros(K - 1), signal, np.zeros(K - 1)])
    if not 0 <= t <= len(signal) + K - 2:
        return 0
    return np.dot(padded[t:t + K], kernel[::-1])
# %% convolve1d
def convolve1d(signal, kernel, mode):
    N, K = len(signal), len(kernel)
    matrix = np.zeros((N + K - 1, N))
    for column in range(N):
        matrix[column:column + K, column] = kernel
    full = matrix @ signal
    return {"full": full, "same": full[(K - 1) // 2:(K - 1) // 2 + N], "valid": full[K - 1:N]}[mode]
# %% convolve2d
def convolve2d(image, kernel):
    turned = kernel[::-1, ::-1]
    # TODO: the two loops
    raise NotImplementedError()
