// The gradient of correlate's kernel: for each kernel, channel and tap, the sum over all places (all windows of all
// images) of the window's gradient times the pixel that the tap meets there.
//
// There are few outputs and very many places, so the places are dealt to PARTS blocks, each of which writes the sum of
// its own run of places; `add_parts` then adds these in their order. No atomics: the result is always the same.
//
// `by_product`, an implicit matrix product: gradients (kernels, places) times pixels (places, channels * taps). A
// block makes TILE x TILE sums, over slices of SLICE places that it copies to shared memory, finding out for each number
// which pixel it is; a thread holds EACH x EACH sums in registers.
//
// `by_tap`, for few kernels and few channels times taps: a block makes one output. Its threads take places in turns,
// and a tree in shared memory adds their sums.
//
// Per output: 2 * places FLOP. By product it reads places * (1 / TILE + 1 / TILE) numbers from global memory (pixels
// mostly from the cache, as neighbouring taps meet the same ones) and 2 / EACH from shared memory for each product:
// the latter limits it, up to EACH = 8, then the arithmetic units. By tap it reads 2 numbers for a product, most from
// the cache, which limits it. Full speed needs more: the next slice fetched while one is multiplied, as in
// `implicit_gemm.cu`, and pixels copied once for all taps that meet them.
#include "numbers.cuh"

#define SIDE 16 // threads along each side of a block's tile
#define THREADS (SIDE * SIDE)
#define TILE (SIDE * EACH)
#define SLICE 16
#define TAPS (TAP_ROWS * TAP_COLUMNS)

