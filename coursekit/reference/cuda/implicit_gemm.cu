// Implicit GEMM: the matrix product of im2col, whose columns are never stored.
//
// Kernels as rows of a matrix (kernels, depth) with depth = C * KH * KW, times columns (depth, places), one for each
// position of each image. A block makes BLOCK_KERNELS x BLOCK_PLACES outputs. It walks the depth in slices of SLICE
// and copies its part of both matrices into shared memory, finding out for each number of a column which pixel it is.
// Each thread holds THREAD_KERNELS x THREAD_PLACES sums in registers, so one number from shared memory serves for 8
// products. There are two buffers: while a slice is multiplied, the next is on its way into registers.
//
// Per output: 2 * depth FLOP, and depth * (1 / BLOCK_KERNELS + 1 / BLOCK_PLACES) numbers read from global memory: with
// blocks of 128 x 128 in float32 one byte for 32 FLOP. What limits it are the arithmetic units, where there are
// enough outputs for all multiprocessors. Where there are not, DEPTH_PARTS blocks share the depth of an output, and
// add_parts.cu adds their sums in a fixed order.
//
// Two ways to walk the depth. TAPWISE: a slice is SLICE channels of one tap, so a border is tested once for all of
// them. Else, for a few channels: (channel, tap) in the order of memory. `arrange` puts the kernels in that order.
#include "numbers.cuh"

#ifdef EMULATED
#define LIMITS
#define ALIGNED
#else
#define LIMITS __launch_bounds__(THREADS, BLOCKS_TOGETHER) // registers for this many blocks on a multiprocessor
#define ALIGNED __align__(16)                              // so that four numbers are read at once
#endif

#define TAPS (TAP_ROWS * TAP_COLUMNS)
#define ROWS (BLOCK_KERNELS / THREAD_KERNELS) // threads of a block, as a grid of ROWS x COLUMNS
#define COLUMNS (BLOCK_PLACES / THREAD_PLACES)
#define THREADS (ROWS * COLUMNS)
#define PIXELS (SLICE * BLOCK_PLACES / THREADS) // of a slice that a thread copies
#define WEIGHTS (SLICE * BLOCK_KERNELS / THREADS)
#define PAIR (WARP_ROWS % 2 ? 1 : 2) // threads next to each other that have the same column
#define SIDE 32 // of the tiles of `arrange`

