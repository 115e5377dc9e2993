// Average pooling: each thread adds the pixels of one window and divides by how many are counted.
//
// Those from `first_row` to before `last_row` count, and so the columns: the whole padded image, or the image alone.
//
// Per output: KH * KW additions and a division; stride * stride pixels read, one number written. Memory limits it:
// pixels that windows share come from the cache.
#include "numbers.cuh"
#include "places.cuh"

__device__ inline int counted(int start, int taps, int first, int last)
{
    return min(start + taps, last) - max(start, first);
}

extern "C" __global__ void average_pool(
    const number *__restrict__ image, // (planes, height, width)
    number *__restrict__ means,       // (planes, rows, columns)
    int height, int width, int rows, int columns,
    int first_row, int last_row, int first_column, int last_column, place windows)
{
    place window = (place)blockIdx.x * blockDim.x + threadIdx.x;
    if (guard(window < windows)) {
        int top = (int)(window / columns % rows) * STRIDE_ROWS - PAD_TOP;
        int left = (int)(window % columns) * STRIDE_COLUMNS - PAD_LEFT;
        const number *pixels = image + (long long)(window / columns / rows) * height * width;
        sum total = 0;
        for (int y = top; y < top + TAP_ROWS; ++y) {
            for (int x = left; x < left + TAP_COLUMNS; ++x) {
                if (guard(0 <= y && y < height) && guard(0 <= x && x < width)) {
                    total += read_number(pixels[(long long)y * width + x]);
                }
            }
        }
        sum count = (sum)counted(top, TAP_ROWS, first_row, last_row)
            * (sum)counted(left, TAP_COLUMNS, first_column, last_column);
        means[window] = write_number(total / count);
    }
}
