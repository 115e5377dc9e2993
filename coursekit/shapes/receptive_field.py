"""How much of the input one output sees: the receptive field through a stack of windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from coursekit.errors import ParameterError
from coursekit.shapes.derivation import Derivation, DerivedNumber, Step
from coursekit.shapes.layers import Convolution, Dense, Flatten, GlobalPooling
from coursekit.shapes.numbers import both_ends, is_sequence, non_negative_int
from coursekit.shapes.tables import html_table, text_table
from coursekit.shapes.window_layer import AxisWindow, Layer, WindowLayer

if TYPE_CHECKING:
    from fractions import Fraction

LayerLike: TypeAlias = "Layer | Sequence[object] | Mapping[str, object]"
FIELDS = ("kernel_size", "stride", "padding", "dilation")


class Growth(Derivation):
    """The steps of a receptive field: three for each layer, shown as one row."""

    layers: tuple[str, ...] = ()  # the name of each row; layers that change nothing have none

    def _table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        rows: list[tuple[str, ...]] = [("one pixel of the input", "1", "1", "0")]
        for row, layer in enumerate(self.layers):
            rows.append((layer, *(step.line for step in self[3 * row : 3 * row + 3])))
        return ("layer", "size", "jump", "start"), rows

    def __str__(self) -> str:
        return text_table(*self._table())

    def _repr_html_(self) -> str:
        return html_table(*self._table())


class ReceptiveField(NamedTuple):
    """What one output sees along one axis: a triple (size, jump, start), with its derivation.

    size : input pixels from the first to the last that can change one output
    jump : input pixels from one output's field to the next one's
    start : index of the first pixel of the field of output 0; negative where it lies in the padding

    >>> field = receptive_field([(7, 2, 3), (3, 2, 1)])
    >>> field
    ReceptiveField(size=11, jump=4, start=-5)
    >>> field.seen_by(2), field.centre
    ((3, 13), Fraction(0, 1))
    >>> print(field.derivation)
    layer                                   size            jump       start
    one pixel of the input                  1               1          0
    layers[0]: 7 taps, stride 2, padding 3  1 + 6 * 1 = 7   1 * 2 = 2  0 - 3 * 1 = -3
    layers[1]: 3 taps, stride 2, padding 1  7 + 2 * 2 = 11  2 * 2 = 4  -3 - 1 * 2 = -5
    """

    size: DerivedNumber
    jump: DerivedNumber
    start: DerivedNumber

    @property
    def derivation(self) -> Derivation:
        """The growth from layer to layer."""
        return self.size.derivation

    @property
    def centre(self) -> Fraction:
        """The middle of output 0's field, where pixel i has its middle at i; a half for an even size."""
        from fractions import Fraction  # it loads decimal, which costs more than all of this package

        return Fraction(2 * self.start + self.size - 1, 2)

    def seen_by(self, index: int) -> tuple[int, int]:
        """Return the first and the last pixel that output `index` sees; outside the input lies padding.

        Raises
        ------
        ParameterError
        """
        first = self.start + non_negative_int("index", index) * self.jump
        return first, first + self.size - 1

    def _repr_html_(self) -> str:
        return f"<b>size {self.size}, jump {self.jump}, start {self.start}</b>{self.derivation._repr_html_()}"

    def _repr_latex_(self) -> str:
        return self.derivation._repr_latex_()


