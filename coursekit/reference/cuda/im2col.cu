// im2col: every window as a column, so that correlation becomes one matrix product, which cuBLAS computes.
//
// One thread copies the window of one place and channel, tap by tap. Neighbouring threads have neighbouring places, so
// what they read lies in one row of the image, and what they write in one row of the columns. No arithmetic at all:
// per output of F kernels the columns cost 2 * C * KH * KW / F numbers moved, and the product reads them once more.
// Memory limits it. It pays where the product is fast: with 16-bit numbers, which cuBLAS multiplies on tensor cores.
#include "numbers.cuh"
#include "places.cuh"

extern "C" __global__ void im2col(
    const number *__restrict__ image, // (images, channels, height, width), the channels of all groups
    number *__restrict__ columns,     // (channels, TAP_ROWS, TAP_COLUMNS, images, rows, out_width)
    int images, int channels, int height, int width,
    int first_row, int rows, int out_width, // which rows of positions
    place threads)                          // places of all channels
{
    place thread = (place)blockIdx.x * blockDim.x + threadIdx.x;
    int column = (int)(thread % out_width);
    int row = (int)(thread / out_width % rows);
    int n = (int)(thread / out_width / rows % images);
    int channel = (int)(thread / out_width / rows / images);

    if (guard(thread < threads)) {
        const number *plane = image + ((long long)n * channels + channel) * height * width;
        long long places = (long long)images * rows * out_width;
        number *to = columns + (thread - channel * places) + channel * places * (TAP_ROWS * TAP_COLUMNS);
        for (int u = 0; u < TAP_ROWS; ++u) {
            for (int v = 0; v < TAP_COLUMNS; ++v) {
                int y = (first_row + row) * STRIDE_ROWS - PAD_TOP + u * DILATION_ROWS;
                int x = column * STRIDE_COLUMNS - PAD_LEFT + v * DILATION_COLUMNS;
                int inside = guard(0 <= y && y < height) && guard(0 <= x && x < width);
                to[(u * TAP_COLUMNS + v) * places] = inside ? plane[(long long)y * width + x] : 0;
            }
        }
    }
}
