# Type hints, a Protocol, own exceptions, asserts on the inputs, functools.reduce.
# points: output_size 2, correlate2d_strided 3, conv_transpose2d 2, receptive_field 2
# %% new above output_size
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from typing import NamedTuple, Protocol, TypeAlias

Pair: TypeAlias = tuple[int, int]

class Axis(IntEnum):
    ROWS = 0
    COLUMNS = 1

class Places(int):
    """How many places a window takes."""

class DoesNotFit(ValueError):
    """The kernel is longer than the image."""

class Operation(Protocol):
    def __call__(self, image: np.ndarray, kernel: np.ndarray) -> np.ndarray: ...
# %% output_size
def places(size: int, kernel: int, padding: int, stride: int, dilation: int) -> range:
    assert min(size, kernel, stride, dilation) >= 1 and padding >= 0
    last = size + padding - dilation * (kernel - 1) - 1
    if last < -padding:
        raise DoesNotFit(kernel)
    return range(-padding, last + 1, stride)

def output_size(size: int, kernel: int, padding: int, stride: int, dilation: int) -> Places:
    try:
        return Places(len(places(size, kernel, padding, stride, dilation)))
    except DoesNotFit:
        return Places(0)
# %% correlate2d_strided
@dataclass(frozen=True, slots=True)
class Strided:
    stride: Pair
    dilation: Pair

    def indices(self, image: np.ndarray, kernel: np.ndarray, axis: Axis) -> np.ndarray:
        starts = places(image.shape[axis], kernel.shape[axis], 0, self.stride[axis], self.dilation[axis])
        return np.add.outer(starts, self.dilation[axis] * np.arange(kernel.shape[axis]))

    def __call__(self, image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        rows, columns = (self.indices(image, kernel, axis) for axis in Axis)
        return np.einsum("iujv,uv->ij", image[rows][..., columns], kernel)

def correlate2d_strided(image: np.ndarray, kernel: np.ndarray, stride: Pair, dilation: Pair) -> np.ndarray:
    operation: Operation = Strided(stride, dilation)
    return operation(image, kernel)
# %% conv_transpose2d
def conv_transpose2d(image: np.ndarray, kernel: np.ndarray, stride: Pair) -> np.ndarray:
    size = tuple((image.shape[a] - 1) * stride[a] + kernel.shape[a] for a in Axis)
    rows, columns = (stride[a] * np.arange(image.shape[a])[:, None] + np.arange(kernel.shape[a]) for a in Axis)
    out = np.zeros(size)
    np.add.at(out, (rows[:, None, :, None], columns[None, :, None, :]), np.multiply.outer(image, kernel))
    return out
# %% receptive_field
class Field(NamedTuple):
    size: int = 1
    jump: int = 1
    start: int = 0

    def behind(self, layer: tuple[int, int, int, int]) -> "Field":
        kernel, stride, padding, dilation = layer
        return Field(self.size + dilation * (kernel - 1) * self.jump, self.jump * stride, self.start - padding * self.jump)

def receptive_field(layers: list[tuple[int, int, int, int]]) -> Field:
    return reduce(Field.behind, layers, Field())
