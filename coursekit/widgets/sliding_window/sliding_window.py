"""The sliding window: an input, a kernel, what slides out of them, and every product behind it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from coursekit.errors import CourseError, ShapeError
from coursekit.shapes import output_shape, per_axis
from coursekit.widgets.shared.demo import Demo
from coursekit.widgets.shared.esm import css, esm
from coursekit.widgets.shared.traits import Array, Flag, Number, PerAxis, Position, Whole, Wholes, real_array
from coursekit.widgets.sliding_window.fallback import describe, draw
from coursekit.widgets.sliding_window.recorder import Trace, message, record

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from coursekit.widgets.conventions_switch.conventions_switch import Conventions

SECONDS_FOR_ALL = 20
"""How long a first play of a large picture lasts: small ones go at two positions a second."""

SHAPING = ("image", "kernel", "stride", "padding", "dilation")
"""The traits that decide which positions there are, and what their values are."""


class SlidingWindow(Demo):
    """A window that slides over an input, with its products and their sum written out.

    Parameters
    ----------
    image : array or nested list of shape (H, W) or (C, H, W), real and finite
        Up to about 14 columns are printed as numbers; larger ones are drawn as pictures.
    kernel : the same, of shape (KH, KW), or (C, KH, KW) where the image has channels; must fit inside the
        padded image. The sum runs over all channels.
    stride : int >= 1, or one for rows and one for columns, in pixels
    padding : int >= 0, or one for rows and one for columns, zeros on each side
    dilation : int >= 1, or one for rows and one for columns, pixels from one tap to the next
    position : (row, column) of the output; beyond the last it becomes the last
    predict : bool, default False
        The output is hidden, and the reader types the number of each window before it is shown.
    engine : function of (image, kernel), optional
        A student's own function. It is run and recorded, and the demo steps through what it did: every read,
        product and write, line by line, and what is wrong with it. For images of up to 256 pixels without
        channels. Where stride, padding or dilation are not 1, 0, 1, it is called with them by name.
    conventions : Conventions, optional; by default the one that all demos share

    Raises
    ------
    ShapeError, ParameterError
        When it is made. Later changes that leave no room for the window are shown in the widget with
        the reason, and `output` raises.

    Notes
    -----
    Convention: cross-correlation, the kernel is not flipped, unless `conventions.operation` is
    "convolution": then the kernel is turned by half a turn first. With `conventions.rounding` "ceil" the
    last window may hang over the edge of the padded input; what lies beyond it counts as zero. Arrays have
    their channels first here, whatever `conventions.channels` says: that decides how the demo writes them.

    Every parameter is an attribute that can be read and set while the widget is shown, as are
    `playing` (bool), `speed` (positions a second), `filled` (output cells shown, in reading order;
    -1 shows all: 0 is a good start for a question to the class), `channel` (the one in front), `predicted`
    and `missed` (output cells, counted in reading order, whose number was typed rightly, and those that were
    missed at least once). `image` and `kernel` are read-only arrays: to change one, set a new one, or change
    its numbers in the browser.

    Examples
    --------
    >>> widget = SlidingWindow([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])
    >>> widget.output
    array([[19, 25],
           [37, 43]])
    """

    _esm, _css = esm("sliding_window"), css("sliding_window")
    shows = (
        "A window slides over the input. "
        "Each output number is the sum of the window's values times the kernel's weights."
    )

    image = Array(2, 3)
    kernel = Array(2, 3)
    stride = PerAxis(least=1)
    padding = PerAxis(least=0)
    dilation = PerAxis(least=1)
    position = Position()
    channel = Whole(0, least=0)
    playing = Flag(False)
    speed = Number(2.0, 0.1, 10_000)
    filled = Whole(-1, least=-1)
    predict = Flag(False)
    predicted = Wholes()
    missed = Wholes()
    tracing = Flag(False)
    step = Whole(0, least=0)
    recorded = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)

    engine: Callable[..., Any] | None = None
    trace: Trace | None = None
    """What `engine` did; None without one, or where it could not be recorded."""

    def __init__(
        self,
        image: Any,
        kernel: Any,
        *,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1,
        position: tuple[int, int] = (0, 0),
        predict: bool = False,
        engine: Callable[..., Any] | None = None,
        conventions: Conventions | None = None,
        **others: Any,
    ) -> None:
        parameters: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
        pixels, weights = real_array("image", image, 2, 3), real_array("kernel", kernel, 2, 3)
        check_channels(pixels.shape, weights.shape)
        # Raises before anything is sent. What fits does so with either rounding.
        rows, columns = output_shape(pixels.shape[-2:], weights.shape[-2:], **parameters)
        others.setdefault("speed", _power_of_two(rows * columns / SECONDS_FOR_ALL))
        arrays = {"image": pixels, "kernel": weights}
        super().__init__(
            conventions=conventions, **arrays, **parameters, position=position, predict=predict, **others
        )
        _follow_conventions(self)
        if engine is not None:
            self.trace = self._record(engine)  # raises where it cannot be recorded
            self.recorded, self.engine = message(self.trace), engine
            self.set_trait("tracing", True)

    @property
    def output(self) -> np.ndarray[Any, Any]:
        """The result of shape (OH, OW) by the present conventions: int64 if both arrays are, else float64.

        Raises
        ------
        ShapeError
            No window fits with the present parameters, or image and kernel differ in their channels.
        """
        from coursekit.reference import convolve, correlate  # not there while work is graded; the widget is

        check_channels(self.image.shape, self.kernel.shape)
        stride, dilation = self._pair("stride"), self._pair("dilation")
        around = [
            (zeros, zeros + beyond)
            for zeros, beyond in zip(self._pair("padding"), self.overhang, strict=True)
        ]
        image = self.image if self.image.ndim == 3 else self.image[None]
        kernel = self.kernel if self.kernel.ndim == 3 else self.kernel[None]
        operation = convolve if self.conventions.operation == "convolution" else correlate
        maps = operation(image, kernel[None], stride=stride, padding=around, dilation=dilation)
        result: np.ndarray[Any, Any] = maps[0]
        return result

    @property
    def overhang(self) -> tuple[int, int]:
        """Rows and columns by which the last window hangs over the padded input: zeros unless rounded up.

        Raises
        ------
        ShapeError
            No window fits with the present parameters.
        """
        beyond = []
        for axis, positions in enumerate(self._output_shape()):
            stride, padding, dilation = (self._pair(name)[axis] for name in ("stride", "padding", "dilation"))
            span = dilation * (self.kernel.shape[axis - 2] - 1) + 1
            end = (positions - 1) * stride + span
            beyond.append(max(0, end - self.image.shape[axis - 2] - 2 * padding))
        return beyond[0], beyond[1]

    @property
    def right_at_first_try(self) -> int:
        """How many numbers were typed rightly without a miss before."""
        return len(set(self.predicted) - set(self.missed))

    def describe(self) -> str:
        """Return the shapes, the position and the sum in words, and what `engine` does wrong."""
        found = "" if self.trace is None else " ".join(finding.sentence for finding in self.trace.findings)
        return f"{describe(self)} {found}".strip()

    def draw_picture(self, figure: Figure) -> None:
        """Draw the input, kernel and output side by side."""
        draw(figure, self)

    def _pair(self, name: str) -> tuple[int, ...]:
        return per_axis(name, getattr(self, name), 2, least=0)

    def _output_shape(self) -> tuple[int, ...]:
        parameters = {name: getattr(self, name) for name in ("stride", "padding", "dilation")}
        shapes = self.image.shape[-2:], self.kernel.shape[-2:]
        return tuple(map(int, output_shape(*shapes, **parameters, rounding=self.conventions.rounding)))

    @traitlets.validate("position")  # type: ignore[untyped-decorator]
    def _keep_inside(self, proposal: Any) -> tuple[int, int]:
        """Clamp to the output, as the browser does. Never raises: the two sides would drift apart."""
        row, column = proposal["value"]
        try:
            rows, columns = self._output_shape()
        except ShapeError:
            return (0, 0)
        return (min(row, rows - 1), min(column, columns - 1))

    @traitlets.validate("channel")  # type: ignore[untyped-decorator]
    def _keep_channel(self, proposal: Any) -> int:
        channels = self.image.shape[0] if self.image.ndim == 3 else 1
        return min(int(proposal["value"]), channels - 1)

    @traitlets.observe(*SHAPING)  # type: ignore[untyped-decorator]
    def _follow_shape(self, _change: Any) -> None:
        self.position, self.channel = self.position, self.channel
        for name in ("predicted", "missed"):
            self.set_trait(name, [])  # they answered another question
        self._record_again()

    def _record(self, engine: Callable[..., Any]) -> Trace:
        parameters = {name: getattr(self, name) for name in ("stride", "padding", "dilation")}
        operation = self.conventions.operation
        return record(engine, self.image, self.kernel, operation=operation, **parameters)

    def _record_again(self) -> None:
        """Follow a change. What cannot be recorded is said in the demo: an error would leave it half done."""
        if self.engine is None:
            return
        self.trace = None
        self.set_trait("step", 0)
        try:
            self.trace = self._record(self.engine)
        except CourseError as error:
            self.recorded = {"refused": f"{error}."}
        else:
            self.recorded = message(self.trace)


def check_channels(image_shape: tuple[int, ...], kernel_shape: tuple[int, ...]) -> None:
    """Raise ShapeError unless a kernel has the channels of the image: none, or as many."""
    if len(image_shape) == len(kernel_shape) and image_shape[:-2] == kernel_shape[:-2]:
        return
    wanted = f"({image_shape[0]}, KH, KW)" if len(image_shape) == 3 else "(KH, KW)"
    hint = ""
    if len(image_shape) == 3 and image_shape[0] not in kernel_shape[:-2] and image_shape[2] in (1, 3, 4):
        hint = "; an image (H, W, C) becomes (C, H, W) by np.moveaxis(image, -1, 0)"
    raise ShapeError(
        f"kernel must have shape {wanted} for an image of shape {image_shape}; got shape {kernel_shape}{hint}"
    )


def _follow_conventions(widget: SlidingWindow) -> None:
    """Keep the position inside the output when the conventions change, as long as the widget lives."""
    alive, conventions = weakref.ref(widget), widget.conventions

    def follow(change: Any) -> None:
        present = alive()
        if present is None:
            conventions.unobserve(follow, ["operation", "rounding"])
        else:
            present._follow_shape(change)

    conventions.observe(follow, ["operation", "rounding"])


def _power_of_two(rate: float) -> float:
    """The power of two next above `rate`, within what the slider offers; at least 2."""
    return float(min(1024, 2 ** max(1, int(np.ceil(np.log2(max(rate, 1)))))))
