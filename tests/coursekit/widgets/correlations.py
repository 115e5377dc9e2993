"""Cross-correlations as students write them: right ones in many styles, and wrong ones by their mistake."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def four_loops(image: Any, kernel: Any) -> Any:
    height, width = image.shape
    rows, columns = kernel.shape
    output = np.zeros((height - rows + 1, width - columns + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            total = 0
            for u in range(rows):
                for v in range(columns):
                    total += image[i + u, j + v] * kernel[u, v]
            output[i, j] = total
    return output


def loops_into_the_output(image: Any, kernel: Any) -> Any:
    output = np.zeros((len(image) - len(kernel) + 1, len(image[0]) - len(kernel[0]) + 1))
    for i, j in np.ndindex(output.shape):
        for u, v in np.ndindex(kernel.shape):
            output[i][j] = output[i][j] + image[i + u][j + v] * kernel[u][v]
    return output


def windows(image: Any, kernel: Any) -> Any:
    kh, kw = kernel.shape
    output = np.empty((image.shape[0] - kh + 1, image.shape[1] - kw + 1), dtype=np.float64)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = image[i : i + kh, j : j + kw]
            output[i, j] = np.sum(window * kernel)
    return output


def windows_by_method(image: Any, kernel: Any) -> Any:
    kh, kw = kernel.shape
    output = np.zeros_like(image, dtype=float)[: image.shape[0] - kh + 1, : image.shape[1] - kw + 1]
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            output[i, j] = float((kernel * image[i : i + kh, j : j + kw]).sum())
    return output


def windows_as_rows(image: Any, kernel: Any) -> Any:
    kh, kw = kernel.shape
    return np.array(
        [
            [
                np.dot(image[i : i + kh, j : j + kw].ravel(), kernel.ravel())
                for j in range(image.shape[1] - kw + 1)
            ]
            for i in range(image.shape[0] - kh + 1)
        ]
    )


def lists_by_append(image: Any, kernel: Any) -> Any:
    output = []
    for i in range(image.shape[0] - kernel.shape[0] + 1):
        row = []
        for j in range(image.shape[1] - kernel.shape[1] + 1):
            total = 0.0
            for (u, v), tap in np.ndenumerate(kernel):
                total = total + tap * image[i + u, j + v]
            row.append(float(total))
        output.append(row)
    return output


def taps_by_slices(image: Any, kernel: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    output = np.zeros((rows, columns))
    for u in range(kernel.shape[0]):
        for v in range(kernel.shape[1]):
            output += kernel[u, v] * image[u : u + rows, v : v + columns]
    return output


def all_products_at_once(image: Any, kernel: Any) -> Any:
    return (sliding_window_view(image, kernel.shape) * kernel).sum(axis=(2, 3))


def from_the_other_end(image: Any, kernel: Any) -> Any:
    output = np.full([n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True)], np.nan)
    for i in range(-1, -output.shape[0] - 1, -1):
        for j in range(-1, -output.shape[1] - 1, -1):
            stop = (i + 1) or None, (j + 1) or None
            output[i, j] = (
                image[i - len(kernel) + 1 : stop[0], j - kernel.shape[1] + 1 : stop[1]] * kernel
            ).sum()
    return output


def a_flip_that_is_undone(image: Any, kernel: Any) -> Any:
    return four_loops(np.flip(image), kernel[::-1, ::-1])[::-1, ::-1]


def a_row_at_a_time(image: Any, kernel: Any) -> Any:
    columns = image.shape[1] - kernel.shape[1] + 1
    output = np.zeros((image.shape[0] - kernel.shape[0] + 1, columns))
    for i, row in enumerate(output):
        for u, taps in enumerate(kernel):
            for v, tap in enumerate(taps):
                row += image[i + u, v : v + columns] * tap
    return output


def stacked(image: Any, kernel: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    return np.sum(
        np.stack([image[u : u + rows, v : v + columns] * kernel[u, v] for u, v in np.ndindex(kernel.shape)]),
        axis=0,
    )


def each_output_calls_another_function(image: Any, kernel: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    return [[one_sum(image, kernel, i, j) for j in range(columns)] for i in range(rows)]


def one_sum(image: Any, kernel: Any, i: int, j: int, tap: int = 0) -> Any:
    """Return the sum of the products from `tap` on, by calling itself."""
    if tap == kernel.size:
        return 0
    u, v = divmod(tap, kernel.shape[1])
    return image[i + u, j + v] * kernel[u, v] + one_sum(image, kernel, i, j, tap + 1)


def as_a_matrix(image: Any, kernel: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    matrix = np.zeros((rows * columns, image.size))
    for i, j in np.ndindex(rows, columns):
        row = np.zeros(image.shape)
        row[i : i + kernel.shape[0], j : j + kernel.shape[1]] = kernel
        matrix[i * columns + j] = row.ravel()
    return (matrix @ image.ravel()).reshape(rows, columns)


def numpy_of_its_own(image: Any, kernel: Any) -> Any:
    import numpy
    from numpy import zeros

    output = zeros([n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True)])
    for i, j in numpy.ndindex(output.shape):
        window = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
        output[i, j] = numpy.vdot(window, kernel)
    return output


def zeros_left_out(image: Any, kernel: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    output = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        for u, v in np.ndindex(kernel.shape):
            if image[i + u, j + v] != 0 and kernel[u, v] != 0:
                output[i, j] += image[i + u, j + v] * kernel[u, v]
    return output


def picked_by_lists(image: Any, kernel: Any) -> Any:
    u, v = np.indices(kernel.shape)
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    return [[(image[i + u, j + v] * kernel).sum() for j in range(columns)] for i in range(rows)]


def moved_by_rolling(image: Any, kernel: Any) -> Any:
    output = np.zeros(image.shape)
    for u, v in np.ndindex(kernel.shape):
        output += np.roll(image, (-u, -v), (0, 1)) * kernel[u, v]
    return output[: image.shape[0] - kernel.shape[0] + 1, : image.shape[1] - kernel.shape[1] + 1]


def into_a_place_of_its_own(image: Any, kernel: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    output, products = np.empty((rows, columns)), np.zeros(kernel.shape)
    for i, j in np.ndindex(rows, columns):
        np.multiply(image[i : i + kernel.shape[0], j : j + kernel.shape[1]], kernel, out=products)
        output[i, j] = products.sum()
    return output


RIGHT = (
    *(four_loops, loops_into_the_output, windows, windows_by_method, windows_as_rows, lists_by_append),
    *(taps_by_slices, all_products_at_once, from_the_other_end, a_flip_that_is_undone, a_row_at_a_time),
    *(stacked, each_output_calls_another_function, as_a_matrix, numpy_of_its_own, zeros_left_out),
    *(picked_by_lists, moved_by_rolling, into_a_place_of_its_own),
)


def loops(image: Any, kernel: Any, shape: Any, term: Any, dtype: Any = float) -> Any:
    """The right loops, with something wrong in `term(i, j, u, v)` or in the shape."""
    output = np.zeros(shape, dtype)
    for i, j in np.ndindex(output.shape):
        total = 0
        for u, v in np.ndindex(kernel.shape):
            total += term(i, j, u, v)
        output[i, j] = total
    return output


def valid(image: Any, kernel: Any) -> tuple[int, ...]:
    return tuple(n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))


def flipped(image: Any, kernel: Any) -> Any:
    return four_loops(image, np.flip(kernel))


def flipped_by_indices(image: Any, kernel: Any) -> Any:
    return loops(
        image, kernel, valid(image, kernel), lambda i, j, u, v: image[i + u, j + v] * kernel[-1 - u, -1 - v]
    )


def upside_down(image: Any, kernel: Any) -> Any:
    return windows(image, kernel[::-1])


def mirrored(image: Any, kernel: Any) -> Any:
    return taps_by_slices(image, kernel[:, ::-1])


def turned_kernel(image: Any, kernel: Any) -> Any:
    return loops(image, kernel, valid(image, kernel), lambda i, j, u, v: image[i + u, j + v] * kernel[v, u])


def kernel_transposed(image: Any, kernel: Any) -> Any:
    return four_loops(image, kernel.T)


def image_transposed(image: Any, kernel: Any) -> Any:
    return windows(image.T, kernel)


def output_transposed(image: Any, kernel: Any) -> Any:
    return np.transpose(four_loops(image, kernel))


def output_swapped(image: Any, kernel: Any) -> Any:
    right = four_loops(image, kernel)
    output = np.zeros(right.shape[::-1])
    for i, j in np.ndindex(right.shape):
        output[j, i] = right[i, j]
    return output


def height_from_width(image: Any, kernel: Any) -> Any:
    columns = image.shape[1] - kernel.shape[1] + 1
    return loops(image, kernel, (columns, columns), lambda i, j, u, v: image[i + u, j + v] * kernel[u, v])


def width_from_height(image: Any, kernel: Any) -> Any:
    rows = image.shape[0] - kernel.shape[0] + 1
    return loops(image, kernel, (rows, rows), lambda i, j, u, v: image[i + u, j + v] * kernel[u, v])


def kernel_as_wide_as_high(image: Any, kernel: Any) -> Any:
    taps = kernel.shape[0]
    rows, columns = valid(image, kernel)
    output = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        for u in range(taps):
            for v in range(taps):
                output[i, j] += image[i + u, j + v] * kernel[u, v]
    return output


def first_tap_skipped(image: Any, kernel: Any) -> Any:
    output = np.zeros(valid(image, kernel))
    for i, j in np.ndindex(output.shape):
        for tap in range(1, kernel.size):
            u, v = divmod(tap, kernel.shape[1])
            output[i, j] += image[i + u, j + v] * kernel[u, v]
    return output


def last_row_of_taps_skipped(image: Any, kernel: Any) -> Any:
    output = np.zeros(valid(image, kernel))
    for i, j in np.ndindex(output.shape):
        for u in range(kernel.shape[0] - 1):
            for v in range(kernel.shape[1]):
                output[i, j] += image[i + u, j + v] * kernel[u, v]
    return output


def a_tap_twice(image: Any, kernel: Any) -> Any:
    output = np.zeros(valid(image, kernel))
    for i, j in np.ndindex(output.shape):
        total = image[i, j] * kernel[0, 0]
        for u, v in np.ndindex(kernel.shape):
            total += image[i + u, j + v] * kernel[u, v]
        output[i, j] = total
    return output


def padded_for_same(image: Any, kernel: Any) -> Any:
    kh, kw = kernel.shape
    return windows(np.pad(image, ((kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2))), kernel)


def padded_by_hand(image: Any, kernel: Any) -> Any:
    kh, kw = kernel.shape
    padded = np.zeros((image.shape[0] + 2 * (kh - 1), image.shape[1] + 2 * (kw - 1)))
    padded[kh - 1 : kh - 1 + image.shape[0], kw - 1 : kw - 1 + image.shape[1]] = image
    return four_loops(padded, kernel)


def edges_skipped(image: Any, kernel: Any) -> Any:
    """All windows that start in the image, without the products outside of it."""
    output = np.zeros(image.shape)
    for i, j in np.ndindex(image.shape):
        for u, v in np.ndindex(kernel.shape):
            if i + u < image.shape[0] and j + v < image.shape[1]:
                output[i, j] += image[i + u, j + v] * kernel[u, v]
    return output


def last_window_missed(image: Any, kernel: Any) -> Any:
    rows, columns = valid(image, kernel)
    return loops(
        image, kernel, (rows - 1, columns - 1), lambda i, j, u, v: image[i + u, j + v] * kernel[u, v]
    )


def last_column_never_written(image: Any, kernel: Any) -> Any:
    output = np.zeros(valid(image, kernel))
    for i in range(output.shape[0]):
        for j in range(output.shape[1] - 1):
            output[i, j] = (image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum()
    return output


def zeros_behind(image: Any, kernel: Any) -> Any:
    output = np.zeros(image.shape)
    rows, columns = valid(image, kernel)
    for i in range(rows):
        for j in range(columns):
            output[i, j] = np.sum(image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel)
    return output


def wrapped_around(image: Any, kernel: Any) -> Any:
    height, width = image.shape
    return loops(
        image, kernel, image.shape, lambda i, j, u, v: image[(i + u) % height, (j + v) % width] * kernel[u, v]
    )


def negative_indices(image: Any, kernel: Any) -> Any:
    return loops(
        image, kernel, valid(image, kernel), lambda i, j, u, v: image[i + u - 1, j + v] * kernel[u, v]
    )


def windows_side_by_side(image: Any, kernel: Any) -> Any:
    kh, kw = kernel.shape
    shape = image.shape[0] // kh, image.shape[1] // kw
    return loops(image, kernel, shape, lambda i, j, u, v: image[kh * i + u, kw * j + v] * kernel[u, v])


def mean_instead_of_sum(image: Any, kernel: Any) -> Any:
    kh, kw = kernel.shape
    output = np.zeros(valid(image, kernel))
    for i, j in np.ndindex(output.shape):
        output[i, j] = np.mean(image[i : i + kh, j : j + kw] * kernel)
    return output


def divided_at_the_end(image: Any, kernel: Any) -> Any:
    return four_loops(image, kernel) / kernel.size


def negative_lost(image: Any, kernel: Any) -> Any:
    return np.maximum(four_loops(image, kernel), 0)


def negative_skipped(image: Any, kernel: Any) -> Any:
    output = np.zeros(valid(image, kernel))
    for i, j in np.ndindex(output.shape):
        output[i, j] = max(0, (image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum())
    return output


def signs_lost(image: Any, kernel: Any) -> Any:
    return abs(windows(image, kernel))


def cut_at_the_end(image: Any, kernel: Any) -> Any:
    return four_loops(image, kernel).astype(int)


def cut_at_every_step(image: Any, kernel: Any) -> Any:
    output = np.zeros(valid(image, kernel), dtype=int)
    for i, j in np.ndindex(output.shape):
        for u, v in np.ndindex(kernel.shape):
            output[i, j] += image[i + u, j + v] * kernel[u, v]
    return output


def dtype_of_the_image(image: Any, kernel: Any) -> Any:
    output = np.zeros_like(image)[: valid(image, kernel)[0], : valid(image, kernel)[1]]
    for i, j in np.ndindex(output.shape):
        output[i, j] = (image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum()
    return output


def sum_not_reset(image: Any, kernel: Any) -> Any:
    output = np.zeros(valid(image, kernel))
    total = 0
    for i, j in np.ndindex(output.shape):
        for u, v in np.ndindex(kernel.shape):
            total += image[i + u, j + v] * kernel[u, v]
        output[i, j] = total
    return output


def equals_instead_of_plus(image: Any, kernel: Any) -> Any:
    output = np.zeros(valid(image, kernel))
    for i, j in np.ndindex(output.shape):
        for u, v in np.ndindex(kernel.shape):
            output[i, j] = image[i + u, j + v] * kernel[u, v]
    return output


def written_too_early(image: Any, kernel: Any) -> Any:
    """The write stands above the sum: every output is the one before it."""
    output = np.zeros(valid(image, kernel))
    total = 0
    for i, j in np.ndindex(output.shape):
        output[i, j] = total
        total = 0
        for u, v in np.ndindex(kernel.shape):
            total += image[i + u, j + v] * kernel[u, v]
    return output


def window_not_moved_down(image: Any, kernel: Any) -> Any:
    return loops(image, kernel, valid(image, kernel), lambda i, j, u, v: image[u, j + v] * kernel[u, v])


def only_the_first_pixel(image: Any, kernel: Any) -> Any:
    return loops(image, kernel, valid(image, kernel), lambda i, j, u, v: image[i, j] * kernel[u, v])


def one_tap_for_all(image: Any, kernel: Any) -> Any:
    return loops(image, kernel, valid(image, kernel), lambda i, j, u, v: image[i + u, j + v] * kernel[0, 0])


def into_the_image(image: Any, kernel: Any) -> Any:
    output = image
    for i, j in np.ndindex(valid(image, kernel)):
        output[i, j] = (image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum()
    return output[: valid(image, kernel)[0], : valid(image, kernel)[1]]


def nothing_returned(image: Any, kernel: Any) -> Any:
    four_loops(image, kernel)


def one_number(image: Any, kernel: Any) -> Any:
    return (image[: kernel.shape[0], : kernel.shape[1]] * kernel).sum()


def starts_at_one(image: Any, kernel: Any) -> Any:
    return four_loops(image, kernel) + 1


def added_instead_of_multiplied(image: Any, kernel: Any) -> Any:
    return loops(image, kernel, valid(image, kernel), lambda i, j, u, v: image[i + u, j + v] + kernel[u, v])


def taps_two_apart(image: Any, kernel: Any) -> Any:
    shape = [n - 2 * (k - 1) for n, k in zip(image.shape, kernel.shape, strict=True)]
    return loops(image, kernel, shape, lambda i, j, u, v: image[i + 2 * u, j + 2 * v] * kernel[u, v])


def one_row_too_low(image: Any, kernel: Any) -> Any:
    shape = valid(image, kernel)
    return loops(
        image, kernel, (shape[0] - 1, shape[1]), lambda i, j, u, v: image[i + 1 + u, j + v] * kernel[u, v]
    )


def by_fft_without_the_conjugate(image: Any, kernel: Any) -> Any:
    spectrum = np.fft.rfft2(image) * np.fft.rfft2(kernel, image.shape)
    return np.fft.irfft2(spectrum, image.shape)[kernel.shape[0] - 1 :, kernel.shape[1] - 1 :]


WRONG: dict[Any, tuple[str, ...]] = {
    flipped: ("kernel_flipped",),
    flipped_by_indices: ("kernel_flipped",),
    upside_down: ("kernel_rows_flipped",),
    mirrored: ("kernel_columns_flipped",),
    turned_kernel: ("raised",),
    kernel_transposed: ("kernel_transposed",),
    image_transposed: ("image_transposed",),
    output_transposed: ("output_transposed",),
    output_swapped: ("output_transposed",),
    height_from_width: ("raised", "output_shape"),
    width_from_height: ("output_shape",),
    kernel_as_wide_as_high: ("raised",),
    first_tap_skipped: ("tap_never_read",),
    last_row_of_taps_skipped: ("tap_never_read",),
    a_tap_twice: ("tap_read_twice",),
    padded_for_same: ("window_outside_image",),
    padded_by_hand: ("window_outside_image",),
    edges_skipped: ("window_outside_image",),
    last_window_missed: ("output_shape",),
    last_column_never_written: ("never_written",),
    zeros_behind: ("output_shape",),
    wrapped_around: ("wrapped_around",),
    negative_indices: ("wrapped_around",),
    windows_side_by_side: ("stride_of_rows", "stride_of_columns"),
    mean_instead_of_sum: ("sum_scaled",),
    divided_at_the_end: ("sum_scaled",),
    negative_lost: ("negative_lost",),
    negative_skipped: ("negative_lost",),
    signs_lost: ("signs_lost",),
    cut_at_the_end: ("decimals_cut",),
    cut_at_every_step: ("decimals_cut",),
    dtype_of_the_image: ("decimals_cut",),
    sum_not_reset: ("sum_not_reset",),
    equals_instead_of_plus: ("product_lost",),
    written_too_early: ("output_belongs_elsewhere",),
    window_not_moved_down: ("stride_of_rows",),
    only_the_first_pixel: ("tap_beside_wrong_pixel",),
    one_tap_for_all: ("tap_beside_wrong_pixel",),
    into_the_image: ("image_overwritten", "decimals_cut"),
    nothing_returned: ("no_array",),
    one_number: ("wrong_axes",),
    starts_at_one: ("constant_added",),
    added_instead_of_multiplied: ("not_multiplied",),
    taps_two_apart: ("dilation_of_rows", "dilation_of_columns"),
    one_row_too_low: ("window_shifted", "output_shape"),
    by_fft_without_the_conjugate: ("wrong_values",),
}
"""The findings that each must lead to, in order."""
