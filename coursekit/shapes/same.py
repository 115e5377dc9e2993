"""How many zeros keep the size of an image: the padding called 'same'."""

from __future__ import annotations

from typing import Literal, NamedTuple

from coursekit.errors import ParameterError
from coursekit.shapes.derivation import Derivation, DerivedNumber, Step, merged
from coursekit.shapes.numbers import positive_int

Extra = Literal["before", "after"]


class SamePadding(NamedTuple):
    """Zeros (before, after) of one axis: a pair in every respect, with the steps that lead to it.

    >>> same_padding(4)
    SamePadding(before=2, after=1)
    >>> print(same_padding(4).derivation)
    effective kernel  1 * (4 - 1) + 1 = 4
    zeros in all      4 - 1 = 3
    before            ceil(3 / 2) = 2
    after             floor(3 / 2) = 1
    """

    before: DerivedNumber
    after: DerivedNumber

    @property
    def derivation(self) -> Derivation:
        """The steps that lead to both numbers."""
        return merged(self.before, self.after)

    def _repr_html_(self) -> str:
        return f"<b>({self.before}, {self.after})</b>{self.derivation._repr_html_()}"

    def _repr_latex_(self) -> str:
        return self.derivation._repr_latex_()


def same_padding(kernel_size: int, dilation: int = 1, *, extra: Extra = "before") -> SamePadding:
    """Return the zeros (before, after) with which a window of stride 1 keeps the size of its input.

    Parameters
    ----------
    kernel_size : int >= 1, taps of the kernel along this axis
    dilation : int >= 1, pixels from one tap to the next
    extra : the end with one zero more where the dilated kernel is even.
        'before' (default) is mode 'same' of this course, of `numpy.convolve` and of `scipy.signal.correlate`;
        'after' is padding 'same' of PyTorch and TensorFlow. For an odd kernel both ends get as many.

    Raises
    ------
    ParameterError
    """
    k, d = positive_int("kernel_size", kernel_size), positive_int("dilation", dilation)
    effective = d * (k - 1) + 1
    steps = [
        Step.of("effective kernel", "k' = d(k-1)+1", f"{d} * ({k} - 1) + 1", effective),
        Step.of("zeros in all", "P = k' - 1", f"{effective} - 1", effective - 1),
    ]
    return _split(steps, effective - 1, extra)


def same_padding_strided(
    size: int, kernel_size: int, stride: int, dilation: int = 1, *, extra: Extra = "after"
) -> SamePadding:
    """Return the zeros (before, after) with which a window with a stride takes `size` to ceil(size / stride).

    This is padding 'SAME' of TensorFlow. Unlike that of stride 1 it depends on the size of the input.

    Parameters
    ----------
    size : int >= 1, pixels of the input along this axis
    kernel_size : int >= 1, taps of the kernel along this axis
    stride : int >= 1, pixels from one position to the next
    dilation : int >= 1, pixels from one tap to the next
    extra : the end with one zero more where their number is odd: 'after' (default), as in TensorFlow,
        or 'before'

    Raises
    ------
    ParameterError

    References
    ----------
    .. [1] TensorFlow, "Notes on padding", https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
    """
    n, k = positive_int("size", size), positive_int("kernel_size", kernel_size)
    s, d = positive_int("stride", stride), positive_int("dilation", dilation)
    effective, positions = d * (k - 1) + 1, -(-n // s)
    last = (positions - 1) * s
    zeros = max(0, last + effective - n)
    steps = [
        Step.of("effective kernel", "k' = d(k-1)+1", f"{d} * ({k} - 1) + 1", effective),
        Step.of("positions", r"o = \lceil n/s \rceil", f"ceil({n} / {s})", positions),
        Step.of("last start", "(o-1)s", f"({positions} - 1) * {s}", last),
        Step.of(
            "zeros in all", r"P = \max(0, (o-1)s + k' - n)", f"max(0, {last} + {effective} - {n})", zeros
        ),
    ]
    return _split(steps, zeros, extra)


def _split(steps: list[Step], zeros: int, extra: Extra) -> SamePadding:
    if extra not in ("before", "after"):
        raise ParameterError(f"extra must be 'before' or 'after'; got {extra!r}")
    less, more = zeros // 2, zeros - zeros // 2
    down = (r"\lfloor P/2 \rfloor", f"floor({zeros} / 2)", less)
    up = (r"\lceil P/2 \rceil", f"ceil({zeros} / 2)", more)
    first, second = (up, down) if extra == "before" else (down, up)
    before, after = Step.of("before", *first), Step.of("after", *second)
    return SamePadding(
        DerivedNumber(before.value, [*steps, before]), DerivedNumber(after.value, [*steps, after])
    )
