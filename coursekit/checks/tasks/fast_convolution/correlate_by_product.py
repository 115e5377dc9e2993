"""correlate_by_product(image, kernels): a layer without biases, as one product of two matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Task
from coursekit.checks.tasks.channels.draws import numbers
from coursekit.checks.tasks.channels.windowed import WINDOWS
from coursekit.checks.tasks.fast_convolution.product_mistakes import PRODUCT
from coursekit.checks.tasks.fast_convolution.written import map_products, maps_size

Array = NDArray[Any]
Sizes = tuple[int, int, tuple[int, int], tuple[int, int]]  # F, C, (H, W), (h, w)

ONE = Group("one channel, one kernel", 1, "a plain image and one kernel")
SEVERAL = Group("several channels and kernels", 1, "several channels, several kernels, whole numbers")
DECIMALS = Group("decimals and negative numbers", 1, "image or kernels hold decimals and negative numbers")

ONE_OF_EACH: tuple[Sizes, ...] = (
    (1, 1, (1, 1), (1, 1)),
    (1, 1, (2, 2), (1, 2)),
    (1, 1, (3, 2), (2, 1)),
    (1, 1, (3, 3), (2, 2)),
    (1, 1, (4, 3), (2, 2)),
)
SEVERAL_OF_EACH: tuple[Sizes, ...] = (
    (1, 2, (1, 1), (1, 1)),
    (2, 1, (1, 1), (1, 1)),
    (2, 1, (2, 2), (2, 2)),
    (1, 2, (2, 3), (1, 2)),
    (2, 2, (2, 2), (1, 1)),
    (2, 2, (2, 3), (2, 2)),
    (3, 2, (3, 4), (2, 2)),
    (2, 3, (4, 3), (3, 2)),
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; the larger ones have shapes that nobody can guess."""
    tall = (int(rng.integers(5, 8)), int(rng.integers(4, 6)))
    wide = (int(rng.integers(4, 6)), int(rng.integers(6, 8)))
    cases = [question(rng, sizes, ONE.name) for sizes in (*ONE_OF_EACH, (1, 1, tall, (3, 2)))]
    larger: tuple[Sizes, ...] = ((3, 2, wide, (2, 3)), (2, 4, tall, (2, 2)))
    cases += [question(rng, sizes, SEVERAL.name) for sizes in (*SEVERAL_OF_EACH, *larger)]
    signed: tuple[Sizes, ...] = ((1, 1, (2, 2), (1, 1)), (2, 2, (3, 2), (2, 2)), (2, 3, wide, (3, 2)))
    cases += [question(rng, sizes, DECIMALS.name, "ik") for sizes in signed]
    cases += [question(rng, (2, 2, (2, 3), (1, 2)), DECIMALS.name, decimal) for decimal in ("i", "k")]
    return cases


def question(rng: np.random.Generator, sizes: Sizes, group: str, decimal: str = "") -> Case:
    """Return a case of these sizes; `decimal` names what holds decimals: i(mage), k(ernels)."""
    kernels, channels, image, taps = sizes
    return Case(
        (
            numbers(rng, (channels, *image), decimal="i" in decimal),
            numbers(rng, (kernels, channels, *taps), decimal="k" in decimal),
        ),
        group,
    )


def is_fair(*arguments: Any) -> bool:
    """Whether these arguments are a question that the notebook allows."""
    if len(arguments) != 2 or not all(isinstance(array, np.ndarray) and array.size for array in arguments):
        return False
    image, kernels = arguments
    if (image.ndim, kernels.ndim) != (3, 4) or image.shape[0] != kernels.shape[1]:
        return False
    return bool(np.all(np.less_equal(kernels.shape[2:], image.shape[1:])))


def by_product(image: Array, kernels: Array) -> Array:
    """Return the right answer: (F, H - h + 1, W - w + 1)."""
    windows = sliding_window_view(image, kernels.shape[2:], axis=(1, 2))
    return np.asarray(np.einsum("cijuv,fcuv->fij", windows, kernels))


HINTS = (
    (
        "Write the shapes of all matrices on paper. A row of the left one holds a whole kernel, all of its "
        "channels, so C · h · w numbers. Then how long must the columns of the right one be?"
    ),
    (
        "`im2col2d` makes the columns of one channel. Kernel f, made flat, holds all of its channel 0 first, "
        "then all of its channel 1: so the columns of channel 0 lie above those of channel 1."
    ),
    (
        "The product has a row for each kernel and a column for each window. The windows stand in the order "
        "of reading, so a `reshape` makes maps of the rows."
    ),
)

CORRELATE_BY_PRODUCT = Task(
    name="correlate_by_product",
    stem="12_fast_convolution",
    signature="correlate_by_product(image, kernels)",
    parameters=("image", "kernels"),
    groups=(ONE, SEVERAL, DECIMALS),
    reference=by_product,
    rule=SameArray(),
    generate=generate,
    misconceptions=(*PRODUCT, *WINDOWS),
    explain_shape=maps_size,
    explain_entry=map_products,
    hints=HINTS,
    forbids=CONVOLUTIONS,
    fair=is_fair,
)
