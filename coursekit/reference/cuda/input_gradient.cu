// The gradient of correlate's image, which is conv_transpose: each window sends its number back to its pixels, times
// the tap that met each. As a gather, so without atomics and always in the same order: who owns a pixel sums over
// the windows that see it, those i of which y + before - i * stride is a multiple u of the dilation.
//
// `by_pixel`, for few channels: a thread owns one pixel of all CHANNELS channels of a group, so that each number that
// it reads serves for all of them.
//
// `by_product`, an implicit matrix product: taps (channels, kernels) times numbers (kernels, pixels), one product for
// each tap, added up. Pixels that are `stride` apart meet the same taps; they are a *phase*, and a block makes
// TILE channels x TILE pixels of one phase, so it multiplies no zeros between strides. It walks the kernels in slices
// of SLICE, which it copies to shared memory; a thread holds EACH x EACH sums in registers.
//
// Per pixel and channel: 2 * kernels * KH * KW / (stride * stride) FLOP. By product it reads kernels * KH * KW /
// (stride * stride) * (1 / TILE + 1 / TILE) numbers from global memory and 2 / EACH from shared memory for each
// product: the latter limits it, up to EACH = 8, then the arithmetic units. Full speed needs more: the next slice
// fetched while one is multiplied, as `implicit_gemm.cu` does.
#include "numbers.cuh"
#include "places.cuh"

#define SIDE 16 // threads along each side of a block's tile
#define THREADS (SIDE * SIDE)
#define TILE (SIDE * EACH)

