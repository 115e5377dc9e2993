# Classes with __call__, a dataclass, type hints, a decorator that counts calls.
# points: convolve_at 1, convolve1d 3, convolve2d 2, flip_difference 1, counterexample 1
# %% new above convolve_at
from __future__ import annotations
from dataclasses import dataclass, field
from functools import wraps
from typing import Callable, Literal

def counted(function: Callable) -> Callable:
    @wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return function(*args, **kwargs)
    wrapper.calls = 0
    return wrapper
# %% convolve_at
@dataclass
class ZeroPadded:
    values: np.ndarray
    reads: int = field(default=0, compare=False)

    def __getitem__(self, index: int) -> float:
        self.reads += 1
        return float(self.values[index]) if 0 <= index < len(self.values) else 0.0

@counted
def convolve_at(signal: np.ndarray, kernel: np.ndarray, t: int) -> float:
    padded = ZeroPadded(signal)
    return sum(padded[t - a] * float(tap) for a, tap in enumerate(kernel))
# %% convolve1d
class Convolution:
    """Stamps the kernel once for every sample."""

    def __call__(self, signal: np.ndarray, kernel: np.ndarray, mode: Literal["full", "same", "valid"]) -> np.ndarray:
        match mode:
            case "full":
                return self.stamp(signal, kernel)
            case "same":
                return self.stamp(signal, kernel)[(len(kernel) - 1) // 2:][:len(signal)]
            case "valid":
                return self.stamp(signal, kernel)[len(kernel) - 1:len(signal)]

    @staticmethod
    def stamp(signal, kernel):
        out = np.zeros(len(signal) + len(kernel) - 1)
        for place, sample in enumerate(signal):
            out[place:place + len(kernel)] += sample * kernel
        return out

convolve1d = Convolution()
# %% convolve2d
class Convolution2d(Convolution):
    def __call__(self, image, kernel):
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.tensordot(windows, np.flip(kernel), axes=2)

convolve2d = Convolution2d()
# %% flip_difference
@counted
def flip_difference(kernel: np.ndarray) -> np.bool_:
    return np.any(kernel != np.flip(kernel))
# %% counterexample
@counted
def counterexample(signal: np.ndarray) -> tuple[float, ...]:
    generator = np.random.default_rng()
    while True:
        kernel = generator.integers(1, 100, size=3)
        if not np.array_equal(np.correlate(signal, kernel, "full"), np.correlate(kernel, signal, "full")):
            return tuple(kernel.tolist())
# %% new at the end
print("calls:", convolve_at.calls, flip_difference.calls)
