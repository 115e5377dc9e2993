"""The contestants: one sliding window on a real picture, made by us, by interact with matplotlib, by ipympl.

Each shows the same: a picture, a kernel, its response, where the window stands, and the sum there.
"""

PICTURE = """import numpy as np
from coursekit import correlate, data
image = data.coins()[:128, :128]
kernel = np.array([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
response = correlate(image, kernel)"""

OURS = """from coursekit.widgets import SlidingWindow
demo = SlidingWindow(image, kernel)
demo"""

DRAWING = """import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle
def draw(axes, row, column):
    axes[0].imshow(image, cmap="gray")
    axes[1].imshow(kernel, cmap="RdBu")
    axes[2].imshow(response, cmap="RdBu")
    marks = [Rectangle((column - .5, row - .5), 3, 3, fill=False, edgecolor="tab:orange", linewidth=2),
             Rectangle((column - .5, row - .5), 1, 1, fill=False, edgecolor="tab:orange", linewidth=2)]
    axes[0].add_patch(marks[0])
    axes[2].add_patch(marks[1])
    return marks, axes[2].set_title(f"sum {response[row, column]:.2f}")"""

INTERACT = """%matplotlib inline
from ipywidgets import interact
@interact(row=(0, 125), column=(0, 125))
def show(row=60, column=60):
    figure, axes = plt.subplots(1, 3, figsize=(11, 4))
    draw(axes, row, column)
    plt.show()"""

IPYMPL = """%matplotlib widget
from ipywidgets import IntSlider, VBox
from IPython.display import display
plt.ioff()
figure, axes = plt.subplots(1, 3, figsize=(11, 4))
(window, cell), title = draw(axes, 60, 60)
row, column = (IntSlider(60, 0, 125, description=name) for name in ("row", "column"))
def move(_change):
    window.set_xy((column.value - .5, row.value - .5))
    cell.set_xy((column.value - .5, row.value - .5))
    title.set_text(f"sum {response[row.value, column.value]:.2f}")
    figure.canvas.draw_idle()
row.observe(move, "value")
column.observe(move, "value")
display(VBox([row, column, figure.canvas]))"""

CONTESTANTS = {
    "SlidingWindow": [PICTURE, OURS],
    "interact, matplotlib inline": [PICTURE, DRAWING, INTERACT],
    "ipympl": [PICTURE, DRAWING, IPYMPL],
}

# Our other demos, each with a key that changes what it shows, and a canvas to drag over.
DEMOS: dict[str, str] = {
    "SlidingWindow, 256x256, 20x20, all products": """import numpy as np
from coursekit import data
from coursekit.widgets import SlidingWindow
rng = np.random.default_rng(0)
demo = SlidingWindow(data.coins()[:256, :256], rng.normal(size=(20, 20)))
demo""",
}
