"""The kernel playground: a real picture, a kernel to play with, and both responses side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from coursekit.errors import ParameterError, ShapeError
from coursekit.widgets.kernel_playground.drawing import draw_playground
from coursekit.widgets.kernel_playground.pictures import Picture, grey_picture, pictures
from coursekit.widgets.kernel_playground.presets import preset
from coursekit.widgets.kernel_playground.responses import NORMALISE, PADDINGS, find_peaks, respond
from coursekit.widgets.shared.demo import Demo
from coursekit.widgets.shared.esm import css, esm
from coursekit.widgets.shared.traits import Choice, Flag, Matrix, Position, Whole, Wholes, Word, matrix

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    Array = np.ndarray[Any, Any]

LARGEST_KERNEL = 64
"""Rows and columns of the largest kernel: a browser answers to it within about half a second."""


class KernelPlayground(Demo):
    """A real picture, a kernel to play with, and what the picture answers: not flipped and flipped.

    Parameters
    ----------
    image : array of shape (H, W), or in colour (H, W, 3) or (3, H, W), real and finite; optional
        uint8 counts from 0 to 1; colour turns into grey; more than 384 pixels a side are averaged down.
        The reader can change to the course's pictures, "coins", "photograph" and "page", and to a camera,
        whose picture stays in the browser.
    kernel : array of shape (KH, KW), at most 64 × 64; or the name of a preset, as "Gaussian blur"; optional
    images : dict of names to further images of the same kinds, to choose from; optional
    padding : "zeros" (default), "valid" (none), "reflect", "edge" or "wrap"
    normalise : "none" (default: the sum of products), "zero mean" (the kernel's mean is taken off it first)
        or "normalised" (that, divided by the contrast of kernel and window: from −1 to 1)
    peaks : int from 0 to 9, how many of the highest responses are marked
    conventions : Conventions, optional
        Its `operation` says which of both responses the peaks are marked in.

    Raises
    ------
    ShapeError, ParameterError
        When it is made or changed from Python. A kernel that does not fit into the image is shown as
        such, and `response` raises.
    ImportError
        No image was given, and scikit-image, which carries the course's, is not installed.

    Notes
    -----
    Convention: `response` is the cross-correlation (the kernel as it is), `flipped_response` the convolution
    (the kernel turned by half a turn first), whatever `conventions` says.

    `picture` (the name of the one that is shown), `kernel`, `padding`, `normalise`, `peaks`, `position` (a
    place (row, column) of the responses), `difference` (bool: show what both responses differ by) and
    `as_image` (bool: show responses in grey, cut off below 0 and above 1) can be read and set while the demo
    is shown; to show another image, set `image`.

    Examples
    --------
    >>> demo = KernelPlayground([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]], padding="valid")
    >>> demo.response
    array([[19, 25],
           [37, 43]])
    >>> demo.flipped_response
    array([[ 5, 11],
           [23, 29]])
    """

    _esm, _css = esm("kernel_playground"), css("kernel_playground")
    shows = (
        "Each pixel of a response is the sum of a picture's window times the kernel: "
        "once with the kernel as it is, once with the kernel flipped."
    )
    picture_size = (10.0, 3.2)

    _pictures = traitlets.Tuple().tag(sync=True, to_json=lambda all_, _: [one.message() for one in all_])
    picture = Word()
    kernel = Matrix()
    cut_from = Wholes(0, 2)
    padding = Choice(*PADDINGS)
    normalise = Choice(*NORMALISE)
    peaks = Whole(3, least=0, most=9)
    position = Position()
    difference = Flag(False)
    as_image = Flag(False)

    def __init__(
        self,
        image: Any = None,
        kernel: Any = "emboss",
        *,
        images: Mapping[str, Any] | None = None,
        padding: str = "zeros",
        normalise: str = "none",
        peaks: int = 3,
        **others: Any,
    ) -> None:
        shown = pictures(image, images)
        others.setdefault("position", tuple(size // 2 for size in shown[0].pixels.shape))
        super().__init__(
            _pictures=shown,
            picture=_known_name(others.pop("picture", shown[0].name), shown),
            kernel=_kernel(kernel),
            padding=padding,
            normalise=normalise,
            peaks=peaks,
            **others,
        )

    @property
    def image(self) -> Array:
        """The picture that is shown, grey, of shape (H, W). Set it to show another.

        The camera's picture never comes here: it stays in the browser.
        """
        return next(one.pixels for one in self._pictures if one.name == self.picture)

    @image.setter
    def image(self, image: Any) -> None:
        new = grey_picture("your image", image)
        others = tuple(one for one in self._pictures if one.name != new.name)
        with self.hold_trait_notifications():
            self._pictures = (new, *others)
            self.set_trait("picture", new.name)
            self.set_trait("cut_from", [])

    @property
    def response(self) -> Array:
        """The cross-correlation: the kernel as it is. Shape (H, W); with "valid" (H - KH + 1, W - KW + 1).

        Raises
        ------
        ShapeError
            With "valid": the kernel is larger than the image.
        """
        return respond(self.image, self.kernel, self.padding, self.normalise, flipped=False)

    @property
    def flipped_response(self) -> Array:
        """The convolution: the kernel turned by half a turn first. Shape and errors as for `response`."""
        return respond(self.image, self.kernel, self.padding, self.normalise, flipped=True)

    @property
    def found(self) -> list[tuple[int, int]]:
        """The marked peaks (row, column) of the response that the conventions name, highest first.

        A peak is a place that none of its eight neighbours exceeds. The highest comes first, among equals
        the first in reading order; each further one lies at least the kernel's height or width away.
        """
        flipped = self.conventions.operation == "convolution"
        return find_peaks(
            self.flipped_response if flipped else self.response,
            (self.kernel.shape[0], self.kernel.shape[1]),
            self.peaks,
        )

    def cut(self, row: int, column: int, height: int, width: int) -> None:
        """Take a part of the picture as the kernel: `height` × `width` pixels from (`row`, `column`) on.

        Raises
        ------
        ShapeError
            The part does not lie inside the picture, is empty, or is larger than 64 × 64.
        """
        rows, columns = self.image.shape
        inside = 0 <= row < row + height <= rows and 0 <= column < column + width <= columns
        if not inside or max(height, width) > LARGEST_KERNEL:
            raise ShapeError(
                f"the part must lie inside the picture, {rows} × {columns}, and have at most "
                f"{LARGEST_KERNEL} × {LARGEST_KERNEL} pixels; got rows {row} to {row + height - 1}, "
                f"columns {column} to {column + width - 1}"
            )
        with self.hold_trait_notifications():
            self.set_trait("kernel", self.image[row : row + height, column : column + width])
            self.set_trait("cut_from", [row, column])

    def describe(self) -> str:
        """Return picture, kernel, convention and peaks in two sentences."""
        size, taps = (" × ".join(map(str, array.shape)) for array in (self.image, self.kernel))
        start = (
            f'Kernel playground: the picture "{self.picture}", {size} pixels, and its responses to a {taps} '
            "kernel, as it is (cross-correlation) and flipped (convolution)."
        )
        try:
            found = self.found
        except (ShapeError, ImportError):
            return start
        operation = "cross-correlation" if self.conventions.operation == "correlation" else "convolution"
        places = ", ".join(f"row {row} column {column}" for row, column in found) or "none"
        return f"{start} Highest peaks of the {operation}: {places}."

    def draw_picture(self, figure: Figure) -> None:
        """Draw picture, kernel and both responses."""
        draw_playground(figure, self)

    @traitlets.validate("picture")  # type: ignore[untyped-decorator]
    def _known(self, proposal: Any) -> str:
        return _known_name(proposal["value"], self._pictures)

    @traitlets.validate("kernel")  # type: ignore[untyped-decorator]
    def _not_too_large(self, proposal: Any) -> Array:
        return _kernel(proposal["value"])

    @traitlets.validate("position")  # type: ignore[untyped-decorator]
    def _keep_inside(self, proposal: Any) -> tuple[int, int]:
        """Clamp to the picture, as the browser does. Never raises: the two sides would drift apart."""
        row, column = proposal["value"]
        if not self._pictures or not self.picture:
            return (row, column)
        rows, columns = self.image.shape
        return (min(row, rows - 1), min(column, columns - 1))

    @traitlets.observe("kernel", "picture", "cut_from")  # type: ignore[untyped-decorator]
    def _forget_cut(self, _change: Any) -> None:
        """A kernel that does not stand in the picture, at the place it was cut from, is none that was cut."""
        if len(self.cut_from) == 2 and isinstance(self.kernel, np.ndarray):
            row, column = self.cut_from
            height, width = self.kernel.shape
            part = self.image[row : row + height, column : column + width]
            if not np.array_equal(part, self.kernel):
                self.set_trait("cut_from", [])


def _known_name(name: object, shown: Iterable[Picture]) -> str:
    names = [one.name for one in shown]
    if not isinstance(name, str) or name not in names:
        raise ParameterError(f"picture must be one of {', '.join(map(repr, names))}; got {name!r}")
    return name


def _kernel(value: Any) -> Array:
    """Return a kernel of at most 64 × 64 from an array, or the preset of a name."""
    kernel = preset(value) if isinstance(value, str) else matrix("kernel", value)
    if max(kernel.shape) > LARGEST_KERNEL:
        raise ShapeError(
            f"kernel must have at most {LARGEST_KERNEL} × {LARGEST_KERNEL} numbers; got shape {kernel.shape}"
        )
    return matrix("kernel", kernel)