extern "C" __global__ void LIMITS implicit_gemm(
    const number *__restrict__ image,  // (batch, groups * channels, height, width)
    const number *__restrict__ kernel, // (groups, TAPS, channels, kernels) if TAPWISE, else (groups, channels, TAPS, kernels)
#if DEPTH_PARTS > 1
    sum *__restrict__ out,             // (DEPTH_PARTS, batch, groups * kernels, out_height, out_width)
#else
    number *__restrict__ out,          // (batch, groups * kernels, out_height, out_width)
#endif
    int batch, int groups, int channels, int kernels, int height, int width, int out_height, int out_width)
{
    __shared__ ALIGNED sum pixels[2][SLICE][BLOCK_PLACES];
    __shared__ ALIGNED sum weights[2][SLICE][BLOCK_KERNELS];
    __shared__ ALIGNED sum finished[ROWS][BLOCK_PLACES];

    // Blocks next to each other make other kernels at the same places: what they read is still in the cache.
    int kernel_blocks = (kernels + BLOCK_KERNELS - 1) / BLOCK_KERNELS;
    int first_kernel = blockIdx.x % kernel_blocks * BLOCK_KERNELS;
    int group = blockIdx.y;
    int part = blockIdx.z;

    // This thread copies the pixels of one place, and the weights of one kernel. It keeps the place: at the end it
    // also writes outputs of that place. Neighbouring threads have neighbouring places, in one row of an image.
    int positions = out_height * out_width;
    int place = blockIdx.x / kernel_blocks * BLOCK_PLACES + threadIdx.x % BLOCK_PLACES;
    int n = place / positions;
    int position = place % positions;
    int there = guard(n < batch); // below, what is negative is as unsigned larger than each size
    int top = position / out_width * STRIDE_ROWS - PAD_TOP;
    int left = position % out_width * STRIDE_COLUMNS - PAD_LEFT;
    int image_start = there ? (n * groups + group) * channels * height * width : 0;
    int pixel_row = THREADS == BLOCK_PLACES ? 0 : threadIdx.x / BLOCK_PLACES;

    int copied_kernel = first_kernel + threadIdx.x % BLOCK_KERNELS;
    int one_of_them = guard(copied_kernel < kernels);
    int kernel_start = group * TAPS * channels * kernels + copied_kernel;
    int weight_row = threadIdx.x / BLOCK_KERNELS;

    // Its sums: a warp is WARP_ROWS x WARP_COLUMNS threads, which read few and neighbouring numbers together.
    // Pairs of threads have the same column, so that reads of 16 bytes of half a warp touch fewer banks; not measured yet.
    int lane = threadIdx.x % (WARP_ROWS * WARP_COLUMNS);
    int warp = threadIdx.x / (WARP_ROWS * WARP_COLUMNS);
    int row = warp / (COLUMNS / WARP_COLUMNS) * WARP_ROWS + lane / (PAIR * WARP_COLUMNS) * PAIR + lane % PAIR;
    int column = warp % (COLUMNS / WARP_COLUMNS) * WARP_COLUMNS + lane / PAIR % WARP_COLUMNS;
    sum sums[THREAD_KERNELS][THREAD_PLACES];
    #pragma unroll
    for (int i = 0; i < THREAD_KERNELS; ++i) {
        #pragma unroll
        for (int j = 0; j < THREAD_PLACES; ++j) {
            sums[i][j] = 0;
        }
    }

#if TAPWISE
    int slices = (channels + SLICE - 1) / SLICE * TAPS;
#else
    int slices = (channels * TAPS + SLICE - 1) / SLICE;
#endif
    int first = slices / DEPTH_PARTS * part + min(part, slices % DEPTH_PARTS);
    int last = first + slices / DEPTH_PARTS + (part < slices % DEPTH_PARTS);

    // One round more than there are slices: in each, slice s is fetched and slice s - 1 multiplied.
    for (int s = first; s <= last; ++s) {
        sum next_pixels[PIXELS];
        sum next_weights[WEIGHTS];
        if (s < last) {
#if TAPWISE
            int tap = s % TAPS;
            int first_channel = s / TAPS * SLICE;
            int y = top + tap / TAP_COLUMNS * DILATION_ROWS;
            int x = left + tap % TAP_COLUMNS * DILATION_COLUMNS;
            int inside = there && guard((unsigned)y < height) && guard((unsigned)x < width);
            int pixel = image_start + (first_channel + pixel_row) * height * width + y * width + x;
            int weight = kernel_start + (tap * channels + first_channel + weight_row) * kernels;
#endif
            #pragma unroll
            for (int i = 0; i < PIXELS; ++i) {
                int down = i * (THREADS / BLOCK_PLACES); // the slice from this thread's first row
#if TAPWISE
                int wanted = inside && guard(first_channel + pixel_row + down < channels);
                next_pixels[i] = wanted ? read_number(image[pixel + down * height * width]) : 0;
#else
                int depth = s * SLICE + pixel_row + down;
                int channel = depth / TAPS;
                int y = top + depth % TAPS / TAP_COLUMNS * DILATION_ROWS;
                int x = left + depth % TAPS % TAP_COLUMNS * DILATION_COLUMNS;
                int inside = there && guard((unsigned)y < height) && guard((unsigned)x < width);
                int wanted = inside && guard(channel < channels);
                next_pixels[i] = wanted ? read_number(image[image_start + channel * height * width + y * width + x]) : 0;
#endif
            }
            #pragma unroll
            for (int i = 0; i < WEIGHTS; ++i) {
                int down = i * (THREADS / BLOCK_KERNELS);
#if TAPWISE
                int wanted = one_of_them && guard(first_channel + weight_row + down < channels);
                next_weights[i] = wanted ? read_number(kernel[weight + down * kernels]) : 0;
#else
                int depth = s * SLICE + weight_row + down;
                int wanted = one_of_them && guard(depth < channels * TAPS);
                next_weights[i] = wanted ? read_number(kernel[kernel_start + depth * kernels]) : 0;
#endif
            }
        }
        if (s > first) {
            int buffer = (s - 1) & 1;
            #pragma unroll
            for (int depth = 0; depth < SLICE; ++depth) {
                sum by_kernel[THREAD_KERNELS];
                sum by_place[THREAD_PLACES];
                #pragma unroll
                for (int i = 0; i < THREAD_KERNELS; ++i) {
                    by_kernel[i] = weights[buffer][depth][i / 4 * (4 * ROWS) + row * 4 + i % 4];
                }
                #pragma unroll
                for (int j = 0; j < THREAD_PLACES; ++j) {
                    by_place[j] = pixels[buffer][depth][j / 4 * (4 * COLUMNS) + column * 4 + j % 4];
                }
                #pragma unroll
                for (int i = 0; i < THREAD_KERNELS; ++i) {
                    #pragma unroll
                    for (int j = 0; j < THREAD_PLACES; ++j) {
                        sums[i][j] += by_kernel[i] * by_place[j];
                    }
                }
            }
        }
        if (s < last) {
            #pragma unroll
            for (int i = 0; i < PIXELS; ++i) {
                pixels[s & 1][pixel_row + i * (THREADS / BLOCK_PLACES)][threadIdx.x % BLOCK_PLACES] = next_pixels[i];
            }
            #pragma unroll
            for (int i = 0; i < WEIGHTS; ++i) {
                weights[s & 1][weight_row + i * (THREADS / BLOCK_KERNELS)][threadIdx.x % BLOCK_KERNELS] = next_weights[i];
            }
        }
        __syncthreads(); // the slice is complete, and the buffer of the one before is free
    }

    // Through shared memory once more, so that neighbouring threads write neighbouring outputs.
    int out_start = ((part * batch + n) * groups + group) * kernels;
    #pragma unroll
    for (int i = 0; i < THREAD_KERNELS; ++i) {
        #pragma unroll
        for (int j = 0; j < THREAD_PLACES; ++j) {
            finished[row][j / 4 * (4 * COLUMNS) + column * 4 + j % 4] = sums[i][j];
        }
        __syncthreads(); // one row of each thread is there
        #pragma unroll
        for (int r = 0; r < ROWS * BLOCK_PLACES / THREADS; ++r) {
            int from = pixel_row + r * (THREADS / BLOCK_PLACES);
            int f = first_kernel + i / 4 * (4 * ROWS) + from * 4 + i % 4;
            if (there && guard(f < kernels)) {
                sum total = finished[from][threadIdx.x % BLOCK_PLACES];
#if DEPTH_PARTS > 1
                out[(out_start + f) * positions + position] = total;
#else
                out[(out_start + f) * positions + position] = write_number(total);
#endif
            }
        }
        __syncthreads(); // it is written before the next row comes
    }
}

