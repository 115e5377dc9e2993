"""One signal dragged over another: the products, their sum or area, the output, and the matrix behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from coursekit.errors import ParameterError, ShapeError
from coursekit.widgets.shared.demo import Demo
from coursekit.widgets.shared.esm import css, esm
from coursekit.widgets.shared.traits import Choice, Flag, Number, Whole
from coursekit.widgets.signal_convolver.examples import EXAMPLES, Example
from coursekit.widgets.signal_convolver.picture import describe, draw_picture
from coursekit.widgets.signal_convolver.state import MODES, Samples, kept_range, samples_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    Values = np.ndarray[Any, Any]

SECONDS_FOR_ALL = 12
"""How long a sweep over a long signal lasts; a short one goes at two positions a second."""


class SignalConvolver(Demo):
    """Drag one signal over the other, flip it, and see the products, their sum, and the output grow.

    Parameters
    ----------
    signal : array or list of shape (N,), real and finite, at most 4096 samples
        As many as fit are drawn as stems that can be edited; longer ones are drawn as a curve.
    kernel : the same, of shape (K,). Without signal and kernel the demo opens with an example.
    mode : "full" (default), "same" or "valid": which outputs are kept, as in `coursekit.convolve`
    position : int from 0 to N + K - 2, the output counted in mode "full"; beyond the last it becomes the last
        The last tap of the kernel, as it lies on the signal, stands on sample `position`. By default the
        middle of what the mode keeps.
    continuous : bool. True draws curves, and the output is an area: `dt` times the sum of the products
        (a Riemann sum: each product stands in the middle of a strip that is `dt` wide).
    dt : float > 0, from one sample to the next, in the unit of the axis; used if `continuous`
    example : str, one of the names in `coursekit.widgets.signal_convolver.examples.EXAMPLES`:
        "numbers" (default), "echo", "edge", "average", "boxes" or "decay"; only without signal and kernel

    Raises
    ------
    ShapeError, ParameterError
        When it is made. Later changes that leave mode "valid" no output are shown with the reason, and
        `output` raises.

    Notes
    -----
    Convention: whether the kernel is flipped is that of all demos, `conventions.operation`. The time t of an
    output is where the kernel's number 0 stands, with the flip and without.
    For an even kernel, mode "same" has the extra zero in front, as in `coursekit.convolve`.

    Every parameter is an attribute that can be read and set while the demo is shown, as are `growing`
    (bool: True, the default, draws the output only as far as the kernel has come), `playing` (bool) and
    `speed` (positions a second). `signal` and `kernel` are read-only arrays: to change one, set a new one.

    Examples
    --------
    >>> from coursekit.widgets import Conventions
    >>> demo = SignalConvolver([1, 2, 3], [1, 10], conventions=Conventions(operation="convolution"))
    >>> demo.output
    array([ 1, 12, 23, 30])
    """

    _esm, _css = esm("signal_convolver"), css("signal_convolver")
    shows = (
        "Drag the kernel over the signal: the products under it are summed, and each sum is one output, "
        "one row of a matrix times the signal."
    )
    picture_size = (8.0, 4.5)

    signal = Samples()
    kernel = Samples()
    mode = Choice(*MODES)
    position = Whole(0, least=0)
    continuous = Flag(False)
    dt = Number(1.0)
    growing = Flag(True)
    playing = Flag(False)
    speed = Number(2.0, 0.1, 10_000)
    _examples = traitlets.List().tag(sync=True)

    def __init__(
        self,
        signal: Any = None,
        kernel: Any = None,
        mode: str | None = None,
        position: int | None = None,
        continuous: bool | None = None,
        dt: float | None = None,
        *,
        example: str | None = None,
        **others: Any,
    ) -> None:
        chosen = _own(signal, kernel, example) or _named("numbers" if example is None else example)
        state = chosen.as_state()
        asked = {"mode": mode, "position": position, "continuous": continuous, "dt": dt}
        state |= {name: value for name, value in asked.items() if value is not None}
        if not isinstance(state["mode"], str) or state["mode"] not in MODES:
            raise ParameterError(f"mode must be 'full', 'same' or 'valid'; got {mode!r}")
        samples, taps = samples_of("signal", state["signal"]), samples_of("kernel", state["kernel"])
        if state["mode"] == "valid" and taps.size > samples.size:
            raise ShapeError(_why_nothing_is_valid(samples.size, taps.size))
        if position is None and (mode is not None or chosen.name == "own"):
            first, after = kept_range(samples.size, taps.size, state["mode"])
            state["position"] = (first + after) // 2
        offered = [chosen] if chosen.name == "own" else []
        others.setdefault("speed", _power_of_two((samples.size + taps.size) / SECONDS_FOR_ALL))
        super().__init__(
            signal=samples,
            kernel=taps,
            **{name: state[name] for name in ("mode", "position", "continuous", "dt")},
            _examples=[example.as_state() for example in (*offered, *EXAMPLES.values())],
            **others,
        )

    @property
    def flipped(self) -> bool:
        """True if the kernel is flipped before it slides: the operation is convolution."""
        return bool(self.conventions.operation == "convolution")

    @property
    def output(self) -> Values:
        """What the mode keeps, of shape (N + K - 1,), (N,) or (N - K + 1,); times `dt` if continuous.

        int64 if signal and kernel are and the output is a sum, else float64.

        Raises
        ------
        ShapeError
            Mode "valid" keeps nothing: the kernel is longer than the signal.
        """
        return self.computed(self.mode)

    @property
    def toeplitz(self) -> Values:
        """The matrix of shape (outputs, N) for which `toeplitz @ signal` is `output`. Errors: as `output`."""
        from coursekit.reference import toeplitz  # not there while work is graded; the demo itself is

        matrix: Values = toeplitz(self.kernel, self.signal.size, mode=self.mode, flip=self.flipped)
        return matrix * self.dt if self.continuous else matrix

    @property
    def taps(self) -> Values:
        """The kernel as it lies on the signal, left to right: flipped if the operation is convolution."""
        laid: Values = self.kernel[::-1] if self.flipped else self.kernel
        return laid

    @property
    def products(self) -> Values:
        """Sample times tap at the position, of shape (K,); 0 where a tap lies outside the signal."""
        samples = self.position - self.kernel.size + 1 + np.arange(self.kernel.size)
        inside = (samples >= 0) & (samples < self.signal.size)
        values = np.where(inside, self.signal[np.clip(samples, 0, self.signal.size - 1)], 0)
        laid: Values = values * self.taps
        return laid

    @property
    def time(self) -> float:
        """Where the kernel's number 0 stands at the position: in samples, or in the unit of `dt`."""
        sample = self.position if self.flipped else self.position - self.kernel.size + 1
        return sample * self.dt if self.continuous else sample

    def describe(self) -> str:
        """Return operation, sizes, mode, time and sum as one or two sentences."""
        return describe(self)

    def draw_picture(self, figure: Figure) -> None:
        """Draw signal and kernel, the products, and the output, one below the other."""
        draw_picture(self, figure)

    def computed(self, mode: Any) -> Values:
        """Return what `mode` would keep; `output` is that of the present mode."""
        from coursekit.reference import convolve, correlate  # as above

        if mode == "valid" and self.kernel.size > self.signal.size:
            raise ShapeError(_why_nothing_is_valid(self.signal.size, self.kernel.size))
        operation = convolve if self.flipped else correlate
        output: Values = operation(self.signal, self.kernel, mode=mode)
        return output * self.dt if self.continuous else output

    @traitlets.validate("position")  # type: ignore[untyped-decorator]
    def _keep_inside(self, proposal: Any) -> int:
        """Clamp to the full output, as the browser does. Never raises: the two sides would drift apart."""
        return int(min(proposal["value"], self.signal.size + self.kernel.size - 2))

    @traitlets.observe("signal", "kernel")  # type: ignore[untyped-decorator]
    def _follow_shape(self, _change: Any) -> None:
        self.position = self.position


def _own(signal: Any, kernel: Any, example: str | None) -> Example | None:
    """Return the lecturer's pair as an example among the others; None if there is none."""
    if signal is None and kernel is None:
        return None
    for name, value in (("signal", signal), ("kernel", kernel)):
        if value is None:
            raise ParameterError(f"{name} must be given too; without both the demo opens with an example")
    if example is not None:
        raise ParameterError(f"example must be left out where a signal is given; got {example!r}")
    return Example(
        "own",
        "your own",
        samples_of("signal", signal).tolist(),
        samples_of("kernel", kernel).tolist(),
        "",
    )


def _named(name: object) -> Example:
    if not isinstance(name, str) or name not in EXAMPLES:
        raise ParameterError(f"example must be one of {', '.join(map(repr, EXAMPLES))}; got {name!r}")
    return EXAMPLES[name]


def _why_nothing_is_valid(samples: int, taps: int) -> str:
    return (
        f"kernel must not be longer than the signal with mode='valid'; got {taps} taps and {samples} samples"
    )


def _power_of_two(rate: float) -> float:
    """The power of two next above `rate`, within what the slider offers; at least 2."""
    return float(min(512, 2 ** max(1, math.ceil(math.log2(max(rate, 1))))))
