"""The course's own kernels, run by the emulator: what `correlate` does on a GPU, for who has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coursekit.emulator.counts import Counts
from coursekit.emulator.device import EmulatedDevice, Launched
from coursekit.errors import ParameterError

if TYPE_CHECKING:
    from coursekit.reference.borders import Mode
    from coursekit.shapes import Padding


@dataclass(frozen=True, repr=False)
class Emulated:
    """What an operation gave, and what its kernels did.

    output : NumPy array, as from the operation itself
    launched : the kernels that ran, in order
    """

    output: Any
    launched: tuple[Launched, ...]

    @property
    def counts(self) -> Counts:
        """What the kernel did that computed most: the others put numbers in order before and after it."""
        return max((one.counts for one in self.launched), key=lambda counts: counts.operations)

    def __str__(self) -> str:
        return "\n".join(f"{one.kernel} of {one.source}.cu: {one.counts}" for one in self.launched)

    __repr__ = __str__  # what a notebook shows


def correlate(
    image: Any,
    kernel: Any,
    bias: Any = None,
    *,
    algorithm: str = "implicit_gemm",
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    **tiles: Any,
) -> Emulated:
    """Compute what `coursekit.correlate` computes, by the course's CUDA kernels, without a GPU.

    Parameters
    ----------
    image, kernel, bias, mode, stride, padding, dilation, groups : as in `coursekit.correlate`, in NumPy
        arrays of float32 or float64; keep them small: a kernel takes some milliseconds for 1000 threads.
    algorithm : 'naive', 'shared_tile', 'implicit_gemm' (default), 'im2col', 'winograd' or 'depthwise'
        Matrix products that cuBLAS computes on a GPU, those of im2col and winograd, are not counted.
    tiles : what the plan of that kernel takes besides, such as `tile`

    Returns
    -------
    Emulated
        The output, and what each kernel read, wrote and computed.

    Raises
    ------
    ShapeError, ParameterError
        As `coursekit.correlate`; or an algorithm that is none of ours, or cannot compute this.
    KernelError
        A kernel of the course breaks a rule: please tell us.
    """
    from coursekit.reference.cuda.choose import KERNELS, named
    from coursekit.reference.layout import operands
    from coursekit.reference.windows import Windows

    given = operands(image, kernel, bias, groups)
    if str(given.image.dtype) not in ("float32", "float64"):
        raise ParameterError(
            "image must be float32 or float64 for the emulator, "
            f"such as image.astype('float32'); got {given.image.dtype}"
        )
    windows = Windows.of(
        given.spatial, given.taps, mode=mode, stride=stride, padding=padding, dilation=dilation
    )
    if algorithm not in KERNELS:
        known = ", ".join(map(repr, KERNELS))
        raise ParameterError(
            f"algorithm must be one of {known}: these are the course's kernels; got {algorithm!r}"
        )
    device = EmulatedDevice(details=True)
    out = named(device, algorithm, given, windows)(given, windows, **tiles)
    if given.bias is not None:
        out += given.bias.reshape(1, -1, *[1] * len(windows.taps))
    return Emulated(given.restored(out), tuple(device.launched))


def source(name: str) -> str:
    """Return the text of one of the course's kernels, such as 'naive' or 'implicit_gemm'.

    Raises
    ------
    ParameterError
    """
    from coursekit.reference.cuda.device import FOLDER

    known = sorted(path.stem for path in FOLDER.glob("*.cu"))
    if name not in known:
        raise ParameterError(f"name must be one of {known}; got {name!r}")
    return (FOLDER / f"{name}.cu").read_text(encoding="utf-8")
