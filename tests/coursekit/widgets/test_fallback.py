"""The picture that stands in for the widget where none can run."""

from __future__ import annotations

import base64
import io
import subprocess
import sys

import numpy as np
import pytest

from coursekit.widgets import Conventions, SlidingWindow

VIEW = "application/vnd.jupyter.widget-view+json"
IMAGE = np.arange(9).reshape(3, 3)
KERNEL = [[0, 1], [2, 3]]


def pixels(data: dict[str, str]) -> np.ndarray:
    """Return the picture of a bundle, of shape (H, W, 4)."""
    from matplotlib.image import imread

    return imread(io.BytesIO(base64.b64decode(data["image/png"])))


def test_the_picture_stands_beside_the_live_view():
    widget = SlidingWindow(IMAGE, KERNEL)
    data, _ = widget._repr_mimebundle_()
    assert data[VIEW]["model_id"] == widget.model_id
    assert f'src="data:image/png;base64,{data["image/png"]}"' in data["text/html"]
    assert pixels(data).shape == (300, 800, 4)


def test_its_words_say_the_sum_at_the_position():
    html = SlidingWindow(IMAGE, KERNEL, position=(0, 1))._repr_mimebundle_()[0]["text/html"]
    assert "3 × 3 input with a 2 × 2 kernel" in html
    assert "At output row 0, column 1: 1×0 + 2×1 + 4×2 + 5×3 = 25." in html


def test_padding_counts_as_zero_and_negative_factors_stand_in_parentheses():
    html = SlidingWindow(-IMAGE, KERNEL, padding=1, dilation=2, position=(1, 1))._repr_mimebundle_()[0][
        "text/html"
    ]
    assert "0×0 + (−2)×1 + (−6)×2 + (−8)×3 = −38." in html


def test_the_picture_follows_the_position():
    widget = SlidingWindow(IMAGE, KERNEL)
    before = pixels(widget._repr_mimebundle_()[0])
    widget.position = (1, 1)
    assert not np.array_equal(before, pixels(widget._repr_mimebundle_()[0]))


def test_an_answer_that_the_widget_keeps_back_is_not_in_the_picture_either():
    asked, answered = (
        SlidingWindow(IMAGE, KERNEL, filled=filled)._repr_mimebundle_()[0] for filled in (0, -1)
    )
    assert "0×0 + 1×1 + 3×2 + 4×3 = ?." in asked["text/html"]
    colourless = np.ptp(pixels(asked)[60:, 533:, :3], axis=2).max()  # the third panel has no orange
    assert colourless < 0.02 < np.ptp(pixels(answered)[60:, 533:, :3], axis=2).max()


def test_numbers_to_be_predicted_are_kept_back_until_they_are_typed():
    widget = SlidingWindow(IMAGE, KERNEL, predict=True, position=(0, 1))
    assert "= ?." in widget.describe()
    hidden = pixels(widget._repr_mimebundle_()[0])
    widget.predicted = [1]
    assert "= 25." in widget.describe()
    assert not np.array_equal(hidden, pixels(widget._repr_mimebundle_()[0]))


def test_a_convolution_is_named_and_its_products_are_those_of_the_turned_kernel():
    conventions = Conventions(operation="convolution")
    said = SlidingWindow(IMAGE, KERNEL, conventions=conventions).describe()
    assert "convolution (the kernel is turned by half a turn) of a 3 × 3 input" in said
    assert said.endswith("0×3 + 1×2 + 3×1 + 4×0 = 5.")


@pytest.mark.parametrize(("channels", "shape"), [("first", "2 × 3 × 4"), ("last", "3 × 4 × 2")])
def test_channels_are_summed_and_written_in_the_order_of_the_conventions(channels, shape):
    image = np.arange(24).reshape(2, 3, 4)
    widget = SlidingWindow(image, np.ones((2, 1, 2), int), conventions=Conventions(channels=channels))
    assert f"{shape} (channels {channels}) input" in widget.describe()
    assert "0×1 + 1×1 + 12×1 + 13×1 = 26." in widget.describe()
    assert pixels(widget._repr_mimebundle_()[0]).shape == (300, 800, 4)


def test_a_window_over_the_edge_reads_zeros():
    conventions = Conventions(rounding="ceil")
    widget = SlidingWindow(IMAGE, KERNEL, stride=2, position=(1, 1), conventions=conventions)
    assert "8×0 + 0×1 + 0×2 + 0×3 = 0." in widget.describe()


def test_long_sums_are_shortened():
    widget = SlidingWindow(np.ones((9, 9), int), np.ones((5, 5), int))
    html = widget._repr_mimebundle_()[0]["text/html"]
    assert "1×1 + 1×1 + 1×1 + 1×1 + … + 1×1 + 1×1 = 25." in html


def test_a_window_that_does_not_fit_is_said_and_drawn():
    widget = SlidingWindow(IMAGE, KERNEL)
    widget.dilation = 5
    data, _ = widget._repr_mimebundle_()
    assert "the kernel does not fit inside the input" in data["text/html"]
    assert pixels(data).shape == (300, 800, 4)


SCRIPT = """
import sys
{before}
from coursekit.widgets import SlidingWindow
widget = SlidingWindow([[1, 2], [3, 4]], [[1]])
assert "matplotlib" not in {seen}, "matplotlib was imported before a picture was asked for"
data, _ = widget._repr_mimebundle_()
print(*sorted(data), "pyplot" if "matplotlib.pyplot" in sys.modules else "")
"""


@pytest.mark.parametrize(
    ("before", "seen", "expected"),
    [
        ("", "sys.modules", f"{VIEW} image/png text/html text/plain"),
        ("sys.modules['matplotlib'] = None", "()", f"{VIEW} text/plain"),
    ],
    ids=["with matplotlib, imported late and without pyplot", "without matplotlib, no picture"],
)
def test_matplotlib_is_needed_only_for_the_picture(before, seen, expected):
    script = SCRIPT.format(before=before, seen=seen)
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (answer.stdout.strip(), answer.stderr) == (expected, "")
