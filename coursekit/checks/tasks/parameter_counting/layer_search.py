"""Look for a layer of given shapes within a budget, rightly or with a mistake in one of the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, product

from coursekit.checks.tasks.parameter_counting.layer_faults import Found, parameters_needed
from coursekit.checks.tasks.parameter_counting.notation import Shape, floor_positions
from coursekit.errors import CourseError

Triple = tuple[int, int, int]
Size = Callable[[int, int, int, int], int]  # size, kernel, stride, padding -> positions
Needed = Callable[[int, int, int], int]  # channels, kernels, kernel -> parameters


class NoLayerError(CourseError, ValueError):
    """No kernel, stride and padding do what is asked."""


@dataclass(frozen=True)
class Search:
    """Look for a layer: the largest kernel in the budget, then a stride and a padding that fit on both axes.

    Each field is one step of the work, so that a mistake can stand in for it.
    """

    size: Size = floor_positions
    needed: Needed = parameters_needed
    axes: tuple[int, ...] = (1, 2)
    reaches_budget: bool = True

    def __call__(self, image_shape: Shape, output_shape: Shape, most_parameters: int) -> Triple:
        """Return (kernel, stride, padding) with the smallest stride and then the smallest padding.

        Raises NoLayerError if there is none.
        """
        kernel = self.largest_kernel(image_shape[0], output_shape[0], most_parameters)
        for stride, padding in candidates(image_shape, kernel):
            if all(
                self.size(image_shape[axis], kernel, stride, padding) == output_shape[axis]
                for axis in self.axes
            ):
                return kernel, stride, padding
        raise NoLayerError(f"no stride and padding make {output_shape} out of {image_shape}")

    def largest_kernel(self, channels: int, kernels: int, most_parameters: int) -> int:
        """Return the largest kernel within the budget."""
        most = most_parameters if self.reaches_budget else most_parameters - 1
        return next(k for k in count(0) if self.needed(channels, kernels, k + 1) > most)


def candidates(image_shape: Shape, kernel: int) -> Iterator[tuple[int, int]]:
    """Yield strides and paddings, the smallest stride first, then the smallest padding."""
    # For one output of a single padded pixel the stride must be longer than the image: 2.
    return product(range(1, max(image_shape[1:]) + 2), range(kernel))


search = Search()


def find_layer(image_shape: Shape, output_shape: Shape, most_parameters: int) -> Found:
    """Return one right answer; raises NoLayerError if there is none."""
    found = Found(search(image_shape, output_shape, most_parameters))
    found.question = (image_shape, output_shape, most_parameters)
    return found
