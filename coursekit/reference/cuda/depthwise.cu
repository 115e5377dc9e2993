// Depthwise correlation: each channel has kernels of its own, so there is nothing to share between channels.
//
// A thread makes OUTPUTS outputs below each other. It walks the pixels below each other that their windows see, one
// column of taps after the other, and adds each pixel, once it is in a register, to all the outputs that see it.
//
// Per output: 2 * KH * KW FLOP, stride * stride pixels read and one number written: for a 3x3 kernel in float32
// 18 FLOP for 8 bytes. Every GPU could multiply more in the time that its memory takes: memory limits it. The cache
// on the multiprocessor (L1) must only not be slower: with 4 outputs below each other a 3x3 kernel loads 4.5 pixels
// an output from there in place of 9. A tile in shared memory would load 9 from the same unit, after a barrier.
#include "numbers.cuh"
#include "places.cuh"

#define SPAN ((OUTPUTS - 1) * STRIDE_ROWS + (TAP_ROWS - 1) * DILATION_ROWS + 1) // pixels below each other

extern "C" __global__ void depthwise(
    const number *__restrict__ image,   // (batch, channels, height, width)
    const number *__restrict__ kernels, // (count, TAP_ROWS, TAP_COLUMNS); count / channels for each channel in turn
    number *__restrict__ out,           // (batch, count, rows, columns)
    int count, int per_channel, int height, int width, int rows, int columns, place threads)
{
    place thread = (place)blockIdx.x * blockDim.x + threadIdx.x;
    if (guard(thread < threads)) {
        int strips = (rows + OUTPUTS - 1) / OUTPUTS;
        int column = (int)(thread % columns);
        int first = (int)(thread / columns % strips) * OUTPUTS;
        place plane = thread / columns / strips;
        const number *pixels = image + (long long)(plane / per_channel) * height * width;
        const number *kernel = kernels + (long long)(plane % count) * (TAP_ROWS * TAP_COLUMNS);
        sum totals[OUTPUTS];
        #pragma unroll
        for (int i = 0; i < OUTPUTS; ++i) {
            totals[i] = 0;
        }
        for (int v = 0; v < TAP_COLUMNS; ++v) {
            int x = column * STRIDE_COLUMNS + v * DILATION_COLUMNS - PAD_LEFT;
            sum taps[TAP_ROWS];
            #pragma unroll
            for (int u = 0; u < TAP_ROWS; ++u) {
                taps[u] = read_number(kernel[u * TAP_COLUMNS + v]);
            }
            #pragma unroll
            for (int down = 0; down < SPAN; ++down) {
                int y = first * STRIDE_ROWS + down - PAD_TOP;
                int inside = guard(0 <= y && y < height && 0 <= x && x < width);
                sum pixel = inside ? read_number(pixels[(long long)y * width + x]) : 0;
                #pragma unroll
                for (int i = 0; i < OUTPUTS; ++i) {
                    // The pixel's way down from the first tap of output i. The compiler knows it, and drops the rest.
                    int way = down - i * STRIDE_ROWS;
                    if (way >= 0 && way % DILATION_ROWS == 0 && way / DILATION_ROWS < TAP_ROWS) {
                        totals[i] += pixel * taps[way / DILATION_ROWS];
                    }
                }
            }
        }
        #pragma unroll
        for (int i = 0; i < OUTPUTS; ++i) {
            if (guard(first + i < rows)) {
                out[((long long)plane * rows + first + i) * columns + column] = write_number(totals[i]);
            }
        }
    }
}
