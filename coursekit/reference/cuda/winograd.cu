// Winograd's F(2x2, 3x3): four outputs of a 3x3 kernel for 16 multiplications instead of 36.
//
// Tiles of 4x4 pixels d, two pixels apart, and kernels k are transformed with small constant matrices:
//
//     outputs = A^T [ (G k G^T) * (B^T d B) ] A        (* entry by entry)
//
// The sum over the channels leaves 16 matrix products (kernels, channels) x (channels, tiles), which cuBLAS computes.
// One thread transforms one tile of one channel or kernel; neighbouring threads have neighbouring tiles, and each of
// the 16 entries is an array of its own, so that their writes are next to each other.
//
// Per output: 8 * C FLOP instead of 18 * C, and about 32 additions. But the tiles of pixels are 4 numbers for each
// pixel, and those of the products 4 for each output, each written and read once. The memory limits it, up to about
// a hundred channels; then the products do. A NaN, an infinity or an overflow in a tile reaches all outputs of it: those
// that are no finite number are summed again as the definition says it. Nobody has to wait for the GPU to ask.
// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016).
#include "numbers.cuh"

// G k G^T of one kernel and one channel for each thread.
extern "C" __global__ void transform_kernels(
    const number *__restrict__ kernel, // (count, 3, 3)
    sum *__restrict__ transformed,     // (4, 4, count)
    int count)
{
    int index = blockIdx.x * blockDim.x + threadIdx.x;
    if (guard(index < count)) {
        sum half[4][3]; // G k
        #pragma unroll
        for (int v = 0; v < 3; ++v) {
            sum first = read_number(kernel[(long long)index * 9 + v]);
            sum second = read_number(kernel[(long long)index * 9 + 3 + v]);
            sum third = read_number(kernel[(long long)index * 9 + 6 + v]);
            half[0][v] = first;
            half[1][v] = (first + second + third) / 2;
            half[2][v] = (first - second + third) / 2;
            half[3][v] = third;
        }
        #pragma unroll
        for (int i = 0; i < 4; ++i) {
            sum *to = transformed + (long long)i * 4 * count + index;
            to[0] = half[i][0];
            to[count] = (half[i][0] + half[i][1] + half[i][2]) / 2;
            to[2 * (long long)count] = (half[i][0] - half[i][1] + half[i][2]) / 2;
            to[3 * (long long)count] = half[i][2];
        }
    }
}

// B^T d B of one tile of one channel for each thread.
extern "C" __global__ void transform_pixels(
    const number *__restrict__ image, // (images, channels, height, width), the channels of all groups
    sum *__restrict__ transformed,    // (4, 4, channels, images, tile_rows, tile_columns)
    int images, int channels, int height, int width,
    int first_row, int tile_rows, int tile_columns) // which rows of tiles
{
    int index = blockIdx.x * blockDim.x + threadIdx.x;
    int tile_column = index % tile_columns;
    int tile_row = index / tile_columns % tile_rows;
    int n = index / tile_columns / tile_rows % images;
    int channel = index / tile_columns / tile_rows / images;

    if (guard(channel < channels)) {
        const number *plane = image + ((long long)n * channels + channel) * height * width;
        sum half[4][4]; // B^T d
        #pragma unroll
        for (int v = 0; v < 4; ++v) {
            sum d[4];
            #pragma unroll
            for (int u = 0; u < 4; ++u) {
                int y = 2 * (first_row + tile_row) - PAD_TOP + u;
                int x = 2 * tile_column - PAD_LEFT + v;
                int inside = guard(0 <= y && y < height) && guard(0 <= x && x < width);
                d[u] = inside ? read_number(plane[(long long)y * width + x]) : 0;
            }
            half[0][v] = d[0] - d[2];
            half[1][v] = d[1] + d[2];
            half[2][v] = d[2] - d[1];
            half[3][v] = d[1] - d[3];
        }
        long long count = (long long)channels * images * tile_rows * tile_columns;
        #pragma unroll
        for (int i = 0; i < 4; ++i) {
            sum *to = transformed + i * 4 * count + index;
            to[0] = half[i][0] - half[i][2];
            to[count] = half[i][1] + half[i][2];
            to[2 * count] = half[i][2] - half[i][1];
            to[3 * count] = half[i][1] - half[i][3];
        }
    }
}

// One output as the definition says it, from the planes of a group and the taps of a kernel.
__device__ inline sum by_definition(
    const number *planes, const number *taps, int channels, int height, int width, int top, int left)
{
    sum total = 0;
    for (int channel = 0; channel < channels; ++channel) {
        for (int u = 0; u < 3; ++u) {
            for (int v = 0; v < 3; ++v) {
                int y = top + u;
                int x = left + v;
                int inside = guard(0 <= y && y < height) && guard(0 <= x && x < width);
                sum pixel = inside ? read_number(planes[((long long)channel * height + y) * width + x]) : 0;
                total += pixel * read_number(taps[(long long)channel * 9 + u * 3 + v]); // 0 times NaN is NaN too
            }
        }
    }
    return total;
}

// A^T p A of one tile of one kernel for each thread: 2x2 outputs.
extern "C" __global__ void transform_products(
    const sum *__restrict__ products,  // (4, 4, groups * kernels, images, tile_rows, tile_columns)
    const number *__restrict__ image,  // (images, groups * channels, height, width)
    const number *__restrict__ kernel, // (groups * kernels, channels, 3, 3)
    number *__restrict__ out,          // (images, groups * kernels, out_height, out_width)
    int images, int groups, int channels, int kernels, int height, int width, int out_height, int out_width,
    int first_row, int tile_rows, int tile_columns)
{
    int index = blockIdx.x * blockDim.x + threadIdx.x;
    int tile_column = index % tile_columns;
    int tile_row = index / tile_columns % tile_rows;
    int n = index / tile_columns / tile_rows % images;
    int f = index / tile_columns / tile_rows / images;

    if (guard(f < groups * kernels)) {
        long long count = (long long)groups * kernels * images * tile_rows * tile_columns;
        sum half[2][4]; // A^T p
        #pragma unroll
        for (int v = 0; v < 4; ++v) {
            sum first = products[v * count + index];
            sum second = products[(4 + v) * count + index];
            sum third = products[(8 + v) * count + index];
            sum fourth = products[(12 + v) * count + index];
            half[0][v] = first + second + third;
            half[1][v] = second - third - fourth;
        }
        int row = 2 * (first_row + tile_row);
        int column = 2 * tile_column;
        number *plane = out + ((long long)n * groups * kernels + f) * out_height * out_width;
        const number *planes = image + ((long long)n * groups + f / kernels) * channels * height * width;
        const number *taps = kernel + (long long)f * channels * 9;
        #pragma unroll
        for (int i = 0; i < 2; ++i) {
            #pragma unroll
            for (int j = 0; j < 2; ++j) {
                if (guard(row + i < out_height) && guard(column + j < out_width)) {
                    sum total = j == 0 ? half[i][0] + half[i][1] + half[i][2] : half[i][1] - half[i][2] - half[i][3];
                    if (isnan(total - total)) { // so is that of two infinities
                        total = by_definition(
                            planes, taps, channels, height, width, row + i - PAD_TOP, column + j - PAD_LEFT);
                    }
                    plane[(long long)(row + i) * out_width + column + j] = write_number(total);
                }
            }
        }
    }
}