#if BY_PIXEL
extern "C" __global__ void by_pixel(
    const number *__restrict__ image, // (batch, groups, kernels, rows, columns)
    const number *__restrict__ taps,  // (groups, TAP_ROWS, TAP_COLUMNS, kernels, CHANNELS)
    number *__restrict__ out,         // (batch, groups, CHANNELS, height, width)
    int groups, int kernels, int rows, int columns, int height, int width, place pixels)
{
    place pixel = (place)blockIdx.x * blockDim.x + threadIdx.x;
    if (guard(pixel < pixels)) {
        int x = (int)(pixel % width);
        int y = (int)(pixel / width % height);
        place plane = pixel / width / height; // of an image and a group
        const number *sent = image + (long long)plane * kernels * rows * columns;
        const number *weights = taps + (long long)(plane % groups) * (TAP_ROWS * TAP_COLUMNS) * kernels * CHANNELS;
        sum totals[CHANNELS];
        #pragma unroll
        for (int c = 0; c < CHANNELS; ++c) {
            totals[c] = 0;
        }
        int i = (y + PAD_TOP) / STRIDE_ROWS;
        for (int down = y + PAD_TOP - i * STRIDE_ROWS; down <= (TAP_ROWS - 1) * DILATION_ROWS; down += STRIDE_ROWS, --i) {
            if (down % DILATION_ROWS == 0 && guard(0 <= i && i < rows)) {
                int j = (x + PAD_LEFT) / STRIDE_COLUMNS;
                for (int right = x + PAD_LEFT - j * STRIDE_COLUMNS; right <= (TAP_COLUMNS - 1) * DILATION_COLUMNS;
                     right += STRIDE_COLUMNS, --j) {
                    if (right % DILATION_COLUMNS == 0 && guard(0 <= j && j < columns)) {
                        int tap = down / DILATION_ROWS * TAP_COLUMNS + right / DILATION_COLUMNS;
                        const number *window = sent + (long long)i * columns + j;
                        const number *weight = weights + (long long)tap * kernels * CHANNELS;
                        for (int f = 0; f < kernels; ++f) {
                            sum value = read_number(window[(long long)f * rows * columns]);
                            #pragma unroll
                            for (int c = 0; c < CHANNELS; ++c) {
                                totals[c] += value * read_number(weight[f * CHANNELS + c]);
                            }
                        }
                    }
                }
            }
        }
        #pragma unroll
        for (int c = 0; c < CHANNELS; ++c) {
            out[(((long long)plane * CHANNELS + c) * height + y) * width + x] = write_number(totals[c]);
        }
    }
}
#else
extern "C" __global__ void by_product(
    const number *__restrict__ image, // (batch, groups, kernels, rows, columns)
    const number *__restrict__ taps,  // (groups, TAP_ROWS, TAP_COLUMNS, kernels, channels)
    number *__restrict__ out,         // (batch, groups, channels, height, width)
    int groups, int kernels, int channels, int rows, int columns, int height, int width,
    int phases_across,                // phases along a row: min(stride, width)
    int phase_rows, int phase_columns, // pixels of the largest phase
    int tiles,                        // blocks along the pixels of a phase
    long long places)                 // batch * phase_rows * phase_columns
{
    __shared__ sum weights[SLICE][TILE];
    __shared__ sum numbers[SLICE][TILE];
    int thread = threadIdx.x;
    int channel_tiles = (channels + TILE - 1) / TILE;
    int group = blockIdx.y / channel_tiles;
    int first_channel = blockIdx.y % channel_tiles * TILE;
    long long first_place = (long long)(blockIdx.x % tiles) * TILE;
    int phase_y = blockIdx.x / tiles / phases_across;
    int phase_x = blockIdx.x / tiles % phases_across;

    // This thread copies numbers for one pixel of the tile, and taps of one channel: the same for all slices.
    int mine = thread % TILE;
    long long here = first_place + mine;
    long long n = here / phase_columns / phase_rows;
    int y = phase_y + (int)(here / phase_columns % phase_rows) * STRIDE_ROWS;
    int x = phase_x + (int)(here % phase_columns) * STRIDE_COLUMNS;
    const number *sent = image + (n * groups + group) * kernels * rows * columns;
    const number *copied = taps + (long long)group * (TAP_ROWS * TAP_COLUMNS) * kernels * channels + first_channel + mine;

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

    for (int tap = 0; tap < TAP_ROWS * TAP_COLUMNS; ++tap) {
        int down = tap / TAP_COLUMNS * DILATION_ROWS - PAD_TOP;
        int right = tap % TAP_COLUMNS * DILATION_COLUMNS - PAD_LEFT;
        if ((phase_y - down) % STRIDE_ROWS != 0 || (phase_x - right) % STRIDE_COLUMNS != 0) {
            continue; // this tap meets no pixel of the phase: the whole block knows
        }
        int i = (y - down) / STRIDE_ROWS;
        int j = (x - right) / STRIDE_COLUMNS;
        for (int first = 0; first < kernels; first += SLICE) {
            for (int depth = thread / TILE; depth < SLICE; depth += THREADS / TILE) {
                int f = first + depth;
                sum value = 0;
                if (guard(here < places && f < kernels && 0 <= i && i < rows && 0 <= j && j < columns)) {
                    value = read_number(sent[((long long)f * rows + i) * columns + j]);
                }
                numbers[depth][mine] = value;
                sum weight = 0;
                if (guard(f < kernels && first_channel + mine < channels)) {
                    weight = read_number(copied[((long long)tap * kernels + f) * channels]);
                }
                weights[depth][mine] = weight;
            }
            __syncthreads();
            #pragma unroll
            for (int depth = 0; depth < SLICE; ++depth) {
                sum above[EACH];
                sum beside[EACH];
                #pragma unroll
                for (int r = 0; r < EACH; ++r) {
                    above[r] = numbers[depth][column + r * SIDE];
                    beside[r] = weights[depth][row + r * SIDE];
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
        }
    }

    #pragma unroll
    for (int s = 0; s < EACH; ++s) {
        long long to = first_place + column + s * SIDE;
        long long to_n = to / phase_columns / phase_rows;
        int to_y = phase_y + (int)(to / phase_columns % phase_rows) * STRIDE_ROWS;
        int to_x = phase_x + (int)(to % phase_columns) * STRIDE_COLUMNS;
        #pragma unroll
        for (int r = 0; r < EACH; ++r) {
            int channel = first_channel + row + r * SIDE;
            if (guard(to < places && to_y < height && to_x < width && channel < channels)) {
                long long plane = (to_n * groups + group) * channels + channel;
                out[(plane * height + to_y) * width + to_x] = write_number(totals[r][s]);
            }
        }
    }
}
#endif
