"""The equivariance meter: is a shift of the input a shift of the output, and what breaks it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from coursekit.errors import ParameterError, ShapeError
from coursekit.widgets.equivariance_meter.examples import KERNELS, example_images, examples_message
from coursekit.widgets.equivariance_meter.mapping import (
    ENTERING,
    PADDINGS,
    POOLINGS,
    Mapping,
    count_differing,
    shifted,
)
from coursekit.widgets.equivariance_meter.picture import draw_meter
from coursekit.widgets.equivariance_meter.sentence import describe_meter
from coursekit.widgets.shared.demo import Demo
from coursekit.widgets.shared.esm import css, esm
from coursekit.widgets.shared.traits import Choice, Flag, Matrix, Whole, matrix, whole_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    Values = np.ndarray[Any, Any]

LARGEST_IMAGE = 128
"""Rows and columns of the largest image: a browser measures it at all shifts of a row within a frame."""

LARGEST_KERNEL = 7
LARGEST_SHIFT = 8
LARGEST_STEP = 4
"""The largest stride and the largest pooling window."""


class Shift(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """Pixels down and right, from −8 to 8."""

    info_text = "(pixels down, pixels right)"

    def __init__(self) -> None:
        super().__init__(default_value=(0, 0))
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> tuple[int, int]:
        """Return a pair of ints, or raise ParameterError."""
        if not isinstance(value, (tuple, list, np.ndarray)) or len(value) != 2:
            raise ParameterError(f"shift must be (pixels down, pixels right); got {value!r}")
        down, right = (
            whole_number(f"shift[{at}]", one, -LARGEST_SHIFT, LARGEST_SHIFT) for at, one in enumerate(value)
        )
        return down, right


class EquivarianceMeter(Demo):
    """Shift the input: is the output of the shifted input the shifted output?

    Parameters
    ----------
    image : array of shape (H, W), real and finite, at most 128 × 128; optional
        Up to 12 × 12 it is shown as numbers, above as a picture. The reader can change to a small image of
        the course, and, with scikit-image, to parts of its photographs.
    kernel : array of shape (KH, KW), at most 7 × 7, or one of the names in `KERNELS`; optional
    shift : (pixels down, pixels right), each from −8 to 8; by default (0, 1)
    padding : what the convolution reads beyond the border: "zeros" (default), "wrap" (the other side:
        circular), "reflect", or "valid" (nothing: the output is smaller)
    stride : int from 1 to 4
    pooling : "none" (default), "max" or "average", after the convolution
    pool_size, pool_stride : int from 1 to 4; a stride of None is the size
    global_average : bool, whether f ends with the mean of the whole map
    entering : what a shift brings in at the border of the image: "wrap" (default: what left on the other
        side) or "zeros"
    predict : bool; the difference is hidden until the reader says whether it will be zero
    conventions : Conventions, optional
        `operation` says whether the kernel is flipped, `rounding` how the pooling rounds sizes.

    Raises
    ------
    ShapeError, ParameterError
        When it is made or changed from Python. A window that does not fit into the image is shown as such,
        and the results raise.

    Notes
    -----
    Convention: f is equivariant to shifts if f(shift x) = shift f(x): shift in, shift out. It is invariant
    if f(shift x) = f(x): shift in, nothing changes. A shift by d pixels should shift the output by d / step
    outputs, where step is the product of the strides; where that is no whole number, the nearest is taken.
    Source: Zhang, Making Convolutional Networks Shift-Invariant Again, ICML 2019.

    Examples
    --------
    >>> meter = EquivarianceMeter([[1, 2, 3, 4]], [[1]], padding="wrap", stride=2)
    >>> meter.output_of_shifted, meter.shifted_output
    (array([[4, 2]]), array([[1, 3]]))
    >>> meter.shift = (0, 2)
    >>> meter.largest_difference
    0.0
    """

    _esm, _css = esm("equivariance_meter"), css("equivariance_meter")
    shows = "Shift the input: does the output just shift along? Padding, strides and pooling break that."
    picture_size = (10.0, 2.8)

    image = Matrix()
    kernel = Matrix()
    shift = Shift()
    padding = Choice(*PADDINGS)
    stride = Whole(1, least=1, most=LARGEST_STEP)
    pooling = Choice(*POOLINGS)
    pool_size = Whole(2, least=1, most=LARGEST_STEP)
    pool_stride = Whole(None, least=1, most=LARGEST_STEP)
    global_average = Flag(False)
    entering = Choice(*ENTERING)
    predict = Flag(False)
    answer = Choice("", "yes", "no")
    _examples = traitlets.Dict().tag(sync=True, to_json=lambda all_, _: examples_message(all_))

    def __init__(
        self, image: Any = None, kernel: Any = "corner", *, shift: Any = (0, 1), **others: Any
    ) -> None:
        examples = example_images()
        if image is not None:
            examples = {"yours": _checked("image", image, LARGEST_IMAGE), **examples}
        super().__init__(
            image=next(iter(examples.values())),
            kernel=_kernel(kernel),
            shift=shift,
            _examples=examples,
            **others,
        )
        self.mapping.maps_shape(self.image.shape)  # says at once what does not fit

    @property
    def mapping(self) -> Mapping:
        """The function f of the present state: `meter.mapping(image)` is its output."""
        names = ("kernel", "padding", "stride", "pooling", "pool_size", "pool_stride", "global_average")
        settings = {name: getattr(self, name) for name in names}
        conventions = self.conventions
        is_flipped = conventions.operation == "convolution"
        return Mapping(**settings, is_flipped=is_flipped, rounding=conventions.rounding)

    @property
    def shifted_image(self) -> Values:
        """The image moved by `shift`, of its shape."""
        return shifted(self.image, self.shift, self.entering)

    @property
    def output(self) -> Values:
        """f(image): shape (OH, OW), or one number of shape () after a global average.

        Raises
        ------
        ShapeError
            A window does not fit into the image.
        """
        return self._apply(self.image)

    @property
    def output_of_shifted(self) -> Values:
        """f(shift image): first the shift, then f. Shape and errors as for `output`."""
        return self._apply(self.shifted_image)

    @property
    def shifted_output(self) -> Values:
        """shift f(image): first f, then the shift, by shift / step outputs, rounded to whole ones.

        Shape and errors as for `output`. NaN where no output is known that could have come in: with
        `entering` "wrap" outputs come round too, if there are as many as the image's size by the step.
        """
        mapping = self.mapping
        return mapping.shift_output(self.output, self.shift, self.image.shape, self.entering)

    @property
    def difference(self) -> Values:
        """`output_of_shifted` − `shifted_output`: zero for an equivariant f; NaN as there."""
        return np.asarray(self.output_of_shifted - self.shifted_output)

    @property
    def largest_difference(self) -> float:
        """The largest absolute difference; NaN where no output can be compared."""
        sizes = np.abs(self.difference)
        return float(np.nanmax(sizes)) if not np.isnan(sizes).all() else float("nan")

    @property
    def differing(self) -> tuple[int, int]:
        """How many outputs differ by more than rounding, and how many are compared."""
        return count_differing(self.difference, self.output, self.output_of_shifted)

    def describe(self) -> str:
        """Return f, the shift, and what differs, unless it is to be predicted."""
        return describe_meter(self)

    def draw_picture(self, figure: Figure) -> None:
        """Draw both images, both outputs and their difference, hiding what is to be predicted."""
        draw_meter(self, figure)

    def _apply(self, image: Values) -> Values:
        mapping = self.mapping
        mapping.maps_shape(image.shape)  # in the words of this demo, before the reference's
        return mapping(image)

    @traitlets.validate("image", "kernel")  # type: ignore[untyped-decorator]
    def _not_too_large(self, proposal: Any) -> Values:
        name = proposal["trait"].name
        return _checked(name, proposal["value"], LARGEST_IMAGE if name == "image" else LARGEST_KERNEL)

    @traitlets.observe(  # type: ignore[untyped-decorator]
        "image",
        "kernel",
        "shift",
        "padding",
        "stride",
        "pooling",
        "pool_size",
        "pool_stride",
        "global_average",
        "entering",
        "predict",
    )
    def _ask_again(self, _change: Any) -> None:
        self.set_trait("answer", "")


def _kernel(value: Any) -> Values:
    """Return a kernel from an array or a name."""
    if isinstance(value, str):
        if value not in KERNELS:
            allowed = ", ".join(map(repr, KERNELS))
            raise ParameterError(f"kernel must be an array or one of {allowed}; got {value!r}")
        return matrix("kernel", KERNELS[value])
    return _checked("kernel", value, LARGEST_KERNEL)


def _checked(name: str, value: Any, largest: int) -> Values:
    array = matrix(name, value)
    if max(array.shape) > largest:
        raise ShapeError(
            f"{name} must have at most {largest} rows and columns; got shape {array.shape}; pass a part of it"
        )
    return array
