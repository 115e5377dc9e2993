# Many figures and a very long cell; answers as short as can be; `plt.show()` in a loop.
# points: pad2d 1, same_padding 2, correlate2d_padded 2, never_centred 1
# others: slices
# %% new above pad2d
import matplotlib.pyplot as plt
plt.rcParams["figure.figsize"] = 2, 2
history = []
# %% pad2d
def pad2d(image, top, bottom, left, right, value):
    history.append(image.shape)
    canvas = value + np.zeros((top + len(image) + bottom, left + len(image.T) + right))
    canvas[top:, left:][:len(image), :len(image.T)] = image
    return canvas
# %% new below pad2d
for value in (0, 0.5, 1):
    plt.imshow(pad2d(np.random.rand(6, 6), 1, 2, 3, 4, value), cmap="gray", vmin=0, vmax=1)
    plt.title(f"border {value}")
    plt.show()
figure, axes = plt.subplots(1, 2)
axes[0].bar(range(3), [1, 2, 3])
# %% new at the end
table = {}
for kernel_size in range(1, 30):
    for dilation in range(1, 30):
        table[kernel_size, dilation] = same_padding(kernel_size, dilation)
        print(kernel_size, dilation, *table[kernel_size, dilation])
figure
