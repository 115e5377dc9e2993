"""Cross-correlation: what libraries compute under the name of convolution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from coursekit.device_memory import device_memory
from coursekit.reference.algorithms.choice import Choice
from coursekit.reference.algorithms.choose import choose, named
from coursekit.reference.borders import Mode
from coursekit.reference.layout import operands
from coursekit.reference.windows import Windows
from coursekit.shapes import Padding

Algorithm = Literal[
    "auto", "direct", "im2col", "fft", "winograd", "naive", "shared_tile", "implicit_gemm", "depthwise"
]


@device_memory()
def correlate(
    image: Any,
    kernel: Any,
    bias: Any = None,
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    algorithm: Algorithm = "auto",
) -> Any:
    """Slide `kernel` over `image`, unflipped, and sum the products at each position.

    out[i, j] = sum over u, v of  image[i * stride + u * dilation, j * stride + v * dilation] * kernel[u, v]

    with zeros around the image where `padding` or `mode` adds them. With channels the sum runs over the
    channels of a group too, and every kernel gives one channel of the output.

    Parameters
    ----------
    image : array, NumPy or CuPy, real
        Plain: (N,) or (H, W). With channels: (C, *spatial), or a batch (N, C, *spatial), with 1 to 3 spatial
        axes; a batch may be empty.
    kernel : array of the same library, real
        For a plain image (K,) or (KH, KW); with channels (F, C // groups, *taps): F kernels.
    bias : array of shape (F,), or None; added to each channel of the output
    mode : 'valid' (default), 'same' or 'full'
        valid: the windows inside the image and its `padding`.
        same: as many outputs as the image has pixels (with stride 1). For an even kernel the extra zero
        stands in front, as in NumPy and in `scipy.signal.correlate`.
        full: all windows that touch the image.
    stride : int >= 1, or one per spatial axis, in pixels
    padding : int >= 0, one per axis, or one pair (before, after) per axis: zeros; only with mode 'valid'
    dilation : int >= 1, or one per axis, pixels from one tap to the next
    groups : int >= 1; the channels and the kernels are dealt into this many groups that do not mix
    algorithm : 'auto' (default), 'direct', 'im2col', 'fft' or 'winograd'
        For CuPy arrays of floats with 1 or 2 spatial axes also 'naive', 'shared_tile', 'implicit_gemm' or
        'depthwise': kernels of `coursekit.reference.cuda`.
        The same numbers at another price, up to rounding of floats, for 'fft' and 'winograd' relative to
        the largest pixels and taps; 'auto' takes the one that `algorithm_for` names. Integers are exact in
        all of them. A NaN or an infinity in the image reaches only the windows that see it, but with 'fft',
        and on a CPU with 'winograd', their neighbours too; where 'auto' has taken one of these and meets
        such numbers, it computes again without them.

    Returns
    -------
    array with one entry per window position, in the library and on the device of `image`
        (*positions), (F, *positions) or (N, F, *positions), as the image is plain, single or a batch.
        With mode 'valid' the positions are `output_shape(spatial, taps, ...)`.
        Its dtype is result_type(image, kernel, bias); integers stay integers, of 64 bits, and wrap as
        NumPy's do beyond them; float16 is summed in float32.

    Raises
    ------
    ShapeError
        Arrays whose axes or channels do not go together, an empty one, or a kernel that does not fit.
    ParameterError
        A stride, padding, dilation, groups, mode or algorithm out of range; numbers that are not real;
        'winograd' for anything but a 3x3 kernel with stride and dilation 1; 'fft' and 'winograd' for
        integers too large to be exact with them; a kernel of the GPU for arrays that are not on one, or that
        it cannot compute.

    Notes
    -----
    Convention: no flip. `convolve` flips the kernel first. The inputs are never modified.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equations 9.6 and 9.7.
    """
    given = operands(image, kernel, bias, groups, for_kernels=True)
    windows = Windows.of(
        given.spatial, given.taps, mode=mode, stride=stride, padding=padding, dilation=dilation
    )
    out = named(algorithm, given, windows)(given, windows)
    if given.bias is not None:
        out += given.xp.reshape(given.bias, (1, -1, *[1] * len(windows.taps)))
    return given.restored(out)


def algorithm_for(
    image: Any,
    kernel: Any,
    bias: Any = None,
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Choice:
    """Name the algorithm that `correlate` takes for these arrays by default, and why.

    Parameters and errors are those of `correlate`; nothing is computed, and no number is looked at.

    >>> print(algorithm_for(np.ones(1_000_000, "float32"), np.ones(1025, "float32")).name)
    fft
    """
    given = operands(image, kernel, bias, groups, stand_ins=True, for_kernels=True)
    windows = Windows.of(
        given.spatial, given.taps, mode=mode, stride=stride, padding=padding, dilation=dilation
    )
    return choose(given, windows)