// Put the kernels in the order in which `implicit_gemm` walks the depth, kernels next to each other.
// It transposes tiles of SIDE x SIDE in shared memory, so that reads and writes are of neighbours.
extern "C" __global__ void arrange(
    const number *__restrict__ kernel, // (groups, kernels, channels, TAPS)
    number *__restrict__ out,          // (groups, TAPS, channels, kernels) if TAPWISE, else (groups, channels, TAPS, kernels)
    int channels, int kernels)
{
    __shared__ number tile[SIDE][SIDE + 1]; // a column more, so that a column of it lies in different banks
    int depth = channels * TAPS;
    long long start = (long long)blockIdx.z * kernels * depth;
    for (int r = threadIdx.y; r < SIDE; r += blockDim.y) {
        int f = blockIdx.y * SIDE + r;
        int d = blockIdx.x * SIDE + threadIdx.x;
        if (guard(f < kernels) && guard(d < depth)) {
            tile[r][threadIdx.x] = kernel[start + (long long)f * depth + d];
        }
    }
    __syncthreads(); // the tile is there before its columns are read
    for (int r = threadIdx.y; r < SIDE; r += blockDim.y) {
        int f = blockIdx.y * SIDE + threadIdx.x;
        int d = blockIdx.x * SIDE + r;
        if (guard(f < kernels) && guard(d < depth)) {
#if TAPWISE
            d = d % TAPS * channels + d / TAPS;
#endif
            out[start + (long long)d * kernels + f] = tile[threadIdx.x][r];
        }
    }
}
