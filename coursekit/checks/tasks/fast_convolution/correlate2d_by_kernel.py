"""correlate2d_by_kernel(image, kernel): a kernel for a GPU, which the emulator runs. It earns no points."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Task
from coursekit.checks.tasks.fast_convolution.gpu_mistakes import BLOCK, MISCONCEPTIONS
from coursekit.checks.tasks.fast_convolution.written import plain_products, plain_size
from coursekit.checks.tasks.sliding import correlated

Array = NDArray[Any]
Sizes = tuple[tuple[int, int], tuple[int, int]]  # of the output and of the kernel

WHOLE = Group("whole blocks", 1, f"rows and columns of the output are multiples of {BLOCK}")
REST = Group("blocks that hang over", 1, "the last blocks have more threads than there are outputs")

# As the outputs have as many rows and columns as a block has threads, or twice as many, no thread is idle.
IN_WHOLE_BLOCKS: tuple[Sizes, ...] = (
    ((BLOCK, BLOCK), (1, 1)),
    ((BLOCK, BLOCK), (1, 2)),
    ((BLOCK, BLOCK), (2, 1)),
    ((BLOCK, BLOCK), (2, 2)),
    ((BLOCK, 2 * BLOCK), (2, 2)),
    ((2 * BLOCK, BLOCK), (2, 3)),
)
HANGING_OVER: tuple[Sizes, ...] = (
    ((1, 1), (1, 1)),
    ((1, 2), (1, 2)),
    ((2, 1), (2, 1)),
    ((2, 3), (2, 2)),
    ((3, 2), (2, 3)),
    ((BLOCK + 1, 2), (2, 2)),
    ((3, BLOCK + 1), (3, 2)),
    ((BLOCK + 1, 2 * BLOCK + 1), (2, 3)),
    ((2 * BLOCK + 1, BLOCK + 1), (3, 2)),
    ((1, 8 * BLOCK + 1), (1, 1)),  # as many blocks as a block has threads would not be enough
    ((8 * BLOCK + 1, 1), (1, 1)),
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases with outputs of whole blocks, and of others; some of the larger ones cannot be guessed."""
    rows, columns = (int(BLOCK + rng.integers(2, BLOCK - 1)) for _ in range(2))
    cases = [_case(rng, sizes, WHOLE.name) for sizes in IN_WHOLE_BLOCKS]
    cases.append(_case(rng, ((BLOCK, 2 * BLOCK), (3, 2)), WHOLE.name, whole=False))
    cases += [_case(rng, sizes, REST.name) for sizes in (*HANGING_OVER, ((rows, columns), (2, 3)))]
    cases.append(_case(rng, ((columns, rows), (3, 2)), REST.name, whole=False))
    return cases


def _case(rng: np.random.Generator, sizes: Sizes, group: str, *, whole: bool = True) -> Case:
    """Return a case with an output of this size, in single precision."""
    output, taps = sizes
    shape = output[0] + taps[0] - 1, output[1] + taps[1] - 1
    draw = whole_numbers if whole else decimals
    return Case((draw(rng, shape).astype(np.float32), draw(rng, taps).astype(np.float32)), group)


def is_fair(*arguments: Any) -> bool:
    """Whether these arguments are a question that the notebook allows."""
    if len(arguments) != 2 or not all(isinstance(array, np.ndarray) for array in arguments):
        return False
    image, kernel = arguments
    if {image.dtype, kernel.dtype} != {np.dtype(np.float32)} or (image.ndim, kernel.ndim) != (2, 2):
        return False
    return bool(kernel.size and np.all(np.less_equal(kernel.shape, image.shape)))


HINTS = (
    (
        "First the threads: which row and column of the output belong to a thread? The example `twice` has "
        "the formula for one axis. And what must a thread do that has none?"
    ),
    (
        "Then the sum: two loops over the kernel. A pointer has no rows: number (i, j) of an array is "
        "`pointer[i * width + j]`, with the width of that array. Image, kernel and output have different "
        "widths."
    ),
    (
        "At last the grid: how many blocks of 8 threads cover 17 columns? The last one hangs over, so round "
        "up. And x counts columns, y counts rows."
    ),
)

CORRELATE2D_BY_KERNEL = Task(
    name="correlate2d_by_kernel",
    stem="12_fast_convolution",
    signature="correlate2d_by_kernel(image, kernel)",
    parameters=("image", "kernel"),
    groups=(WHOLE, REST),
    reference=correlated,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_shape=plain_size,
    explain_entry=plain_products,
    hints=HINTS,
    forbids=CONVOLUTIONS,
    fair=is_fair,
    optional=True,
)
