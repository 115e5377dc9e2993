// Naive: one thread makes one output, as the sum is written.
//
// Neighbouring threads make neighbouring outputs of a row, so a warp reads neighbouring pixels, and all its threads
// read the same tap. Per output: 2 * C * KH * KW FLOP, and as many numbers read: one load for each FLOP. The caches
// answer most of the loads, but each is an instruction, and so is the test of each border. That is the limit: the
// arithmetic units wait for addresses, however fast the memory is.
#include "numbers.cuh"
#include "places.cuh"

extern "C" __global__ void naive(
    const number *__restrict__ image,  // (batch, groups * channels, height, width)
    const number *__restrict__ kernel, // (groups * kernels, channels, TAP_ROWS, TAP_COLUMNS)
    number *__restrict__ out,          // (batch, groups * kernels, out_height, out_width)
    int groups, int channels, int kernels, int height, int width, int out_height, int out_width,
    place outputs)
{
    place output = (place)blockIdx.x * blockDim.x + threadIdx.x;
    int column = (int)(output % out_width);
    place above = output / out_width; // rows of the whole output above this one
    int row = (int)(above % out_height);
    int f = (int)(above / out_height % (groups * kernels));
    int n = (int)(above / out_height / (groups * kernels));

    if (guard(output < outputs)) {
        int top = row * STRIDE_ROWS - PAD_TOP;
        int left = column * STRIDE_COLUMNS - PAD_LEFT;
        sum total = 0;
        for (int channel = 0; channel < channels; ++channel) {
            const number *plane = image + ((long long)(n * groups + f / kernels) * channels + channel) * height * width;
            const number *taps = kernel + ((long long)f * channels + channel) * (TAP_ROWS * TAP_COLUMNS);
            for (int u = 0; u < TAP_ROWS; ++u) {
                for (int v = 0; v < TAP_COLUMNS; ++v) {
                    int y = top + u * DILATION_ROWS;
                    int x = left + v * DILATION_COLUMNS;
                    if (guard(0 <= y && y < height) && guard(0 <= x && x < width)) {
                        total += read_number(plane[(long long)y * width + x]) * read_number(taps[u * TAP_COLUMNS + v]);
                    }
                }
            }
        }
        out[output] = write_number(total);
    }
}
