// Max pooling: each thread looks at the pixels of one window, and keeps the largest and where it stands.
//
// Of equal pixels the first in row-major order counts; NaN is larger than all numbers, and the first NaN counts.
// Padding is never looked at, so it cannot win. Each window has a pixel, as `pool_windows` makes sure.
//
// Per output: KH * KW - 1 comparisons; stride * stride pixels read, one number and one position (8 bytes) written.
// Memory limits it: pixels that windows share come from the cache.
#include "numbers.cuh"
#include "places.cuh"

extern "C" __global__ void max_pool(
    const number *__restrict__ image, // (planes, height, width)
#if MAXIMA
    number *__restrict__ maxima,      // (planes, rows, columns)
#endif
#if POSITIONS
    long long *__restrict__ positions, // (planes, rows, columns): row * width + column in the plane
#endif
    int height, int width, int rows, int columns, place windows)
{
    place window = (place)blockIdx.x * blockDim.x + threadIdx.x;
    if (guard(window < windows)) {
        int top = (int)(window / columns % rows) * STRIDE_ROWS - PAD_TOP;
        int left = (int)(window % columns) * STRIDE_COLUMNS - PAD_LEFT;
        const number *pixels = image + (long long)(window / columns / rows) * height * width;
        sum largest = 0;
        long long found = -1; // none yet
        for (int u = 0; u < TAP_ROWS; ++u) {
            int y = top + u * DILATION_ROWS;
            for (int v = 0; v < TAP_COLUMNS; ++v) {
                int x = left + v * DILATION_COLUMNS;
                if (guard(0 <= y && y < height) && guard(0 <= x && x < width)) {
                    sum pixel = read_number(pixels[(long long)y * width + x]);
                    if (found < 0 || pixel > largest || (isnan(pixel) && !isnan(largest))) {
                        largest = pixel;
                        found = (long long)y * width + x;
                    }
                }
            }
        }
#if MAXIMA
        maxima[window] = write_number(largest);
#endif
#if POSITIONS
        positions[window] = found;
#endif
    }
}
