"""The receptive field's state in Python: what it takes, keeps, computes and refuses."""

from __future__ import annotations

import base64
import io
import json
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.data.files import levels
from coursekit.errors import ParameterError, ShapeError
from coursekit.reference import correlate_input_gradient
from coursekit.shapes import Convolution, Dense, Pooling, ReLU, lenet5, receptive_field, vgg16
from coursekit.widgets import Conventions
from coursekit.widgets.receptive_field.receptive_field import ReceptiveField as Demo
from coursekit.widgets.receptive_field.stack import as_numbers, presets, read_stack

STACK = [(7, 2, 3), Pooling(2), ReLU(), {"kernel_size": 3, "padding": (0, 1), "dilation": 2}]
ORANGE = np.array([217, 95, 2]) / 255


def test_its_field_is_that_of_the_library_for_every_layer():
    demo = Demo(STACK, size=60)
    assert len(demo.layers) == 3, "a ReLU has no window"
    windows = [layer for layer in STACK if not isinstance(layer, ReLU)]
    for layer in range(4):
        demo.layer = layer
        assert demo.field == receptive_field(windows[:layer])
        assert demo.field.derivation == receptive_field(windows[:layer]).derivation


def test_what_a_neuron_sees_is_where_its_gradient_is_not_zero():
    demo = Demo([(3, 1, 1), (3, 2, 1)], size=16, neuron=3)
    gradient = np.eye(1, 8, 3)[0]
    for stride in (2, 1):
        gradient = correlate_input_gradient(gradient, np.ones(3), (16,), stride=stride, padding=1)
    seen = np.flatnonzero(gradient)
    assert demo.seen == (seen[0], seen[-1]) == (4, 8)


def test_two_axes_see_rows_and_columns_of_the_image():
    demo = Demo([(3,), Pooling(2)], image=np.arange(80).reshape(8, 10), neuron=(1, 3))
    assert demo.axes == 2
    assert demo.shapes == [(8, 10), (6, 8), (3, 4)]
    assert demo.seen == ((2, 5), (6, 9))
    assert_array_equal(demo.image, np.arange(80).reshape(8, 10))


def test_a_field_may_begin_in_the_padding():
    assert Demo([(3, 1, 1)] * 3, size=9, neuron=0).seen == (-3, 3)


def test_without_layers_it_shows_three_small_kernels_that_see_as_much_as_a_large_one():
    demo = Demo()
    assert demo.field.size == receptive_field([(7,)]).size == 7
    assert (demo.layer, demo.neuron, demo.size, demo.axes) == (3, 4, 16, 1)


def test_a_stack_of_ones_own_gets_an_input_in_which_it_has_room():
    demo = Demo([(3, 2), (3, 2), (3, 2), (3, 2)])
    assert demo.shapes[-1][1] >= 3


def with_window(layers):
    """Return the layers that have a window."""
    return [layer for layer in layers if isinstance(layer, (Convolution, Pooling))]


@pytest.mark.parametrize(
    ("name", "network"), [("LeNet-5", lenet5), ("VGG-16, first 8 layers", vgg16)], ids=["LeNet-5", "VGG-16"]
)
def test_the_networks_offered_are_those_of_the_library_as_far_as_they_can_be_shown(name, network):
    layers, size = {title: (layers, size) for title, layers, size in presets()}[name]
    windows = with_window(network()[0])[:8]
    assert len(layers) == len(windows)
    assert receptive_field(layers).derivation == receptive_field(windows).derivation
    assert Demo(layers, size=size).shapes[-1][1] >= 1


def test_every_stack_offered_fits_its_input_and_the_default_image():
    for _, layers, size in presets():
        assert Demo(layers, size=size, axes=2).shapes[-1][0] >= 1


def test_the_browser_gets_plain_numbers_and_sends_them_back():
    demo = Demo(STACK)
    sent = demo.get_state("layers")["layers"]
    assert json.loads(json.dumps(sent)) == sent
    assert sent[2]["padding"] == [0, 1]
    changed = [sent[2], {**sent[0], "stride": 1}]
    demo.set_state({"layers": changed, "layer": 2, "neuron": 4})
    assert demo.layers == read_stack([(3, 1, (0, 1), 2), (7, 1, 3)])
    assert (demo.layer, demo.neuron) == (2, 4)
    assert [as_numbers(layer) for layer in demo.layers] == changed


def test_pooling_keeps_its_kind_and_its_rounding():
    demo = Demo([Pooling(3, 2, kind="average", rounding="ceil")], size=8)
    assert demo.layers == (Pooling(3, 2, kind="average", rounding="ceil"),)
    assert demo.shapes[-1] == (1, 4)


def test_pooling_obeys_the_convention_of_rounding_and_convolution_does_not():
    conventions = Conventions()
    demo = Demo([(2, 2), Pooling(2)], size=7, conventions=conventions, neuron=0)
    assert [columns for _, columns in demo.shapes] == [7, 3, 1]
    conventions.rounding = "ceil"
    assert [columns for _, columns in demo.shapes] == [7, 3, 2]
    demo.neuron = 1
    conventions.rounding = "floor"
    assert demo.place == (0, 0), "the last neuron is gone"


