"""Right answers to the tasks of 12_fast_convolution, in many styles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from coursekit.emulator import run_kernel


def columns_by_lists(image: Any, height: int, width: int) -> Any:
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    return [
        [image[i + u][j + v] for i in range(rows) for j in range(columns)]
        for u in range(height)
        for v in range(width)
    ]


def columns_from_stacked_windows(image: Any, height: int, width: int) -> Any:
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    windows = [image[i : i + height, j : j + width].ravel() for i in range(rows) for j in range(columns)]
    return np.array(windows).T


def columns_tap_by_tap(image: Any, height: int, width: int) -> Any:
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    taps = np.ndindex(height, width)
    return np.stack([image[u : u + rows, v : v + columns].reshape(-1) for u, v in taps])


def columns_of_a_view(image: Any, height: int, width: int) -> Any:
    return sliding_window_view(image, (height, width)).transpose(2, 3, 0, 1).reshape(height * width, -1)


def columns_by_strides_in_float32(image: Any, height: int, width: int) -> Any:
    image = np.ascontiguousarray(image, np.float32)
    places = image.shape[0] - height + 1, image.shape[1] - width + 1
    return as_strided(image, (height, width, *places), image.strides * 2).reshape(height * width, -1)


def columns_by_indices(image: Any, height: int, width: int) -> Any:
    numbers = np.arange(image.size).reshape(image.shape)
    first = numbers[: image.shape[0] - height + 1, : image.shape[1] - width + 1]
    return image.ravel()[numbers[:height, :width].reshape(-1, 1) + first.reshape(1, -1)]


def product_of_stacked_columns(image: Any, kernels: Any) -> Any:
    columns = np.concatenate([columns_by_indices(plane, *kernels.shape[2:]) for plane in image])
    places = (n - k + 1 for n, k in zip(image.shape[1:], kernels.shape[2:], strict=True))
    return (kernels.reshape(len(kernels), -1) @ columns).reshape(-1, *places)


def product_of_rows(image: Any, kernels: Any) -> Any:
    windows = sliding_window_view(image, kernels.shape[2:], axis=(1, 2)).transpose(1, 2, 0, 3, 4)
    rows, columns = windows.shape[:2]
    product = windows.reshape(rows * columns, -1) @ kernels.reshape(len(kernels), -1).T
    return product.T.reshape(len(kernels), rows, columns)


def product_for_each_channel(image: Any, kernels: Any) -> Any:
    total: Any = 0
    for plane, taps in zip(image, kernels.swapaxes(0, 1), strict=True):
        total = total + taps.reshape(len(taps), -1) @ columns_tap_by_tap(plane, *taps.shape[1:])
    return total.reshape(len(kernels), image.shape[1] - kernels.shape[2] + 1, -1)


def product_by_lists(image: Any, kernels: Any) -> Any:
    flat = [taps.ravel().tolist() for taps in kernels]
    height, width = kernels.shape[2:]
    return [
        [
            [
                sum(a * b for a, b in zip(image[:, i : i + height, j : j + width].ravel(), taps, strict=True))
                for j in range(image.shape[2] - width + 1)
            ]
            for i in range(image.shape[1] - height + 1)
        ]
        for taps in flat
    ]


def product_by_tensordot_in_float32(image: Any, kernels: Any) -> Any:
    windows = sliding_window_view(image.astype(np.float32), kernels.shape[2:], axis=(1, 2))
    return np.tensordot(kernels.astype(np.float32), windows, axes=((1, 2, 3), (0, 3, 4)))


class Product:
    """A solution that is an object."""

    def __call__(self, image: Any, kernels: Any) -> Any:
        return list(product_of_stacked_columns(image, kernels))


def strongest_cross(kernel: Any) -> Any:
    place = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    return kernel[:, place[1]] / kernel[place], kernel[place[0]]


def first_singular_vectors(kernel: Any) -> Any:
    left, values, right = np.linalg.svd(kernel)
    return left[:, 0] * np.sqrt(values[0]), right[0] * np.sqrt(values[0])


def first_line_that_is_not_zero(kernel: Any) -> Any:
    row = next(line for line in kernel.tolist() if any(line))
    j = next(j for j, number in enumerate(row) if number)
    return [line[j] / row[j] for line in kernel.tolist()], row


def projected_on_the_longest_row(kernel: Any) -> Any:
    row = max(kernel.astype(np.float32), key=lambda line: float(line @ line))
    return [kernel @ row / (row @ row), row]


def by_least_squares(kernel: Any) -> Any:
    column = kernel[:, np.argmax(np.sum(np.square(kernel), axis=0))].astype(float)
    return column, np.linalg.lstsq(column[:, None], kernel, rcond=None)[0][0]


NAIVE = """
__global__ void naive(const float *image, const float *kernel, float *output, int width, int h, int w,
                      int rows, int columns) {
    int i = blockIdx.y * blockDim.y + threadIdx.y, j = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= rows || j >= columns)
        return;
    float total = 0;
    for (int tap = 0; tap < h * w; tap++)
        total += kernel[tap] * image[(i + tap / w) * width + j + tap % w];
    output[i * columns + j] = total;
}
"""

LINE = """
__global__ void line(float *output, int rows, int columns, const float *image, int width,
                     const float *kernel, int h, int w) {
    for (int place = blockIdx.x * blockDim.x + threadIdx.x; place < rows * columns;
         place += gridDim.x * blockDim.x) {
        const float *window = image + place / columns * width + place % columns;
        double total = 0;
        for (int u = 0; u < h; ++u)
            for (int v = 0; v < w; ++v)
                total = fma((double)window[u * width + v], (double)kernel[u * w + v], total);
        output[place] = (float)total;
    }
}
"""

WHOLE_ROW = """
__global__ void whole_row(const float *image, int width, const float *kernel, int h, int w, float *output,
                          int columns) {
    const int row = blockIdx.x;
    for (int column = 0; column < columns; column++) {
        output[row * columns + column] = 0;
        for (int u = 0; u < h; u++)
            for (int v = 0; v < w; v++)
                output[row * columns + column] += image[(row + u) * width + column + v] * kernel[u * w + v];
    }
}
"""

TILE = """
__global__ void tiled(const float *image, const float *kernel, float *output, int height, int width,
                      int h, int w) {
    __shared__ float tile[10][10];
    int top = blockIdx.y * 8, left = blockIdx.x * 8;
    for (int place = threadIdx.y * 8 + threadIdx.x; place < 100; place += 64) {
        int i = top + place / 10, j = left + place % 10;
        tile[place / 10][place % 10] = i < height && j < width ? image[i * width + j] : 0.0f;
    }
    __syncthreads();
    int row = top + threadIdx.y, column = left + threadIdx.x, columns = width - w + 1;
    if (row > height - h || column >= columns)
        return;
    float total = 0;
    for (int u = 0; u < h; u++)
        for (int v = 0; v < w; v++)
            total += tile[threadIdx.y + u][threadIdx.x + v] * kernel[u * w + v];
    output[row * columns + column] = total;
}
"""


def empty_output(image: Any, kernel: Any) -> Any:
    return np.empty([n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True)], np.float32)


def blocks_over(output: Any) -> tuple[int, int]:
    return -(-output.shape[1] // 8), -(-output.shape[0] // 8)


def a_thread_for_each_number(image: Any, kernel: Any) -> Any:
    output = empty_output(image, kernel)
    sizes = image.shape[1], *kernel.shape, *output.shape
    run_kernel(NAIVE, [image, kernel, output, *sizes], grid=blocks_over(output), block=(8, 8))
    return output


def threads_in_a_line(image: Any, kernel: Any) -> Any:
    output = empty_output(image, kernel)
    arguments = [output, *output.shape, image, image.shape[1], kernel, *kernel.shape]
    run_kernel(LINE, arguments, grid=3, block=64)
    return output


def a_block_for_each_row(image: Any, kernel: Any) -> Any:
    output = empty_output(image, kernel)
    arguments = [image, image.shape[1], kernel, *kernel.shape, output, output.shape[1]]
    run_kernel(WHOLE_ROW, arguments, grid=len(output), block=1)
    return output


def a_shared_tile(image: Any, kernel: Any) -> Any:
    output = empty_output(image, kernel)
    arguments = [image, kernel, output, *image.shape, *kernel.shape]
    run_kernel(TILE, arguments, grid=blocks_over(output), block=(8, 8))
    return output.tolist()


RIGHT = {
    "im2col2d": (
        columns_by_lists,
        columns_from_stacked_windows,
        columns_tap_by_tap,
        columns_of_a_view,
        columns_by_strides_in_float32,
        columns_by_indices,
    ),
    "correlate_by_product": (
        product_of_stacked_columns,
        product_of_rows,
        product_for_each_channel,
        product_by_lists,
        product_by_tensordot_in_float32,
        Product(),
    ),
    "separate": (
        strongest_cross,
        first_singular_vectors,
        first_line_that_is_not_zero,
        projected_on_the_longest_row,
        by_least_squares,
    ),
    "correlate2d_by_kernel": (
        a_thread_for_each_number,
        threads_in_a_line,
        a_block_for_each_row,
        a_shared_tile,
    ),
}