#if BY_TAP
extern "C" __global__ void by_tap(
    const number *__restrict__ gradient, // (batch, groups, kernels, rows, columns)
    const number *__restrict__ image,    // (batch, groups, channels, height, width)
    sum *__restrict__ parts,             // (PARTS, groups, kernels, channels, TAP_ROWS, TAP_COLUMNS)
    int groups, int kernels, int channels, int rows, int columns, int height, int width,
    long long places, long long places_of_part)
{
    __shared__ sum totals[THREADS];
    int thread = threadIdx.x;
    int tap = blockIdx.x % TAPS;
    int channel = blockIdx.x / TAPS % channels;
    int f = blockIdx.x / TAPS / channels; // of all groups
    int down = tap / TAP_COLUMNS * DILATION_ROWS - PAD_TOP;
    int right = tap % TAP_COLUMNS * DILATION_COLUMNS - PAD_LEFT;
    long long first = blockIdx.y * places_of_part;
    long long last = min(first + places_of_part, places);

    // Where this thread's place is. It goes on THREADS places at a time, by whole images, rows and columns, as a
    // clock goes on by hours, minutes and seconds: dividing anew would take longer than the product itself.
    long long place = first + thread;
    long long n = place / columns / rows;
    int i = (int)(place / columns % rows);
    int j = (int)(place % columns);
    sum total = 0;
    for (; guard(place < last); place += THREADS) {
        int y = i * STRIDE_ROWS + down;
        int x = j * STRIDE_COLUMNS + right;
        if (guard(0 <= y && y < height && 0 <= x && x < width)) {
            long long sent = ((n * groups * kernels + f) * rows + i) * columns + j;
            long long pixel = (((n * groups + f / kernels) * channels + channel) * height + y) * width + x;
            total += read_number(gradient[sent]) * read_number(image[pixel]);
        }
        n += THREADS / columns / rows;
        i += THREADS / columns % rows;
        j += THREADS % columns;
        if (j >= columns) {
            j -= columns;
            ++i;
        }
        if (i >= rows) {
            i -= rows;
            ++n;
        }
    }
    totals[thread] = total;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (guard(thread < half)) {
            totals[thread] += totals[thread + half];
        }
    }
    if (thread == 0) {
        parts[(long long)blockIdx.y * gridDim.x + blockIdx.x] = totals[0];
    }
}
#else
extern "C" __global__ void by_product(
    const number *__restrict__ gradient, // (batch, groups, kernels, rows, columns)
    const number *__restrict__ image,    // (batch, groups, channels, height, width)
    sum *__restrict__ parts,             // (PARTS, groups, kernels, channels, TAP_ROWS, TAP_COLUMNS)
    int groups, int kernels, int channels, int rows, int columns, int height, int width,
    long long places, long long places_of_part)
{
    __shared__ sum sent[SLICE][TILE + 1]; // one more, so that threads that write below each other use other banks
    __shared__ sum pixels[SLICE][TILE + 1];
    int thread = threadIdx.x;
    int kernel_tiles = (kernels + TILE - 1) / TILE;
    int group = blockIdx.y / kernel_tiles;
    int first_kernel = blockIdx.y % kernel_tiles * TILE;
    int first_output = blockIdx.x * TILE; // of channels * TAPS
    long long first = blockIdx.z * places_of_part;
    long long last = min(first + places_of_part, places);

    // This thread copies one place of each slice, for EACH kernels and EACH outputs (a channel and a tap) that stay.
    int depth = thread % SLICE;
    int mine = thread / SLICE;
    int channel[EACH];
    int down[EACH];
    int right[EACH];
    #pragma unroll
    for (int s = 0; s < EACH; ++s) {
        int output = first_output + mine + s * SIDE;
        channel[s] = output / TAPS;
        down[s] = output % TAPS / TAP_COLUMNS * DILATION_ROWS - PAD_TOP;
        right[s] = output % TAP_COLUMNS * DILATION_COLUMNS - PAD_LEFT;
    }

    // It multiplies every SIDE-th row and column of the tile: neighbouring threads read neighbouring numbers.
    int row = thread / SIDE;
    int column = thread % SIDE;
    sum totals[EACH][EACH];
    #pragma unroll
    for (int r = 0; r < EACH; ++r) {
        #pragma unroll
        for (int s = 0; s < EACH; ++s) {
            totals[r][s] = 0;
        }
    }

    // Its place goes on by whole images, rows and columns, as a clock does: no division in the loop.
    long long place = first + depth;
    long long n = place / columns / rows;
    int i = (int)(place / columns % rows);
    int j = (int)(place % columns);
    for (long long start = first; start < last; start += SLICE) {
        long long windows = (n * groups + group) * kernels;
        long long planes = (n * groups + group) * channels;
        #pragma unroll
        for (int s = 0; s < EACH; ++s) {
            int f = first_kernel + mine + s * SIDE;
            sum here = 0;
            if (guard(place < last && f < kernels)) {
                here = read_number(gradient[((windows + f) * rows + i) * columns + j]);
            }
            sent[depth][mine + s * SIDE] = here;
            int y = i * STRIDE_ROWS + down[s];
            int x = j * STRIDE_COLUMNS + right[s];
            sum pixel = 0;
            if (guard(place < last && channel[s] < channels && 0 <= y && y < height && 0 <= x && x < width)) {
                pixel = read_number(image[((planes + channel[s]) * height + y) * width + x]);
            }
            pixels[depth][mine + s * SIDE] = pixel;
        }
        __syncthreads();
        #pragma unroll
        for (int k = 0; k < SLICE; ++k) {
            sum above[EACH];
            sum beside[EACH];
            #pragma unroll
            for (int r = 0; r < EACH; ++r) {
                above[r] = pixels[k][column + r * SIDE];
                beside[r] = sent[k][row + r * SIDE];
            }
            #pragma unroll
            for (int r = 0; r < EACH; ++r) {
                #pragma unroll
                for (int s = 0; s < EACH; ++s) {
                    totals[r][s] += beside[r] * above[s];
                }
            }
        }
        __syncthreads();
        place += SLICE;
        n += SLICE / columns / rows;
        i += SLICE / columns % rows;
        j += SLICE % columns;
        if (j >= columns) {
            j -= columns;
            ++i;
        }
        if (i >= rows) {
            i -= rows;
            ++n;
        }
    }

    long long outputs = (long long)channels * TAPS;
    #pragma unroll
    for (int r = 0; r < EACH; ++r) {
        int f = first_kernel + row + r * SIDE;
        #pragma unroll
        for (int s = 0; s < EACH; ++s) {
            int output = first_output + column + s * SIDE;
            if (guard(f < kernels && output < outputs)) {
                parts[(((long long)blockIdx.z * groups + group) * kernels + f) * outputs + output] = totals[r][s];
            }
        }
    }
}
#endif
