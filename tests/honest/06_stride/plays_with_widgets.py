# An `interact` in the middle, `%%capture`, `get_ipython`, `input` never called; answers by sets and counters.
# points: output_size 2, correlate2d_strided 3, conv_transpose2d 2, receptive_field 2
# others: loops
# %% new above output_size
from ipywidgets import interact, IntSlider

@interact(stride=IntSlider(1, 1, 5))
def show(stride):
    print(list(range(0, 20, stride)))
# %% output_size
from collections import Counter, defaultdict

def output_size(size, kernel, padding, stride, dilation):
    hits = Counter(tap % stride == 0 for tap in range(size + 2 * padding - dilation * (kernel - 1)))
    return hits[True]
# %% new below output_size
%%capture
print(output_size(7, 3, 0, 2, 1))
get_ipython().run_line_magic("who", "")
# %% conv_transpose2d
def conv_transpose2d(image, kernel, stride):
    lands = defaultdict(float)
    for (i, j), pixel in np.ndenumerate(image):
        for (u, v), tap in np.ndenumerate(kernel):
            lands[i * stride[0] + u, j * stride[1] + v] += pixel * tap
    size = [1 + max(place[axis] for place in lands) for axis in (0, 1)]
    return [[lands[i, j] for j in range(size[1])] for i in range(size[0])]
