// Shared tile: the threads of a block copy the pixels they have in common into shared memory, once.
//
// A block makes TILE_ROWS x TILE_COLUMNS positions of KERNELS_TOGETHER kernels. Channel by channel it copies the
// patch of pixels that its windows cover, and the taps; every thread then sums from there. Zeros of the padding are
// copied too, so no border is tested in the inner loop.
//
// Per output and channel: 2 * KH * KW FLOP and, from global memory, PATCH / (tile * KERNELS_TOGETHER) pixels, where
// PATCH = ((TILE_ROWS - 1) * SH + (KH - 1) * DH + 1) * ((TILE_COLUMNS - 1) * SW + (KW - 1) * DW + 1). For a 3x3
// kernel, a tile of 8x32 and 4 kernels that is a third of a number, where the naive kernel reads 9. What limits it is
// shared memory: 1 + KERNELS_TOGETHER reads for KERNELS_TOGETHER products.
#include "numbers.cuh"

#define THREADS (TILE_ROWS * TILE_COLUMNS)
#define PATCH_ROWS ((TILE_ROWS - 1) * STRIDE_ROWS + (TAP_ROWS - 1) * DILATION_ROWS + 1)
#define PATCH_COLUMNS ((TILE_COLUMNS - 1) * STRIDE_COLUMNS + (TAP_COLUMNS - 1) * DILATION_COLUMNS + 1)
#define TAPS (TAP_ROWS * TAP_COLUMNS)

extern "C" __global__ void shared_tile(
    const number *__restrict__ image,  // (batch, groups * channels, height, width)
    const number *__restrict__ kernel, // (groups * kernels, channels, TAP_ROWS, TAP_COLUMNS)
    number *__restrict__ out,          // (batch, groups * kernels, out_height, out_width)
    int groups, int channels, int kernels, int height, int width, int out_height, int out_width)
{
    __shared__ sum patch[PATCH_ROWS * PATCH_COLUMNS];
    __shared__ sum taps[KERNELS_TOGETHER * TAPS];

    // Which tile, which kernels of which group, and which image this block has.
    int tiles_across = (out_width + TILE_COLUMNS - 1) / TILE_COLUMNS;
    int tiles_down = (out_height + TILE_ROWS - 1) / TILE_ROWS;
    int parts = (kernels + KERNELS_TOGETHER - 1) / KERNELS_TOGETHER; // of the kernels of a group
    int tile = blockIdx.x % (tiles_across * tiles_down);
    int rest = blockIdx.x / (tiles_across * tiles_down);
    int first = rest % parts * KERNELS_TOGETHER;
    int group = rest / parts % groups;
    int n = rest / parts / groups;

    int thread_row = threadIdx.x / TILE_COLUMNS;
    int thread_column = threadIdx.x % TILE_COLUMNS;
    int row = tile / tiles_across * TILE_ROWS + thread_row;
    int column = tile % tiles_across * TILE_COLUMNS + thread_column;
    int top = tile / tiles_across * TILE_ROWS * STRIDE_ROWS - PAD_TOP;
    int left = tile % tiles_across * TILE_COLUMNS * STRIDE_COLUMNS - PAD_LEFT;

    sum totals[KERNELS_TOGETHER];
    #pragma unroll
    for (int i = 0; i < KERNELS_TOGETHER; ++i) {
        totals[i] = 0;
    }
    for (int channel = 0; channel < channels; ++channel) {
        const number *plane = image + ((long long)(n * groups + group) * channels + channel) * height * width;
        for (int index = threadIdx.x; guard(index < PATCH_ROWS * PATCH_COLUMNS); index += THREADS) {
            int y = top + index / PATCH_COLUMNS;
            int x = left + index % PATCH_COLUMNS;
            patch[index] = guard(0 <= y && y < height) && guard(0 <= x && x < width)
                ? read_number(plane[(long long)y * width + x]) : 0;
        }
        for (int index = threadIdx.x; guard(index < KERNELS_TOGETHER * TAPS); index += THREADS) {
            int f = first + index / TAPS;
            taps[index] = guard(f < kernels)
                ? read_number(kernel[((long long)(group * kernels + f) * channels + channel) * TAPS + index % TAPS]) : 0;
        }
        __syncthreads(); // all is copied before anyone reads it
        #pragma unroll
        for (int u = 0; u < TAP_ROWS; ++u) {
            #pragma unroll
            for (int v = 0; v < TAP_COLUMNS; ++v) {
                int y = thread_row * STRIDE_ROWS + u * DILATION_ROWS;
                int x = thread_column * STRIDE_COLUMNS + v * DILATION_COLUMNS;
                sum pixel = patch[y * PATCH_COLUMNS + x];
                #pragma unroll
                for (int i = 0; i < KERNELS_TOGETHER; ++i) {
                    totals[i] += pixel * taps[i * TAPS + u * TAP_COLUMNS + v];
                }
            }
        }
        __syncthreads(); // all have read before the next channel is copied over it
    }
    if (guard(row < out_height) && guard(column < out_width)) {
        #pragma unroll
        for (int i = 0; i < KERNELS_TOGETHER; ++i) {
            if (guard(first + i < kernels)) {
                long long f = (long long)(n * groups + group) * kernels + first + i;
                out[(f * out_height + row) * out_width + column] = write_number(totals[i]);
            }
        }
    }
}