def receptive_field(layers: Sequence[LayerLike], axis: int | None = None) -> ReceptiveField:
    """Return the receptive field of an output behind `layers`, along one axis.

    `start` is an index and not a middle, so that it is a whole number for even kernels too; `centre` is the
    middle. Padding is taken as pixels like all others: an output near the edge sees the part of its field
    that lies inside the input. With dilation or a large stride a field may have holes.

    Parameters
    ----------
    layers : what the input goes through, first to last; each a `Convolution`, a `Pooling`, a layer that
        works number by number (`ReLU`), a tuple (kernel_size, stride, padding, dilation) of which all but
        the first may be left out, or a dict with these names; there a padding is an int or (before, after),
        as in `output_size`
    axis : the spatial axis, where a layer has different numbers for different axes

    Returns
    -------
    ReceptiveField
        (size, jump, start): with k taps, stride s, p zeros before and dilation d each layer takes
        (r, j, a) to (r + d (k - 1) j, j s, a - p j), from (1, 1, 0) for a pixel of the input.

    Raises
    ------
    ParameterError
        The message names the layer: 'layers[2].stride must be an integer >= 1; got 0'.

    References
    ----------
    .. [1] A. Araujo, W. Norris, J. Sim, "Computing Receptive Fields of Convolutional Neural Networks",
       Distill, 2019, https://doi.org/10.23915/distill.00021: `size` is r_0, `jump` S_0 and `start` -P_0
    """
    size, jump, start = 1, 1, 0
    growth, names = Growth(), []
    for index, window in windows_along(layers, axis):
        names.append(f"layers[{index}]: {window}")
        k, s, p, _, d = window
        reach = f"{k - 1} * {jump}" if d == 1 else f"{d} * {k - 1} * {jump}"
        size, grown = size + d * (k - 1) * jump, f"{size} + {reach}"
        start, moved = start - p * jump, f"{start} - {p} * {jump}"
        jump, jumped = jump * s, f"{jump} * {s}"
        growth += [
            Step.of(f"size behind layer {index}", "r' = r + d(k-1)j", grown, size),
            Step.of(f"jump behind layer {index}", "j' = js", jumped, jump),
            Step.of(f"start behind layer {index}", "a' = a - pj", moved, start),
        ]
    growth.layers = tuple(names)
    return ReceptiveField(*(DerivedNumber(number, growth) for number in (size, jump, start)))


def windows_along(layers: Sequence[LayerLike], axis: int | None = None) -> Iterator[tuple[int, AxisWindow]]:
    """Yield the index and the window of each layer that has one. Parameters and errors: `receptive_field`."""
    if isinstance(layers, (Layer, Mapping)) or not is_sequence(layers):
        raise ParameterError(f"layers must be a sequence of layers; got {layers!r}")
    for index, item in enumerate(layers):
        layer = _read(f"layers[{index}]", item)
        if isinstance(layer, WindowLayer):
            yield index, _along(f"layers[{index}]", layer, axis)


def _read(name: str, item: object) -> Layer:
    """Return the layer that a tuple or a dict describes, or the layer itself."""
    if isinstance(item, (Dense, Flatten, GlobalPooling)):
        raise ParameterError(f"{name} must see a window, not the whole input; got {item!r}")
    if isinstance(item, Layer):
        return item
    if isinstance(item, Mapping):
        fields = dict(item)
    elif is_sequence(item):
        values = tuple(item)
        fields = dict(zip(FIELDS, values, strict=False)) if len(values) <= len(FIELDS) else {}
    else:
        fields = {}
    if "kernel_size" not in fields or not fields.keys() <= set(FIELDS):
        raise ParameterError(
            f"{name} must be a layer, or kernel_size, stride, padding and dilation as a tuple or a dict, "
            f"of which only kernel_size must be given; got {item!r}"
        )
    try:
        return Convolution(1, **_one_axis(fields))
    except ParameterError as error:
        raise ParameterError(f"{name}.{error}") from None


def _one_axis(fields: dict[str, Any]) -> dict[str, Any]:
    """Read a padding (before, after) beside plain numbers as that of one axis, as `output_size` does."""
    padding = fields.get("padding", 0)
    plain = not any(is_sequence(value) for name, value in fields.items() if name != "padding")
    if plain and is_sequence(padding) and not any(is_sequence(end) for end in padding):
        return {**fields, "padding": (both_ends("padding", padding),)}
    return fields


def _along(name: str, layer: WindowLayer, axis: int | None) -> AxisWindow:
    windows = layer.windows(layer.axes or 1)
    if layer.axes in (None, 1) or (axis is None and len(set(windows)) == 1):
        return windows[0]
    if axis is None:
        raise ParameterError(f"axis must be given: {name} differs from axis to axis; got {layer}")
    if non_negative_int("axis", axis) >= layer.axes:
        raise ParameterError(f"axis must be less than {layer.axes}, the axes of {name}; got {axis}")
    return windows[axis]
