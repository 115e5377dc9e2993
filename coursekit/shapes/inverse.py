"""The inverse question: which windows take one size to another?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import product

from coursekit.errors import ParameterError
from coursekit.shapes.derivation import Derivation
from coursekit.shapes.numbers import is_sequence, non_negative_int, positive_int
from coursekit.shapes.output import OutputSize, Rounding, output_size
from coursekit.shapes.tables import html_table, text_table

Kernel = tuple[int, int, int]  # kernel_size, padding, dilation
HEADER = ("kernel", "stride", "padding", "dilation", "never read")


@dataclass(frozen=True)
class FoundWindow:
    """One answer: kernel_size, stride, padding (zeros at each end) and dilation that do what is asked.

    output : what `output_size` gives, with its derivation
    unread : pixels of the input that no window reads: in gaps between taps or windows, or at the far end
    """

    kernel_size: int
    stride: int
    padding: int
    dilation: int
    size: int
    output: OutputSize
    unread: int

    @property
    def derivation(self) -> Derivation:
        """The steps that lead to the output size."""
        return self.output.derivation

    @property
    def sentence(self) -> str:
        """What the window does, in words."""
        dilation = f", dilation {self.dilation}" if self.dilation > 1 else ""
        pixels = "1 pixel is" if self.unread == 1 else f"{self.unread} pixels are"
        return (
            f"Kernel {self.kernel_size}, stride {self.stride}, padding {self.padding}{dilation} "
            f"takes {self.size} to {self.output}; "
            f"{f'{pixels} never read' if self.unread else 'every pixel is read'}."
        )

    def __str__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return f"<p>{self.sentence}</p>{self.derivation._repr_html_()}"

    def _repr_latex_(self) -> str:
        return self.derivation._repr_latex_()

    def _rank(self) -> tuple[int | bool, ...]:
        padded = self.padding > 0
        # usual padding keeps the middle of the window on the image, and an odd kernel has a pixel there
        unusual = 2 * self.padding > self.dilation * (self.kernel_size - 1) + 1
        even = padded and self.kernel_size % 2 == 0
        first = (self.unread, self.dilation, unusual, padded, even)
        return (*first, self.padding, self.kernel_size, self.stride)


class FoundWindows(list[FoundWindow]):
    """All answers, best first; where there is none, `reason` says why."""

    reason: str = ""

    def __str__(self) -> str:
        return text_table(HEADER, self._rows(), right=len(HEADER)) if self else self.reason

    def _repr_html_(self) -> str:
        if not self:
            return f"<p>{escape(self.reason)}</p>"
        return html_table(HEADER, self._rows(), right=len(HEADER))

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            tuple(map(str, (found.kernel_size, found.stride, found.padding, found.dilation, found.unread)))
            for found in self
        ]


def find_windows(
    size: int,
    output: int,
    *,
    kernel_sizes: Iterable[int] = range(1, 12),
    strides: Iterable[int] = range(1, 9),
    paddings: Iterable[int] = range(6),
    dilations: Iterable[int] = (1,),
    rounding: Rounding = "floor",
) -> FoundWindows:
    """Find the windows that take `size` pixels to `output` positions along one axis.

    A padding as large as the dilated kernel is left out: a window there would see zeros alone.

    Parameters
    ----------
    size, output : ints >= 1
    kernel_sizes, strides, dilations : the ints >= 1 to choose from
    paddings : the ints >= 0 to choose from, zeros at each end
    rounding : 'floor' (default) or 'ceil', as in `output_size`

    Returns
    -------
    FoundWindows
        Best first: those that leave the fewest pixels unread, then without dilation, with a padding of at
        most half the kernel, without padding, with an odd kernel if padded, with the least padding, the
        smallest kernel, the smallest stride. If there is none, the list is empty and has a `reason`.

    Raises
    ------
    ParameterError

    Examples
    --------
    >>> find_windows(224, 112)[1].sentence
    'Kernel 3, stride 2, padding 1 takes 224 to 112; every pixel is read.'
    """
    n, wanted = positive_int("size", size), positive_int("output", output)
    steps = _choices("strides", strides, least=1)
    kernels = [
        (k, p, d)
        for k, p, d in product(
            _choices("kernel_sizes", kernel_sizes, least=1),
            _choices("paddings", paddings, least=0),
            _choices("dilations", dilations, least=1),
        )
        if p <= d * (k - 1) < n + 2 * p and (d == 1 or k > 1)  # one tap has no dilation
    ]
    found = FoundWindows()
    for (k, p, d), s in product(kernels, steps):
        count = output_size(n, k, stride=s, padding=p, dilation=d, rounding=rounding)
        if count == wanted:
            found.append(FoundWindow(k, s, p, d, n, count, _unread(n, count, k, s, p, d)))
    found.sort(key=FoundWindow._rank)
    if not found:
        found.reason = _why_none(n, wanted, kernels, steps, rounding)
    return found


def _choices(name: str, values: Iterable[int], *, least: int) -> list[int]:
    if not is_sequence(values):
        raise ParameterError(f"{name} must be a sequence of integers >= {least}; got {values!r}")
    check = positive_int if least else non_negative_int
    numbers = sorted({check(f"{name}[{index}]", value) for index, value in enumerate(values)})
    if not numbers:
        raise ParameterError(f"{name} must have at least one integer >= {least}; got none")
    return numbers


def _unread(n: int, count: int, k: int, s: int, p: int, d: int) -> int:
    starts = range(-p, -p + count * s, s)
    read = {start + tap for start in starts for tap in range(0, k * d, d)}
    return n - len(read.intersection(range(n)))


def _why_none(n: int, wanted: int, kernels: list[Kernel], steps: list[int], rounding: Rounding) -> str:
    """Say which stride would be needed, or which sizes can be had instead."""
    asked = f"No window takes {n} to {wanted}"
    if not kernels:
        return f"{asked}: no kernel fits inside the padded input with a padding smaller than the kernel."
    needed = [(_stride(n, wanted, kernel, rounding), kernel) for kernel in kernels]
    possible = [(min(abs(stride - step) for step in steps), stride, k) for stride, k in needed if stride]
    if possible:
        _, stride, (k, p, d) = min(possible)
        dilation = f", dilation {d}" if d > 1 else ""
        return (
            f"{asked}: the stride would have to be {stride}, "
            f"for instance with kernel {k}, padding {p}{dilation}."
        )
    counts = sorted(
        {
            int(output_size(n, k, stride=s, padding=p, dilation=d, rounding=rounding))
            for (k, p, d), s in product(kernels, steps)
        }
    )
    place = bisect_left(counts, wanted)
    near = " and ".join(map(str, counts[max(0, place - 1) : place + 1]))
    return (
        f"{asked} with these kernels and paddings, whatever the stride; "
        f"the nearest with the strides given is {near}."
    )


def _stride(n: int, wanted: int, kernel: Kernel, rounding: Rounding) -> int | None:
    """Return the smallest stride with which `kernel` takes `n` to `wanted`, or None."""
    k, p, d = kernel

    def negative_count(stride: int) -> int:
        return -output_size(n, k, stride=stride, padding=p, dilation=d, rounding=rounding)

    every = range(1, n + 2 * p + 1)  # the larger the stride, the fewer the windows
    place = bisect_left(every, -wanted, key=negative_count)
    if place < len(every) and negative_count(every[place]) == -wanted:
        return every[place]
    return None
