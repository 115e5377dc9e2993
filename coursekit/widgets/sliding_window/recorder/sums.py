"""What each output of a recorded call is made of, and what it should be made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from coursekit.shapes import output_shape, per_axis
from coursekit.widgets.sliding_window.recorder import pairing
from coursekit.widgets.sliding_window.recorder.nodes import Cell, Node, Origin, Product, origin

Pair = tuple[Cell, Cell]


@dataclass(frozen=True)
class Task:
    """What the function is asked for: a correlation, or a convolution, with these parameters."""

    image: np.ndarray[Any, Any]
    kernel: np.ndarray[Any, Any]
    operation: str = "correlation"
    stride: tuple[int, ...] = (1, 1)
    padding: tuple[int, ...] = (0, 0)
    dilation: tuple[int, ...] = (1, 1)

    @classmethod
    def of(cls, image: Any, kernel: Any, operation: str, **parameters: Any) -> Task:
        """Check the parameters; raises ShapeError or ParameterError."""
        output_shape(image.shape, kernel.shape, **parameters)
        pairs = {name: per_axis(name, value, 2, least=0) for name, value in parameters.items()}
        return cls(image, kernel, operation, **pairs)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the output."""
        parameters: dict[str, Any] = {name: getattr(self, name) for name in ("stride", "padding", "dilation")}
        return output_shape(self.image.shape, self.kernel.shape, **parameters)

    def step(self, axis: int) -> int:
        """Return how far the pixel goes on from one tap to the next; backwards in a convolution."""
        return self.dilation[axis] if self.operation == "correlation" else -self.dilation[axis]

    def start(self, axis: int) -> int:
        """Return the pixel of output 0 that is multiplied by tap 0."""
        reach = self.dilation[axis] * (self.kernel.shape[axis] - 1)
        return -self.padding[axis] + (0 if self.operation == "correlation" else reach)

    def pixel(self, cell: Cell, tap: Cell) -> Cell:
        """Return the pixel that an output multiplies by a tap; it may lie outside."""
        row, column = (
            self.stride[axis] * cell[axis] + self.step(axis) * tap[axis] + self.start(axis) for axis in (0, 1)
        )
        return row, column

    def is_inside(self, pixel: Cell) -> bool:
        """Return whether a pixel is one of the image."""
        return all(0 <= at < size for at, size in zip(pixel, self.image.shape, strict=True))

    def taps(self) -> Iterator[Cell]:
        """Yield every tap (row, column) of the kernel."""
        return product(*map(range, self.kernel.shape))  # type: ignore[return-value]

    def right(self, cell: Cell) -> float:
        """Return the right sum at an output."""
        terms = ((self.pixel(cell, tap), tap) for tap in self.taps())
        return float(
            sum(self.image[pixel] * self.kernel[tap] for pixel, tap in terms if self.is_inside(pixel))
        )

    def is_all_zero(self, cell: Cell) -> bool:
        """Return whether every product at an output is zero: such products may be left out."""
        terms = ((self.pixel(cell, tap), tap) for tap in self.taps())
        return not any(
            self.image[pixel] and self.kernel[tap] for pixel, tap in terms if self.is_inside(pixel)
        )

    def term(self, product: Product) -> float:
        """Return the value of one product."""
        pixel = 1.0 if product.pixel is None else float(self.image[product.pixel])
        tap = 1.0 if product.tap is None else float(self.kernel[product.tap])
        return product.factor * pixel * tap


@dataclass
class Sum:
    """One output: its value, and the products it is made of.

    products : of a pixel and a tap; `beside` : taps that met a number which is no pixel, as padding
    """

    cell: Cell
    value: float
    origin: Origin
    is_written: bool
    products: list[Product] = field(default_factory=list)
    beside: list[Product] = field(default_factory=list)
    loose: list[Product] = field(default_factory=list)
    """Pixels that no tap was multiplied with."""
    borrowed: list[Product] = field(default_factory=list)
    """Products that belong to an output which was made before."""

    def __post_init__(self) -> None:
        for term in self.origin.products:
            if term.pixel is not None and term.tap is not None and term.factor:
                self.products.append(term)
            elif term.tap is not None and term.pixel is None:
                self.beside.append(term)
            elif term.tap is None and term.factor:
                self.loose.append(term)

    @property
    def is_followed(self) -> bool:
        return self.origin.followed

    @property
    def is_empty(self) -> bool:
        return not (self.products or self.beside or self.loose)

    @property
    def event(self) -> int:
        """The event at which its sum was complete."""
        return max((term.event for term in (*self.products, *self.beside, *self.loose)), default=-1)


@dataclass(frozen=True)
class Returned:
    """What a function returned: its numbers, their origins, and the array in which it wrote them."""

    values: np.ndarray[Any, Any]
    origins: np.ndarray[Any, Any]
    base: Any = None
    places: np.ndarray[Any, Any] | None = None

    @classmethod
    def of(cls, result: Any) -> Returned | None:
        """Return None where these are no numbers: None, text, lists of different lengths."""
        try:
            values = np.asarray(pairing.plain(result))
        except ValueError:
            return None
        if values.dtype.kind not in "biuf":
            return None
        origins = np.asarray(pairing.origins_of(result), dtype=object)
        if origins.shape != values.shape:
            return None
        if not pairing.has_recorded(result):
            origins = np.empty(values.shape, object)
            origins.fill(Node("unknown", ()))
        whole = pairing.is_recorded(result) and result._base is not None
        return cls(values, origins, *((result._base, result._places) if whole else (None, None)))

    def sums(self, lost: bool) -> list[Sum]:
        """Return every output of two axes; `lost`: some origins could not be followed."""
        found = []
        for cell in np.ndindex(self.values.shape):
            written = self.base is None or not self.base.made or bool(self.base.is_written[self.places[cell]])  # type: ignore[index]
            made = origin(self.origins[cell])
            if lost and written and not made.products and not isinstance(self.origins[cell], Node):
                made.followed = False
            found.append(Sum((cell[0], cell[1]), float(self.values[cell]), made, written))
        return found
