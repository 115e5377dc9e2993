// im2col: every window as a column, so that correlation becomes one matrix product, which cuBLAS computes.
//
// One thread writes one number of the columns; neighbouring threads have neighbouring places, so what they read lies
// in one row of the image, and what they write in one row of the columns. No arithmetic at all: per output of F
// kernels the columns cost 2 * C * KH * KW / F numbers moved, and the product reads them once more. The memory limits
// it. It pays where the product is fast: with 16-bit numbers, which cuBLAS multiplies on the tensor cores.
#include "numbers.cuh"

#define TAPS (TAP_ROWS * TAP_COLUMNS)

extern "C" __global__ void im2col(
    const number *__restrict__ image, // (planes, height, width): the channels of all groups of all images
    number *__restrict__ columns,     // (planes, TAP_ROWS, TAP_COLUMNS, rows, out_width)
    long long count,                  // numbers in columns
    int height, int width,
    int first_row, int rows, int out_width) // which rows of positions
{
    long long index = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    int column = (int)(index % out_width);
    long long above = index / out_width;
    int row = (int)(above % rows);
    int tap = (int)(above / rows % TAPS);
    long long plane = above / rows / TAPS;

    if (guard(index < count)) {
        int y = (first_row + row) * STRIDE_ROWS - PAD_TOP + tap / TAP_COLUMNS * DILATION_ROWS;
        int x = column * STRIDE_COLUMNS - PAD_LEFT + tap % TAP_COLUMNS * DILATION_COLUMNS;
        int inside = guard(0 <= y && y < height) && guard(0 <= x && x < width);
        columns[index] = inside ? image[(plane * height + y) * width + x] : 0;
    }
}
