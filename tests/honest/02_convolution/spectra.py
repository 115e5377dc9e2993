# Everything by the FFT, with a helper in a cell of its own and a figure of the spectrum.
# points: convolve_at 1, convolve1d 3, convolve2d 2, flip_difference 1, counterexample 1
# %% new above convolve_at
%matplotlib inline
import matplotlib.pyplot as plt
from numpy.fft import fft, ifft, fft2, ifft2

def full_convolution(a, b):
    n = len(a) + len(b) - 1
    return ifft(fft(a, n) * fft(b, n)).real
# %% convolve_at
def convolve_at(signal, kernel, t):
    everything = full_convolution(signal, kernel)
    return everything[t] if 0 <= t < everything.size else 0.0
# %% convolve1d
def convolve1d(signal, kernel, mode):
    everything = full_convolution(signal, kernel)
    n, k = signal.size, kernel.size
    cut = {"full": slice(None), "same": slice((k - 1) // 2, (k - 1) // 2 + n), "valid": slice(k - 1, n)}
    return everything[cut[mode]]
# %% new below convolve1d
plt.plot(np.abs(fft(scan_line())))
plt.title("spectrum of the line")
plt.show()
# %% convolve2d
def convolve2d(image, kernel):
    # circular convolution is right wherever the kernel does not reach around the edge
    circular = ifft2(fft2(image) * fft2(kernel, image.shape)).real
    return circular[kernel.shape[0] - 1:, kernel.shape[1] - 1:]
# %% flip_difference
def flip_difference(kernel):
    # the spectrum of a point-symmetric kernel is real, once its centre is at the origin
    centred = kernel - np.rot90(kernel, 2)
    return bool(np.abs(fft2(centred)).max() > 1e-9)
# %% counterexample
def counterexample(signal):
    return np.r_[np.zeros(len(signal)), 1.0]