def test_a_neuron_beyond_the_last_becomes_the_last_and_a_layer_too():
    demo = Demo([(3,), (3,)], size=10)
    demo.neuron = 99
    assert demo.neuron == 5
    demo.layer = 8
    assert demo.layer == 2
    demo.layers = [(3, 3)]
    assert (demo.layer, demo.neuron) == (1, 2)


def test_a_size_stays_hidden_until_it_is_typed():
    demo = Demo([(3,), (3, 2)], predict=True)
    assert demo.is_hidden
    assert "how many pixels" in demo.describe()
    assert "size" not in demo.describe()
    demo.answers = [0, 6]
    assert demo.is_hidden
    demo.answers = [0, 5]
    assert not demo.is_hidden
    assert "size 5" in demo.describe()
    demo.layer = 1
    assert demo.is_hidden


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"layers": [(3, 0)]}, ParameterError, r"layers\[0\].stride must be an integer >= 1; got 0"),
        ({"layers": [Dense(3)]}, ParameterError, r"layers\[0\] must see a window"),
        ({"layers": (3, 3)}, ParameterError, r"layers\[0\] must be a layer"),
        ({"layers": Convolution(1, 3)}, ParameterError, "layers must be a sequence of layers"),
        ({"layers": []}, ParameterError, "1 to 8 layers with a window; got 0"),
        ({"layers": [(3,)] * 9}, ParameterError, "1 to 8 layers with a window; got 9"),
        (
            {"layers": [(3,), Convolution(1, (3, 5))]},
            ParameterError,
            r"layers\[1\] must be the same along every",
        ),
        ({"layers": [(99,)]}, ParameterError, r"layers\[0\].kernel_size must be at most 31 .* got 99"),
        (
            {"layers": [{"kernel_size": 3, "kind": "median"}]},
            ParameterError,
            r"layers\[0\].kind must be one of",
        ),
        ({"layers": [(3,), (9,)], "size": 8}, ShapeError, r"layers\[1\]: the kernel must fit"),
        ({"layers": [(3,)], "image": np.ones((2, 9))}, ShapeError, r"layers\[0\]: the kernel must fit"),
        ({"size": 0}, ParameterError, "size must be an integer from 1 to 128; got 0"),
        ({"size": 1.5}, ParameterError, "size must be an integer"),
        ({"axes": 3}, ParameterError, "axes must be an integer from 1 to 2; got 3"),
        ({"image": [1, 2]}, ShapeError, "image must have 2 axes"),
        (
            {"weights": "zero"},
            ParameterError,
            "weights must be 'gaussian' or 'uniform' or 'equal'; got 'zero'",
        ),
        ({"kernel": 3}, ParameterError, "ReceptiveField has no parameter 'kernel'"),
    ],
)
def test_what_it_cannot_show_is_refused_by_name(arguments, error, message):
    with pytest.raises(error, match=message):
        Demo(**arguments)


def test_a_later_change_that_does_not_fit_raises_nothing_and_is_said():
    demo = Demo([(3,), (3,)], size=16)
    demo.size = 4
    assert (demo.neuron, demo.size) == (0, 4)
    assert "A layer does not fit: layers[1]: the kernel must fit" in demo.describe()
    assert picture(demo).shape == (360, 800, 4)
    demo.size = 16
    assert "sees input 0 to 4" in demo.describe()


def picture(demo):
    """Return the picture where no widget runs, of shape (H, W, 4)."""
    from matplotlib.image import imread

    data, _ = demo._repr_mimebundle_()
    return imread(io.BytesIO(base64.b64decode(data["image/png"])))


def oranges(demo):
    """Return how many pixels of the picture are orange."""
    return int(np.isclose(picture(demo)[..., :3], ORANGE, atol=0.02).all(axis=2).sum())


@pytest.mark.parametrize("axes", [1, 2])
def test_the_picture_follows_the_neuron_and_keeps_the_answer_back(axes):
    demo = Demo([(3,), (3,)], axes=axes, neuron=2)
    before = picture(demo)
    demo.neuron = 7
    assert not np.array_equal(before, picture(demo))
    assert oranges(demo) > 50
    demo.predict = True
    assert oranges(demo) == 0, "the frame gives the size away"


def test_its_words_say_what_the_neuron_sees():
    assert Demo([(3, 1, 1), Pooling(2)], size=8, neuron=0).describe() == (
        "Receptive field. Layer 2 of 2, max pooling of 2, stride 2: "
        "neuron 0 sees input −1 to 2 (size 4, jump 2, start −1)."
    )
    two = Demo([(3,)], image=np.eye(6), neuron=(1, 2)).describe()
    assert two.endswith("neuron 1, 2 sees rows 1 to 3 and columns 2 to 4 (size 3, jump 1, start 0).")


def test_without_scikit_image_the_image_is_computed(monkeypatch):
    photograph = Demo().image
    monkeypatch.setitem(sys.modules, "skimage", None)
    levels.cache_clear()  # of what the photograph read
    rings = Demo().image
    assert photograph.shape == rings.shape == (64, 64)
    assert not np.array_equal(photograph, rings)
    assert rings.min() >= 0
    assert np.ptp(rings) > 0.9
