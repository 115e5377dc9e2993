// The gradient of average pooling, as a gather: each thread owns one pixel and adds the shares of all windows that
// see it, each the window's gradient divided by the pixels that the window counts. There are no atomics, and the
// order of each sum is always the same.
//
// Those from `first_row` to before `last_row` count, and so the columns: the whole padded image, or the image alone.
//
// Per pixel: about KH * KW / (stride * stride) divisions and additions, 1 / (stride * stride) gradients read and one
// number written. Memory limits it, except in float64 on cards that divide those slowly.
#include "numbers.cuh"
#include "places.cuh"

__device__ inline int counted(int start, int taps, int first, int last)
{
    return min(start + taps, last) - max(start, first);
}

extern "C" __global__ void average_pool_gradient(
    const number *__restrict__ gradient, // (planes, rows, columns)
    number *__restrict__ out,            // (planes, height, width)
    int height, int width, int rows, int columns,
    int first_row, int last_row, int first_column, int last_column, place pixels)
{
    place pixel = (place)blockIdx.x * blockDim.x + threadIdx.x;
    if (guard(pixel < pixels)) {
        int x = (int)(pixel % width);
        int y = (int)(pixel / width % height);
        const number *sent = gradient + (long long)(pixel / width / height) * rows * columns;
        sum total = 0;
        int i = (y + PAD_TOP) / STRIDE_ROWS;
        for (int down = y + PAD_TOP - i * STRIDE_ROWS; down < TAP_ROWS; down += STRIDE_ROWS, --i) {
            if (guard(0 <= i && i < rows)) {
                int count_rows = counted(y - down, TAP_ROWS, first_row, last_row);
                int j = (x + PAD_LEFT) / STRIDE_COLUMNS;
                for (int right = x + PAD_LEFT - j * STRIDE_COLUMNS; right < TAP_COLUMNS; right += STRIDE_COLUMNS, --j) {
                    if (guard(0 <= j && j < columns)) {
                        sum count = (sum)count_rows
                            * (sum)counted(x - right, TAP_COLUMNS, first_column, last_column);
                        total += read_number(sent[(long long)i * columns + j]) / count;
                    }
                }
            }
        }
        out[pixel] = write_number(total);
    }
}
