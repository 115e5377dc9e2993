"""The pictures of what a network costs: every number in them is a count of the shape arithmetic."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.patches import FancyBboxPatch, Rectangle

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import LectureFigure
from coursekit.figures.costs import compare_blocks, grows_with_the_image, where_it_sits
from coursekit.figures.counting import kernel_bank, total_parameters
from coursekit.shapes import Convolution, Dense, Flatten, GlobalPooling, Pooling, ReLU, alexnet, vgg16

LAYERS = [Convolution(6, 5), ReLU(), Pooling(2), Convolution(16, 5), ReLU(), Flatten(), Dense(10)]
SHAPE = (3, 32, 32)


def texts(figure: LectureFigure, panel: int = 0) -> list[str]:
    return [text.get_text().strip() for text in figure.axes[panel].texts]


def bars(figure: LectureFigure, panel: int) -> list[float]:
    return [patch.get_width() for patch in figure.axes[panel].patches if isinstance(patch, Rectangle)]


@pytest.mark.parametrize(
    ("shape", "bias"), [((2, 3, 5, 5), True), ((4, 1, 2, 3), False), ((1, 1, 1, 1), True)]
)
def test_a_bank_has_a_cell_for_each_weight_and_a_letter_for_each_bias(shape: Any, bias: bool) -> None:
    figure = kernel_bank(*shape, bias=bias)
    kernels, channels, height, width = shape
    cells = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert len(cells) == kernels * channels * height * width
    assert texts(figure).count("b") == kernels * bias
    total = len(cells) + kernels * bias
    assert f"{total} parameters in all" in figure.alt
    assert figure.axes[0].get_title().endswith(f"= {total} {'parameters' if bias else 'weights'}")


def test_totals_stand_below_their_layers_and_add_up() -> None:
    figure = total_parameters(LAYERS, SHAPE, title="ours")
    assert texts(figure)[-1] == "456 + 2,416 + 16,010 = 18,882"
    assert "Convolution 6 @ 5×5: 456; Max pooling 2×2, stride 2: 0; Convolution 16 @ 5×5: 2,416" in figure.alt
    assert figure.alt.endswith("In all 18,882.")
    # input, two convolutions, pooling, flatten, dense: ReLU is not drawn
    boxes = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    assert [box.get_linestyle() for box in boxes] == ["--", "-", "--", "-", "--", "-"]
    assert "16×10×10" in texts(figure)


def test_a_network_without_parameters_has_the_total_0() -> None:
    assert texts(total_parameters([Pooling(2), GlobalPooling()], SHAPE))[-1] == "0"


def test_bars_are_as_long_as_the_counts_and_say_their_share() -> None:
    figure = where_it_sits(*alexnet(), title="AlexNet")
    parameters = [34_944, 307_456, 885_120, 663_936, 442_624, 37_752_832, 16_781_312, 4_097_000]
    assert bars(figure, 0) == parameters
    assert texts(figure, 0) == ["<1%", "1%", "1%", "1%", "1%", "62%", "28%", "7%"]
    assert texts(figure, 1) == ["15%", "31%", "21%", "15%", "10%", "5%", "2%", "1%"]
    assert [axis.get_title() for axis in figure.axes] == ["parameters: 61 million", "MACs: 724 million"]
    assert "parameters: 60,965,224 in all, most of them in Dense 4096 (62%)" in figure.alt


def test_a_third_measure_brings_the_layers_that_only_it_has() -> None:
    two, three = (where_it_sits(*vgg16(), m) for m in (("macs",), ("macs", "activation_bytes")))
    assert len(bars(two, 0)) == 16
    assert len(bars(three, 0)) == 16 + 5  # the poolings
    assert three.axes[0].get_title() == "MACs: 15.5 billion"


def test_curves_show_what_grows_with_the_image_and_what_does_not() -> None:
    networks = {
        "convolutions": LAYERS[:5],
        "dense": LAYERS,
        "global": [*LAYERS[:5], GlobalPooling(), Dense(10)],
    }
    figure = grows_with_the_image(networks, [16, 32, 64])
    curves = [list(line.get_ydata()) for line in figure.axes[0].lines]
    assert curves[0] == [2872] * 3
    assert curves[1] == [2872 + 10 * (16 * side**2 + 1) for side in (2, 10, 26)]
    assert curves[2] == [2872 + 170] * 3
    assert "convolutions: 2,872 and 2,872; dense: 3,522 and 111,042" in figure.alt


def test_labels_of_curves_that_end_together_are_moved_apart() -> None:
    networks = {"a": [Convolution(6, 5)], "b": [Convolution(6, 5), ReLU()], "c": [Flatten(), Dense(10)]}
    figure = grows_with_the_image(networks, [16, 32])
    first, second, third = (text.get_position()[1] for text in figure.axes[0].texts)
    assert first < second < third


def test_blocks_are_compared_with_the_first() -> None:
    blocks = {
        "3×3": [Convolution(256, 3, padding=1, bias=False)],
        "separable": [
            Convolution(256, 3, padding=1, groups=256, bias=False),
            Convolution(256, 1, bias=False),
        ],
    }
    figure = compare_blocks(blocks, (256, 14, 14))
    assert bars(figure, 0) == [589_824, 67_840]
    assert bars(figure, 1) == [589_824 * 196, 67_840 * 196]
    assert texts(figure, 0) == ["589,824", "67,840 (÷ 8.7)"]
    assert texts(figure, 1) == ["116 million", "13 million (÷ 8.7)"]
    assert figure.alt.startswith("From 256×14×14 to 256×14×14. 3×3: 589,824 parameters, 115,605,504 MACs;")


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: kernel_bank(7, 1, 3, 3), ParameterError, "kernels must be at most 6 to be drawn; got 7"),
        (lambda: kernel_bank(1, 1, 3, 0), ParameterError, "width must be an integer >= 1; got 0"),
        (lambda: total_parameters([ReLU()], SHAPE), ParameterError, "1 to 9 layers to draw; got 0"),
        (lambda: total_parameters([Dense(3)], SHAPE), ShapeError, "Flatten"),
        (lambda: where_it_sits(LAYERS, SHAPE, ("flops",)), ParameterError, "measures must be one to three"),
        (lambda: where_it_sits([ReLU()], SHAPE), ParameterError, "1 to 22 layers to draw; got 0"),
        (lambda: grows_with_the_image({"a": LAYERS}, [32]), ParameterError, "sides hold two or more"),
        (lambda: compare_blocks({"a": LAYERS}, SHAPE), ParameterError, "two to five; got 1"),
        (
            lambda: compare_blocks({"a": [Convolution(1, 3)], "b": [Convolution(1, 5)]}, SHAPE),
            ParameterError,
            "must all give the same shape",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        wrong()
