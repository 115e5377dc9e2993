"""The contestants: one sliding window on a real picture, made by us, by interact with matplotlib, by ipympl.

Each shows the same: a picture, a kernel, its response, where the window stands, and the sum there.
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Shown:
    """A demo of ours: Python that makes it, what takes its keys, what the pointer moves over.

    `grab` is what the mouse is pressed on, where that is a part of what it moves over; `keys` there and back;
    `in_words` where what changes is text and boxes of the page, not a canvas.
    """

    code: str
    focus: str = ".ck-panels"
    drag: str = "canvas >> visible=true"
    grab: str = ""
    keys: tuple[str, str] = ("ArrowRight", "ArrowLeft")
    in_words: bool = False

    @property
    def cells(self) -> list[str]:
        """The notebook's cells."""
        return [
            f"import numpy as np\nfrom coursekit import data\nfrom coursekit.widgets import *\n{self.code}"
        ]


DEMOS: dict[str, Shown] = {
    "SlidingWindow, 256x256, 20x20, all products": Shown(
        "SlidingWindow(data.coins()[:256, :256], np.random.default_rng(0).normal(size=(20, 20)))",
        drag='canvas[aria-label^="Output"]',
    ),
    "SignalConvolver, 1,000 samples, 200 taps": Shown(
        "rng = np.random.default_rng(0)\nSignalConvolver(rng.normal(size=1000), rng.normal(size=200))"
    ),
    "KernelPlayground, 256x256, 7x7": Shown(
        "KernelPlayground(data.coins()[:256, :256], np.random.default_rng(0).normal(size=(7, 7)))",
        focus=".kp-maps",
    ),
    "ShapeExplorer, 40 cells": Shown("ShapeExplorer(40, 5, padding=2)", focus=".se-stage"),
    "PoolingExplorer, 12x14, 2x2": Shown(
        "PoolingExplorer(np.random.default_rng(0).integers(0, 10, (12, 14)), 2)"
    ),
    "ReceptiveField": Shown("ReceptiveField()", focus="canvas"),
    "ParameterCounter, VGG-16": Shown(
        "ParameterCounter.vgg16()",
        focus=".pc-list",
        drag=".pc-list",
        grab=".pc-index >> nth=3",
        keys=("ArrowDown", "ArrowUp"),
        in_words=True,
    ),
    "EquivarianceMeter": Shown("EquivarianceMeter()", focus=".em-maps"),
}
