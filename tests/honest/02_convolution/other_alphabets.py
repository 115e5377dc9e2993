# Comments and names in other alphabets, recursion, a memo, `%%time`.
# points: convolve_at 1, convolve1d 3, convolve2d 2, flip_difference 1, counterexample 1
# %% convolve_at
%%time
# свёртка: сумма произведений, вне сигнала нули
def convolve_at(signal, kernel, t, α=0):
    """畳み込みの一つの値 (再帰)."""
    if α == len(kernel):
        return 0
    x = signal[t - α] if 0 <= t - α < len(signal) else 0
    return x * kernel[α] + convolve_at(signal, kernel, t, α + 1)
# %% convolve1d
def convolve1d(signal, kernel, mode):
    größe, länge = len(signal), len(kernel)
    вся = [convolve_at(signal, kernel, τ) for τ in range(größe + länge - 1)]
    début = dict(full=0, same=(länge - 1) // 2, valid=länge - 1)[mode]
    nombre = dict(full=len(вся), same=größe, valid=größe - länge + 1)[mode]
    return np.array(вся[début : début + nombre])
# %% convolve2d
def convolve2d(image, kernel):
    # 각 행을 1차원으로 계산한 다음 더한다
    h = len(kernel)
    rows = []
    for i in range(len(image) - h + 1):
        Σ = 0
        for m in range(h):
            Σ = Σ + np.array(convolve1d(image[i + h - 1 - m], kernel[m], "valid"))
        rows.append(Σ)
    return rows
# %% flip_difference
def flip_difference(kernel):
    def ίδιο(a, b):
        return not a or (a[0] == b[-1] and ίδιο(a[1:], b[:-1]))
    flat = [*kernel.flat]
    return not ίδιο(flat, flat)
# %% counterexample
def counterexample(signal):
    return [0] * len(signal) + [7]  # ستة أصفار ثم رقم
