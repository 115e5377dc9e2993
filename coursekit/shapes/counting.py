"""How many parameters, connections and multiplications a network has, layer by layer.

A parameter is a number that is learned: a weight of a kernel, or a bias.
A connection joins one unit of the output to one unit that it reads: parameters are shared, connections not.
A MAC is one multiplication whose product is added to a sum (multiply-accumulate); two operations.

In the formulas: F kernels, C channels, g groups, K taps of a kernel on one map, O positions, T taps that
fall on the image in all positions, N pixels of a map, n numbers of the input and m of the output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from math import prod

from coursekit.errors import ParameterError
from coursekit.shapes.derivation import DerivedNumber, Step
from coursekit.shapes.layers import (
    Convolution,
    Dense,
    GlobalPooling,
    Stage,
    checked_shape,
    stages,
)
from coursekit.shapes.window_layer import AxisWindow, Layer, Shape, WindowLayer

Term = tuple[str, str, int]  # formula in LaTeX, the same with numbers as text, its value
NOTHING: Term = ("0", "0", 0)


def count_parameters(layers: Sequence[Layer], input_shape: Sequence[int]) -> DerivedNumber:
    """Count the parameters of a network: what is learned, weights and biases.

    Parameters
    ----------
    layers : what the input goes through, first to last
    input_shape : of one example, (C, *spatial) or (n,)

    Returns
    -------
    DerivedNumber
        A convolution has kernels (C / groups * taps + 1), a dense layer units (n + 1), both without the 1
        where there is no bias; pooling and all others have none.

    Raises
    ------
    ParameterError, ShapeError
        The message names the layer.

    Examples
    --------
    >>> layers = [Convolution(6, 5), Convolution(16, 5)]
    >>> print(count_parameters(layers, (3, 32, 32)).derivation)
    layers[0]: Convolution 6 @ 5×5   6 * (3 * 5 * 5 + 1) = 456
    layers[1]: Convolution 16 @ 5×5  16 * (6 * 5 * 5 + 1) = 2416
    parameters                       456 + 2416 = 2872
    """
    return _sum("parameters", stages(layers, input_shape), parameters_of)


def count_connections(
    layers: Sequence[Layer], input_shape: Sequence[int], *, with_bias: bool = False
) -> DerivedNumber:
    """Count the connections of a network: pairs of an output unit and an input unit that it reads.

    A tap that falls on padding reads no unit, so it is no connection (but a MAC); 2 + 222 * 3 + 2 in a
    derivation says that two of 224 windows have only 2 of their 3 taps on the image. Pooling has
    connections too; layers that work number by number have none of their own.

    Parameters
    ----------
    layers : what the input goes through, first to last
    input_shape : of one example, (C, *spatial) or (n,)
    with_bias : count the bias of every unit as one connection more, as [1]_ does

    Raises
    ------
    ParameterError, ShapeError
        The message names the layer.

    References
    ----------
    .. [1] Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86, 1998
    """
    if not isinstance(with_bias, bool):
        raise ParameterError(f"with_bias must be True or False; got {with_bias!r}")
    term = connections_and_biases_of if with_bias else connections_of
    return _sum("connections", stages(layers, input_shape), term)


def count_macs(layers: Sequence[Layer], input_shape: Sequence[int]) -> DerivedNumber:
    """Count the multiply-accumulates of one example's way through a network.

    Taps on padding are counted: a machine multiplies these zeros too. Biases are added, not multiplied, and
    pooling only compares or adds: neither counts. Twice this number is often given as FLOPs.

    Parameters
    ----------
    layers : what the input goes through, first to last
    input_shape : of one example, (C, *spatial) or (n,)

    Raises
    ------
    ParameterError, ShapeError
        The message names the layer.
    """
    return _sum("MACs", stages(layers, input_shape), macs_of)


def dense_parameters(
    input_shape: Sequence[int], output_shape: Sequence[int], *, bias: bool = True
) -> DerivedNumber:
    """Count the parameters of a dense layer between the same maps, to compare a convolution with.

    Parameters
    ----------
    input_shape, output_shape : of one example, (C, *spatial) or (n,)
    bias : bool, one for each number of the output

    Raises
    ------
    ParameterError, ShapeError

    Examples
    --------
    >>> print(dense_parameters((3, 32, 32), (6, 28, 28)).derivation)
    inputs      3 * 32 * 32 = 3072
    outputs     6 * 28 * 28 = 4704
    parameters  4704 * (3072 + 1) = 14455392
    """
    before, behind = checked_shape("input_shape", input_shape), checked_shape("output_shape", output_shape)
    if not isinstance(bias, bool):
        raise ParameterError(f"bias must be True or False; got {bias!r}")
    formula, text, value = _dense(prod(before), prod(behind), bias)
    steps = [
        Step.of("inputs", "n", times(before), prod(before)),
        Step.of("outputs", "m", times(behind), prod(behind)),
        Step.of("parameters", formula, text, value),
    ]
    return DerivedNumber(value, steps)


def parameters_of(stage: Stage) -> Term:
    """Return the parameters of one layer."""
    layer = stage.layer
    if isinstance(layer, Dense):
        return _dense(stage.input_shape[0], layer.units, layer.bias)
    if isinstance(layer, Convolution):
        channels, taps = _kernel(layer, stage.input_shape)
        per_kernel = prod(taps) * (stage.input_shape[0] // layer.groups)
        weights = times([channels, *taps])
        formula = r"\tfrac{C}{g} K" if layer.groups > 1 else "C K"
        if layer.bias:
            return (
                rf"F ({formula} + 1)",
                f"{layer.kernels} * ({weights} + 1)",
                layer.kernels * (per_kernel + 1),
            )
        return rf"F {formula}", f"{layer.kernels} * {weights}", layer.kernels * per_kernel
    return NOTHING


def macs_of(stage: Stage) -> Term:
    """Return the multiply-accumulates of one layer."""
    layer, before, behind = stage.layer, stage.input_shape, stage.output_shape
    if isinstance(layer, Dense):
        return "m n", times([layer.units, before[0]]), layer.units * before[0]
    if isinstance(layer, Convolution):
        channels, taps = _kernel(layer, before)
        formula = r"(F O) (\tfrac{C}{g} K)" if layer.groups > 1 else "(F O) (C K)"
        value = prod(behind) * (before[0] // layer.groups) * prod(taps)
        return formula, f"({times(behind)}) * ({times([channels, *taps])})", value
    return NOTHING


def connections_of(stage: Stage) -> Term:
    """Return the connections of one layer, without biases."""
    layer, before, behind = stage.layer, stage.input_shape, stage.output_shape
    if isinstance(layer, Dense):
        return macs_of(stage)
    if isinstance(layer, GlobalPooling):
        return "C N", times(before), prod(before)
    if not isinstance(layer, WindowLayer):
        return NOTHING
    windows = layer.windows(len(before) - 1)
    inside = [_taps_inside(*sizes) for sizes in zip(windows, before[1:], behind[1:], strict=True)]
    per_axis = " * ".join(f"({_runs(taps)})" for taps in inside)
    taps = prod(map(sum, inside))
    if isinstance(layer, Convolution):
        channels, _ = _kernel(layer, before)
        formula = r"F \tfrac{C}{g} T" if layer.groups > 1 else "F C T"
        value = layer.kernels * (before[0] // layer.groups) * taps
        return formula, f"{times([layer.kernels, channels])} * {per_axis}", value
    return "C T", f"{before[0]} * {per_axis}", before[0] * taps


def connections_and_biases_of(stage: Stage) -> Term:
    """Return the connections of one layer, one more for each unit that has a bias."""
    formula, text, value = connections_of(stage)
    if isinstance(stage.layer, (Convolution, Dense)) and stage.layer.bias:
        units = stage.output_shape
        return f"{formula} + m", f"{text} + {times(units)}", value + prod(units)
    return formula, text, value


def times(numbers: Iterable[object]) -> str:
    """Return the numbers as a product in text: '3 * 5 * 5'."""
    return " * ".join(map(str, numbers))


def layer_name(stage: Stage) -> str:
    """Return the name of a layer in a derivation: 'layers[0]: Dense 10'."""
    return f"layers[{stage.index}]: {stage}"


def total(name: str, parts: Sequence[Step]) -> DerivedNumber:
    """Return the sum of the layers that have any, with one step a layer and the sum as the last."""
    parts = [step for step in parts if step.value]
    value = sum(step.value for step in parts)
    text = " + ".join(str(step.value) for step in parts) or "0"
    last = Step.of(name, r"\textstyle\sum", text, value)
    return DerivedNumber(value, [*parts, last])


def _sum(name: str, network: Iterable[Stage], term: Callable[[Stage], Term]) -> DerivedNumber:
    return total(name, [Step.of(layer_name(stage), *term(stage)) for stage in network])


def _dense(inputs: int, outputs: int, bias: bool) -> Term:
    if bias:
        return "m (n + 1)", f"{outputs} * ({inputs} + 1)", outputs * (inputs + 1)
    return "m n", f"{outputs} * {inputs}", outputs * inputs


def _kernel(layer: Convolution, shape: Shape) -> tuple[str, tuple[int, ...]]:
    """Return the channels of one kernel, with the division by groups as text, and its taps per axis."""
    channels = f"({shape[0]} / {layer.groups})" if layer.groups > 1 else str(shape[0])
    return channels, tuple(window.kernel_size for window in layer.windows(len(shape) - 1))


def _taps_inside(window: AxisWindow, size: int, positions: int) -> list[int]:
    """Return how many taps of each window fall on the `size` pixels of an axis and not on padding."""
    inside = []
    for position in range(positions):
        start = position * window.stride - window.before
        first = max(0, -(start // window.dilation))  # tap t falls on pixel start + t * dilation
        last = min(window.kernel_size - 1, (size - 1 - start) // window.dilation)
        inside.append(max(0, last - first + 1))
    return inside


def _runs(taps: Sequence[int]) -> str:
    """Return the sum of taps as text, neighbours with the same number together: '2 + 222 * 3 + 2'."""
    lengths = [(len(list(run)), value) for value, run in groupby(taps)]
    return " + ".join(str(value) if length == 1 else f"{length} * {value}" for length, value in lengths)
