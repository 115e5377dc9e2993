# Wrote the kernel for a GPU as well, with a shared tile, and left the words for later.
# points: im2col2d 2, correlate_by_product 3, separate 2
# %% im2col2d
def im2col2d(image, height, width):
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    output = np.empty((height * width, rows * columns), dtype=image.dtype)
    place = 0
    for i in range(rows):
        for j in range(columns):
            output[:, place] = image[i:i + height, j:j + width].reshape(-1)
            place += 1
    return output
# %% correlate_by_product
def correlate_by_product(image, kernels):
    filters, channels, h, w = kernels.shape
    columns = np.stack([im2col2d(channel, h, w) for channel in image])
    output = np.einsum("fck,ckp->fp", kernels.reshape(filters, channels, h * w), columns)
    return output.reshape(filters, -1, image.shape[2] - w + 1)
# %% separate
def separate(kernel):
    norms = np.linalg.norm(kernel, axis=1)
    row = kernel[norms.argmax()] / norms.max()
    return kernel @ row, row
# %% correlate2d_by_kernel
TILED = """
#define SIDE 8
__global__ void tiled(const float *image, const float *taps, float *output, int H, int W, int h, int w)
{
    __shared__ float tile[10][10];
    for (int y = threadIdx.y; y < 10; y += SIDE)
        for (int x = threadIdx.x; x < 10; x += SIDE) {
            int i = blockIdx.y * SIDE + y, j = blockIdx.x * SIDE + x;
            tile[y][x] = (i < H && j < W) ? image[i * W + j] : 0.0f;
        }
    __syncthreads();
    int row = blockIdx.y * SIDE + threadIdx.y, column = blockIdx.x * SIDE + threadIdx.x;
    if (row <= H - h && column <= W - w) {
        float total = 0.0f;
        for (int u = 0; u < h; u++)
            for (int v = 0; v < w; v++)
                total += tile[threadIdx.y + u][threadIdx.x + v] * taps[u * w + v];
        output[row * (W - w + 1) + column] = total;
    }
}
"""


def correlate2d_by_kernel(image, kernel):
    (H, W), (h, w) = image.shape, kernel.shape
    output = np.zeros((H - h + 1, W - w + 1), np.float32)
    grid = ceil((W - w + 1) / 8), ceil((H - h + 1) / 8)
    run(TILED, [image, kernel, output, H, W, h, w], grid=grid, block=(8, 8))
    return output


assert run.counts.blocks == 3  # of the example above
