# Threads, lru_cache, a context manager, a generator; everything still in order.
# points: one_number 1, correlate_channels 3, conv1x1 1, depthwise 2, to_channels_first 1
# %% new above one_number
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
import time

@contextmanager
def stopwatch(name):
    begin = time.perf_counter()
    yield
    print(f"{name}: {time.perf_counter() - begin:.6f} s")

@lru_cache(maxsize=None)
def offsets(h, w):
    return tuple((u, v) for u in range(h) for v in range(w))
# %% one_number
def one_number(image, kernel, bias, row, column):
    def products():
        for plane, taps in zip(image, kernel):
            for u, v in offsets(*taps.shape):
                yield plane[row + u, column + v] * taps[u, v]
    return bias + sum(products())
# %% correlate_channels
def correlate_channels(image, kernel, bias):
    places = [np.subtract(image.shape[1:], kernel.shape[2:]) + 1][0]
    def one_map(f):
        return np.array([[one_number(image, kernel[f], bias[f], i, j) for j in range(places[1])] for i in range(places[0])])
    with ThreadPoolExecutor(4) as pool, stopwatch("layer"):
        return list(pool.map(one_map, range(len(kernel))))
# %% conv1x1
def conv1x1(image, weight, bias):
    as_kernel = weight[:, :, np.newaxis, np.newaxis]
    return correlate_channels(image, as_kernel, bias)
# %% depthwise
def depthwise(image, kernels):
    layer = partial(correlate_channels, bias=np.zeros(1))
    return np.concatenate([layer(image[[c]], kernels[[c]][None]) for c in range(len(image))])
# %% to_channels_first
def to_channels_first(batch):
    return np.stack(np.split(batch, batch.shape[-1], axis=-1), axis=1)[..., 0]
