"""Pooling, forward and backward: the winner of each window, and the gradient that flows back to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from coursekit.errors import CourseError, ShapeError
from coursekit.widgets.conventions_switch.conventions_switch import Conventions
from coursekit.widgets.pooling_explorer.maps_shape import maps_shape
from coursekit.widgets.pooling_explorer.picture import draw_maps
from coursekit.widgets.pooling_explorer.sentence import describe_state
from coursekit.widgets.shared.demo import Demo, shared_conventions
from coursekit.widgets.shared.esm import css, esm
from coursekit.widgets.shared.traits import (
    Array,
    Choice,
    Flag,
    PerAxis,
    Position,
    Whole,
    Wholes,
    real_array,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    Values = np.ndarray[Any, Any]

MODES = ("max", "average", "global max", "global average", "maxout")

COMPUTED = ("image", "size", "stride", "padding", "mode", "groups", "count_padding", "gradient", "channel")
"""The traits that change what is computed, and with it every question. The browser is told them."""

DEFAULT_IMAGE = (
    (
        (1, 3, 0, 2, 5, 4, 1),
        (2, 3, 1, 4, 6, 2, 0),
        (0, 1, 9, 5, 2, 0, 3),
        (4, 0, 6, 9, 1, 0, 3),
        (7, 2, 4, 1, 0, 0, 8),
        (2, 5, 1, 5, 0, 0, 6),
    ),
    (
        (-4, -2, 0, 3, 1, -1, 1),
        (-3, -5, 2, 3, 0, -2, 1),
        (1, 0, -1, 9, 4, 2, -3),
        (2, 2, -6, 1, 4, 0, -1),
        (5, -1, 3, 0, -2, -2, -4),
        (0, 1, 3, -1, -2, -7, -3),
    ),
)
"""Two channels of 6 x 7 pixels: windows with one maximum, with two and with four; negative corners; and a
last column that a window of 2 with stride 2 reads only where sizes are rounded up."""


class Stride(PerAxis):
    """A stride, or None: the size of the window."""

    info_text = "an integer, one for rows and one for columns, or None"

    def __init__(self) -> None:
        super().__init__(least=1)
        self.default_value = None

    def validate(self, owner: object, value: object) -> int | tuple[int, ...] | None:  # type: ignore[override]
        """Return None, an int or a pair of ints, or raise ParameterError."""
        return None if value is None else super().validate(owner, value)


class Pixel(Position):
    """A pixel (row, column) of the input, or None."""

    info_text = "(row, column) or None"

    def __init__(self) -> None:
        super().__init__()
        self.default_value = None

    def validate(self, owner: object, value: object) -> tuple[int, ...] | None:  # type: ignore[override]
        """Return None or a pair of ints, or raise ParameterError."""
        return None if value is None else super().validate(owner, value)


class PoolingExplorer(Demo):
    """A window over an image: what pooling keeps of it, and to which pixels the gradient goes back.

    Parameters
    ----------
    image : array or nested list of shape (H, W) or (C, H, W), real and finite; None: two channels of 6 x 7
        Up to about 14 columns are printed as numbers; larger ones are drawn as pictures.
    size : int >= 1, or one for rows and one for columns: pixels of the window
    stride : the same, in pixels; None (default) is `size`, so that windows do not overlap
    padding : int >= 0, or one for rows and one for columns; at most half the window
        It holds −inf for a maximum, so that it never wins, and zeros for an average.
    mode : "max" (default), "average", "global max", "global average" or "maxout"
        The global modes take the whole map as their window; "maxout" takes the largest of a group of
        channels at each pixel, and needs an image (C, H, W). Both leave size, stride and padding unused.
    gradient : array of the shape of `output_maps`: what arrives at the output; None is ones
        Where it does not fit, because the output changed its shape, ones are used: see `arriving`.
    groups : int >= 1, the channels that maxout leaves; it divides C
    count_padding : whether an average counts the zeros of the padding as pixels, as in PyTorch
    position : (row, column) of the window in the output; beyond the last it becomes the last
    channel : int >= 0, the channel of the output that is shown
    pixel : (row, column) of the input: explain where its gradient comes from; None explains the window
    predict : "off" (default), "output" or "gradient": hide these numbers until they are predicted
    conventions : `rounding` decides whether windows hang over the far end, `ties` who gets the gradient
        where a window has several maxima

    Raises
    ------
    ShapeError, ParameterError
        When it is made. Later changes that leave no room for the window are shown in the demo with the
        reason, and `output` raises.

    Notes
    -----
    Every parameter is an attribute that can be read and set while the demo is shown, as is `answered`
    (the numbers that were predicted, in row order). Arrays are read-only: to change one, set a new one.

    Examples
    --------
    >>> demo = PoolingExplorer([[1, 3, 0, 2], [2, 3, 1, 4]])
    >>> demo.output
    array([[3, 4]])
    >>> demo.input_gradient
    array([[0, 1, 0, 0],
           [0, 0, 0, 1]])
    """

    _esm, _css = esm("pooling_explorer"), css("pooling_explorer")
    shows = (
        "Pooling keeps one number of each window, and on the way back its gradient goes "
        "to the pixels that made that number."
    )
    picture_size = (10.0, 3.0)

    image = Array(2, 3)
    size = PerAxis(least=1)
    stride = Stride()
    padding = PerAxis(least=0)
    mode = Choice(*MODES)
    groups = Whole(1, least=1)
    count_padding = Flag(True)
    gradient = Array(2, 3)
    position = Position()
    channel = Whole(0, least=0)
    pixel = Pixel()
    predict = Choice("off", "output", "gradient")
    answered = Wholes()
    _computed = traitlets.List(list(COMPUTED)).tag(sync=True)

    def __init__(
        self,
        image: Any = None,
        size: int | Sequence[int] = 2,
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        mode: str = "max",
        gradient: Any = None,
        *,
        groups: int = 1,
        conventions: Conventions | None = None,
        **others: Any,
    ) -> None:
        pixels = real_array("image", DEFAULT_IMAGE if image is None else image, 2, 3)
        given: dict[str, Any] = {
            "size": size,
            "stride": stride,
            "padding": padding,
            "mode": type(self).mode.validate(self, mode),
            "groups": groups,
        }
        rounding = getattr(conventions, "rounding", None) or shared_conventions().rounding
        shape = maps_shape(pixels.shape, rounding=rounding, **given)  # raises before anything is sent
        if gradient is None:
            sent = np.ones(shape, int)
        else:
            sent = real_array("gradient", gradient, 2, 3)
            if sent.shape != shape:
                raise ShapeError(
                    f"gradient must have the shape of the output, {shape}; got shape {sent.shape}"
                )
        super().__init__(image=pixels, gradient=sent, conventions=conventions, **given, **others)

    @property
    def output_maps(self) -> Values:
        """What pooling keeps, as maps: (OH, OW), or (C, OH, OW); the global modes give maps of 1 x 1.

        Raises
        ------
        ShapeError, ParameterError
            No window fits with the present parameters.
        """
        pooled: Values = np.asarray(self.output)
        return pooled[..., None, None] if self.mode.startswith("global") else pooled

    @property
    def output(self) -> Values:
        """What the reference gives for the present state; raises what it raises.

        max_pool, average_pool, global_max_pool, global_average_pool or maxout of the image.
        """
        from coursekit import reference  # not there while work is graded; the demo itself is

        self._maps_shape()  # says what does not fit in the words of this demo
        pooled: Values
        if self.mode == "max":
            pooled = reference.max_pool(self.image, self.size, **self._window())
        elif self.mode == "average":
            pooled = reference.average_pool(
                self.image, self.size, **self._window(), count_padding=self.count_padding
            )
        elif self.mode == "maxout":
            pooled = reference.maxout(self.image, self.groups)
        else:
            whole = reference.global_max_pool if self.mode == "global max" else reference.global_average_pool
            pooled = whole(self.image)
        return pooled

    @property
    def arriving(self) -> Values:
        """The gradient that arrives at the output: `gradient` where it fits `output_maps`, else ones."""
        shape = self._maps_shape()
        sent: Values = self.gradient
        return sent if sent.shape == shape else np.ones(shape, int)

    @property
    def input_gradient(self) -> Values:
        """The gradient that the image gets, of its shape, as the reference computes it from `arriving`."""
        from coursekit import reference

        sent, ties = self.arriving, self.conventions.ties
        back: Values
        if self.mode == "max":
            back = reference.max_pool_gradient(sent, self.image, self.size, **self._window(), ties=ties)
        elif self.mode == "average":
            back = reference.average_pool_gradient(
                sent, self.image.shape[-2:], self.size, **self._window(), count_padding=self.count_padding
            )
        elif self.mode == "maxout":
            back = reference.maxout_gradient(sent, self.image, self.groups, ties=ties)
        elif self.mode == "global max":
            back = reference.global_max_pool_gradient(sent[..., 0, 0], self.image, ties=ties)
        else:
            back = reference.global_average_pool_gradient(sent[..., 0, 0], self.image.shape[-2:])
        return back

    def describe(self) -> str:
        """Return mode, sizes, and the value at the position, unless it is to be predicted."""
        return describe_state(self)

    def draw_picture(self, figure: Figure) -> None:
        """Draw the four maps side by side, hiding what is to be predicted."""
        draw_maps(self, figure)

    def _window(self) -> dict[str, Any]:
        rounding = self.conventions.rounding
        return {"stride": self.stride, "padding": self.padding, "rounding": rounding}

    def _maps_shape(self) -> tuple[int, ...]:
        names = ("size", "stride", "padding", "mode", "groups")
        parameters = {name: getattr(self, name) for name in names}
        return maps_shape(self.image.shape, rounding=self.conventions.rounding, **parameters)

    @traitlets.validate("position", "channel", "pixel")  # type: ignore[untyped-decorator]
    def _keep_inside(self, proposal: Any) -> Any:
        """Clamp to what there is, as the browser does. Never raises: the two sides would drift apart."""
        name, value = proposal["trait"].name, proposal["value"]
        try:
            shape = (1, *self._maps_shape())[-3:]
        except CourseError:
            shape = (1, 1, 1)
        if name == "channel":
            return min(value, shape[0] - 1)
        if name == "pixel" and value is None:
            return None
        limits = self.image.shape[-2:] if name == "pixel" else shape[-2:]
        return tuple(min(at, limit - 1) for at, limit in zip(value, limits, strict=True))

    @traitlets.observe("image", "size", "stride", "padding", "mode", "groups")  # type: ignore[untyped-decorator]
    def _follow_shape(self, _change: Any) -> None:
        self.position, self.channel, self.pixel = self.position, self.channel, self.pixel

    @traitlets.observe(*COMPUTED, "predict")  # type: ignore[untyped-decorator]
    def _ask_again(self, _change: Any) -> None:
        self.set_trait("answered", [])
