"""The sliding window: an input, a kernel, their cross-correlation, and every product behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from coursekit.errors import ShapeError
from coursekit.shapes import output_shape
from coursekit.widgets.shared.esm import join_modules
from coursekit.widgets.shared.traits import Matrix, PerAxis, Position, matrix
from coursekit.widgets.sliding_window.fallback import picture_html, picture_png

SECONDS_FOR_ALL = 20
"""How long a first play of a large picture lasts: small ones go at two positions a second."""


class SlidingWindow(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget is untyped here
    """A window that slides over an input, with its products and their sum written out.

    Parameters
    ----------
    image : array or nested list of shape (H, W), real and finite
        Up to about 14 columns are printed as numbers; larger ones are drawn as pictures.
    kernel : the same, of shape (KH, KW); must fit inside the padded image
    stride : int >= 1, or one for rows and one for columns, in pixels
    padding : int >= 0, or one for rows and one for columns, zeros on each side
    dilation : int >= 1, or one for rows and one for columns, pixels from one tap to the next
    position : (row, column) of the output; beyond the last it becomes the last

    Raises
    ------
    ShapeError, ParameterError
        When it is made. Later changes that leave no room for the window are shown in the widget with
        the reason, and `output` raises.

    Notes
    -----
    Convention: cross-correlation, the kernel is not flipped.

    Every parameter is an attribute that can be read and set while the widget is shown, as are
    `playing` (bool), `speed` (positions a second) and `filled` (output cells shown, in reading order;
    -1 shows all: 0 is a good start for a question to the class). `image` and `kernel` are read-only
    arrays: to change one, set a new one.

    Examples
    --------
    >>> widget = SlidingWindow([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])
    >>> widget.output
    array([[19, 25],
           [37, 43]])
    """

    _esm = join_modules(Path(__file__).with_suffix(".js"))
    _css = Path(__file__).with_suffix(".css")

    image = Matrix()
    kernel = Matrix()
    stride = PerAxis(least=1)
    padding = PerAxis(least=0)
    dilation = PerAxis(least=1)
    position = Position()
    playing = traitlets.Bool(False).tag(sync=True)
    speed = traitlets.Float(2.0, min=0.1, max=10_000).tag(sync=True)
    filled = traitlets.Int(-1, min=-1).tag(sync=True)

    def __init__(
        self,
        image: Any,
        kernel: Any,
        *,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1,
        position: tuple[int, int] = (0, 0),
        **others: Any,
    ) -> None:
        parameters: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
        pixels, weights = matrix("image", image), matrix("kernel", kernel)
        rows, columns = output_shape(
            pixels.shape, weights.shape, **parameters
        )  # raises before anything is sent
        others.setdefault("speed", _power_of_two(rows * columns / SECONDS_FOR_ALL))
        super().__init__(image=pixels, kernel=weights, **parameters, position=position, **others)

    @property
    def output(self) -> np.ndarray[Any, Any]:
        """The cross-correlation, of shape (OH, OW): int64 if image and kernel are, else float64.

        Raises
        ------
        ShapeError
            No window fits with the present parameters.
        """
        from coursekit.reference import correlate  # not there while work is graded; the widget itself is

        result: np.ndarray[Any, Any] = correlate(self.image, self.kernel, **self._parameters())
        return result

    def _parameters(self) -> dict[str, Any]:
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}

    def _output_shape(self) -> tuple[int, ...]:
        return output_shape(self.image.shape, self.kernel.shape, **self._parameters())

    @traitlets.validate("position")  # type: ignore[untyped-decorator]
    def _keep_inside(self, proposal: Any) -> tuple[int, int]:
        """Clamp to the output, as the browser does. Never raises: the two sides would drift apart."""
        row, column = proposal["value"]
        try:
            rows, columns = self._output_shape()
        except ShapeError:
            return (0, 0)
        return (min(row, rows - 1), min(column, columns - 1))

    @traitlets.observe("image", "kernel", "stride", "padding", "dilation")  # type: ignore[untyped-decorator]
    def _follow_shape(self, _change: Any) -> None:
        self.position = self.position

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live widget, and beside it a picture for where no widget can run."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        png = picture_png(self)
        if png is not None:
            data = {**data, "image/png": png, "text/html": picture_html(self, png)}
        return data, metadata


def _power_of_two(rate: float) -> float:
    """The power of two next above `rate`, within what the slider offers; at least 2."""
    return float(min(1024, 2 ** max(1, int(np.ceil(np.log2(max(rate, 1)))))))
