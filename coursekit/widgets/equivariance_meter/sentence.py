"""The state of the equivariance meter in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.errors import CourseError

if TYPE_CHECKING:
    from coursekit.widgets.equivariance_meter.equivariance_meter import EquivarianceMeter

BORDERS = {
    "zeros": "zero padding",
    "wrap": "circular borders",
    "reflect": "reflected borders",
    "valid": "no padding",
}


def describe_function(demo: EquivarianceMeter) -> str:
    """Return f in words: "a 3 × 3 cross-correlation with zero padding, stride 1, then max pooling 2"."""
    operation = "cross-correlation" if demo.conventions.operation == "correlation" else "convolution"
    rows, columns = demo.kernel.shape
    words = f"a {rows} × {columns} {operation} with {BORDERS[demo.padding]}, stride {demo.stride}"
    if demo.pooling != "none":
        apart = demo.pool_size if demo.pool_stride is None else demo.pool_stride
        words += f", then {demo.pooling} pooling {demo.pool_size} with stride {apart}"
    return words + (", then the mean of the whole map" if demo.global_average else "")


def describe_meter(demo: EquivarianceMeter) -> str:
    """Return image, f, shift and result in three sentences; the result is not told while it is asked."""
    down, right = demo.shift
    rows, columns = demo.image.shape
    comes = "what leaves comes round" if demo.entering == "wrap" else "zeros come in"
    moves = f"{abs(down)} {'up' if down < 0 else 'down'}, {abs(right)} {'left' if right < 0 else 'right'}"
    image = f"The {rows} × {columns} image is shifted {moves}; {comes}."
    start = f"Equivariance meter: f is {describe_function(demo)}. {image}"
    return f"{start} {describe_result(demo)}"


def describe_result(demo: EquivarianceMeter) -> str:
    """Return how many outputs differ, or why that is not said."""
    if demo.predict and not demo.answer:
        return "Whether f(shift x) and shift f(x) differ is to be predicted."
    try:
        differing, compared = demo.differing
    except CourseError as error:
        return f"There is no output: {error}."
    except ImportError:
        return "What differs is computed in the browser."
    if not compared:
        return "The shift leaves no output to compare."
    largest = f"; the largest difference is {demo.largest_difference:.4g}" if differing else ""
    return f"f(shift x) and shift f(x) differ in {differing} of {compared} outputs{largest}."
