// The gradient of max pooling, as a gather: each thread owns one pixel, looks at all windows that see it, and adds
// the gradients of those whose maximum it is. No two threads write to one pixel, so there are no atomics, and the
// order of each sum is always the same.
//
// `max_pool.cu` has run before: ALL == 0 compares where each window has its first maximum with where the pixel
// stands; ALL == 1 compares the maxima with the pixel itself, so that each of several equal ones gets the gradient.
//
// The windows that see pixel y start at i * stride - before for the i of which y + before - i * stride is a
// multiple of the dilation, from 0 to the last tap: ceil(span / stride) candidates along each axis.
//
// Per pixel: windows read / (stride * stride) positions (8 bytes) and gradients, one number written; hardly any
// FLOP. Memory limits it. Both passes together move about twice what is needed where windows do not overlap:
// there one thread per window could find the maximum and write all its pixels in one pass.
#include "numbers.cuh"
#include "places.cuh"

extern "C" __global__ void max_pool_gradient(
    const number *__restrict__ gradient,    // (planes, rows, columns)
#if ALL
    const number *__restrict__ image,       // (planes, height, width)
    const number *__restrict__ maxima,      // (planes, rows, columns)
#else
    const long long *__restrict__ positions, // (planes, rows, columns)
#endif
    number *__restrict__ out,               // (planes, height, width)
    int height, int width, int rows, int columns, place pixels)
{
    place pixel = (place)blockIdx.x * blockDim.x + threadIdx.x;
    if (guard(pixel < pixels)) {
        int x = (int)(pixel % width);
        int y = (int)(pixel / width % height);
        long long first = (long long)(pixel / width / height) * rows * columns; // window of this plane
#if ALL
        sum value = read_number(image[pixel]);
#else
        long long here = (long long)y * width + x;
#endif
        sum total = 0;
        int i = (y + PAD_TOP) / STRIDE_ROWS;
        for (int down = y + PAD_TOP - i * STRIDE_ROWS; down <= (TAP_ROWS - 1) * DILATION_ROWS; down += STRIDE_ROWS, --i) {
            if (down % DILATION_ROWS == 0 && guard(0 <= i && i < rows)) {
                int j = (x + PAD_LEFT) / STRIDE_COLUMNS;
                for (int right = x + PAD_LEFT - j * STRIDE_COLUMNS; right <= (TAP_COLUMNS - 1) * DILATION_COLUMNS;
                     right += STRIDE_COLUMNS, --j) {
                    if (right % DILATION_COLUMNS == 0 && guard(0 <= j && j < columns)) {
                        long long window = first + (long long)i * columns + j;
#if ALL
                        int largest = isnan(value) || value == read_number(maxima[window]);
#else
                        int largest = positions[window] == here;
#endif
                        if (largest) {
                            total += read_number(gradient[window]);
                        }
                    }
                }
            }
        }
        out[pixel] = write_number(total);
    }
}
