"""The parameter counter's state in Python, its picture, and the code that it prints."""

from __future__ import annotations

import base64
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coursekit.errors import ParameterError, ShapeError
from coursekit.shapes import (
    Convolution,
    Dense,
    Flatten,
    GlobalPooling,
    Layer,
    Pooling,
    ReLU,
    Softmax,
    Tanh,
    alexnet,
    count_connections,
    count_parameters,
    lenet5,
    summarise,
    vgg16,
)
from coursekit.widgets.conventions_switch.conventions_switch import Conventions
from coursekit.widgets.parameter_counter.layers import (
    KINDS,
    LARGEST_SIZE,
    MOST_LAYERS,
    from_message,
    to_message,
)
from coursekit.widgets.parameter_counter.parameter_counter import ParameterCounter
from coursekit.widgets.parameter_counter.published import GIVEN, LENET5, OFFERED
from tests.conftest import REPOSITORY

SMALL = [Convolution(6, 5), ReLU(), Flatten(), Dense(10)]
SHAPE = (3, 32, 32)
EVERY_KIND: list[Layer] = [
    Convolution(6, (3, 2), (2, 1), ((0, 1), 1), 2, 3, False),
    Pooling((3, 2), None, 1, "ceil", "average"),
    Pooling(2),
    GlobalPooling("max"),
    Dense(4, False),
    Flatten(),
    ReLU(),
    Tanh(),
    Softmax(),
]


def test_it_is_lenet5_by_itself_and_each_famous_network_by_name():
    for counter, network in [
        (ParameterCounter(), lenet5()),
        (ParameterCounter.lenet5(), lenet5()),
        (ParameterCounter.alexnet(), alexnet()),
        (ParameterCounter.alexnet("torchvision"), alexnet("torchvision")),
        (ParameterCounter.vgg16(measure="macs"), vgg16()),
    ]:
        assert (list(counter.layers), counter.input_shape) == network
    assert counter.measure == "macs"


def test_its_summary_is_that_of_the_shapes():
    assert ParameterCounter(SMALL, SHAPE).summary == summarise(SMALL, SHAPE)
    assert ParameterCounter(SMALL, SHAPE).summary.parameters == 47506


@pytest.mark.parametrize("layer", EVERY_KIND, ids=str)
def test_a_layer_travels_to_the_browser_and_back_as_json(layer):
    assert from_message(json.loads(json.dumps(to_message(layer)))) == layer


def test_every_layer_of_shapes_is_known():
    assert {type(layer) for layer in EVERY_KIND} == set(KINDS.values())


def test_the_browser_changes_layers_and_python_follows():
    counter = ParameterCounter(SMALL, SHAPE)
    message = counter.get_state()["layers"]
    message[0] |= {"kernels": 8, "padding": [[1, 0], [2, 2]]}
    counter.set_state({"layers": message[:2], "input_shape": [3, 9, 9], "revealed": []})
    assert counter.layers == (Convolution(8, 5, padding=((1, 0), (2, 2))), ReLU())
    assert counter.input_shape == (3, 9, 9)
    assert counter.summary.rows[0].output_shape == (8, 6, 9)


def test_layers_and_shape_can_be_set_and_need_not_fit():
    counter = ParameterCounter(SMALL, SHAPE)
    counter.layers = [Convolution(6, 50), Dense(3)]
    assert counter.layers == (Convolution(6, 50), Dense(3))
    with pytest.raises(ShapeError, match=r"layers\[0\]: axis 0: the kernel must fit"):
        _ = counter.summary
    assert "It is impossible: layers[0]" in counter.describe()
    counter.input_shape = np.array([3, 60, 60])
    assert counter.input_shape == (3, 60, 60)
    with pytest.raises(ShapeError, match=r"layers\[1\]: the input must be \(n,\)"):
        _ = counter.summary


def test_a_network_of_no_layers_is_shown_too():
    counter = ParameterCounter([], SHAPE)
    assert counter.selected == -1
    assert counter.summary.parameters == 0
    counter.layers = [Dense(3)]
    counter.selected = 5
    assert counter.selected == 0


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"layers": SMALL}, ParameterError, "layers and input_shape must be given together, or neither"),
        ({"input_shape": SHAPE}, ParameterError, "layers and input_shape must be given together, or neither"),
        ({"layers": Dense(3), "input_shape": SHAPE}, ParameterError, "layers must be a sequence of layers"),
        (
            {"layers": [ReLU(), 3], "input_shape": SHAPE},
            ParameterError,
            r"layers\[1\] must be one of Convolution, .* such as Dense\(10\); got 3",
        ),
        (
            {"layers": [Layer()], "input_shape": SHAPE},
            ParameterError,
            r"layers\[0\] must be one of Convolution",
        ),
        (
            {"layers": [Dense(LARGEST_SIZE + 1)], "input_shape": (3,)},
            ParameterError,
            r"layers\[0\].units must be at most 100000 in the demo; got 100001",
        ),
        (
            {"layers": [Convolution(1, 1, padding=((0, 0), (0, 10**6)))], "input_shape": SHAPE},
            ParameterError,
            r"layers\[0\].padding must be at most 100000 in the demo; got 1000000",
        ),
        (
            {"layers": [ReLU()] * (MOST_LAYERS + 1), "input_shape": SHAPE},
            ParameterError,
            "layers must be at most 200; got 201",
        ),
        ({"layers": SMALL, "input_shape": ()}, ShapeError, "input_shape must be"),
        (
            {"layers": SMALL, "input_shape": (3, 0)},
            ParameterError,
            r"input_shape\[1\] must be an integer >= 1; got 0",
        ),
        (
            {"layers": SMALL, "input_shape": (3, 10**6)},
            ParameterError,
            r"input_shape\[1\] must be at most 100000 in the demo; got 1000000",
        ),
        ({"measure": "flops"}, ParameterError, "measure must be 'parameters' or .*; got 'flops'"),
        ({"scale": 2}, ParameterError, "scale must be 'logarithmic' or 'linear'; got 2"),
        ({"colour": "red"}, ParameterError, "ParameterCounter has no parameter 'colour'"),
    ],
)
def test_what_it_cannot_show_is_refused_with_name_rule_and_value(arguments, error, message):
    with pytest.raises(error, match=message):
        ParameterCounter(**arguments)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"type": "Attention"}, "a layer's type must be one of Convolution"),
        ({"type": "Dense", "kernels": 3}, "Dense has no such fields"),
        ({"type": "Dense", "units": 0}, "units must be an integer >= 1; got 0"),
    ],
)
def test_a_message_that_describes_no_layer_is_refused(message, expected):
    with pytest.raises(ParameterError, match=expected):
        from_message(message)


def test_a_change_of_the_network_takes_back_what_was_predicted():
    counter = ParameterCounter(SMALL, SHAPE, predict=True)
    counter.revealed = (0, 3)
    counter.input_shape = (3, 40, 40)
    assert counter.revealed == []
    counter.revealed = (0,)
    counter.layers = SMALL[:2]
    assert counter.revealed == []


def test_the_selected_layer_stays_among_the_layers():
    counter = ParameterCounter(SMALL, SHAPE, selected=3)
    assert counter.selected == 3
    counter.layers = SMALL[:2]
    assert counter.selected == 1


def test_the_networks_on_offer_stand_in_the_state_and_the_given_one_before_them():
    names = [name for name, _, _ in OFFERED]
    assert [preset["name"] for preset in ParameterCounter.vgg16().get_state()["_presets"]] == names
    given = ParameterCounter(SMALL, SHAPE).get_state()["_presets"]
    assert [preset["name"] for preset in given] == [GIVEN, *names]
    assert given[0]["layers"] == [to_message(layer) for layer in SMALL]
    assert len(json.dumps(given)) < 20_000


def test_the_note_on_lenet5_accounts_for_every_parameter_of_1998():
    published = [156, 12, 1516, 32, 48_120, 10_164]  # C1, S2, C3, S4, C5, F6 of LeCun and others, 1998
    joined = 6 * 3 + 9 * 4 + 6  # maps that C3 reads: six kernels three, nine four, one all six
    assert published[2] == joined * 25 + 16
    fewer = count_parameters([Convolution(16, 5)], (6, 14, 14)) - published[2]
    pooled, output = published[1] + published[3], count_parameters([Dense(10)], (84,))
    assert (fewer, pooled, output) == (900, 44, 850)
    assert ParameterCounter().summary.parameters - fewer + pooled - output == sum(published) == 60_000
    for number in ("60,000", "(− 900)", "(+ 44)", "(− 850)"):
        assert number in LENET5


def test_the_published_connections_of_lenet5_count_biases():
    first = count_connections([Convolution(6, 5)], (1, 32, 32), with_bias=True)
    pooled = [5 * 6 * 14 * 14, 5 * 16 * 5 * 5]  # four pixels and a bias
    third = 1516 * 10 * 10
    last = [count_connections([Dense(units)], (n,), with_bias=True) for units, n in ((120, 400), (84, 120))]
    assert first + sum(pooled) + third + sum(last) + 84 * 10 == 340_908


@pytest.mark.parametrize(
    ("name", "published"),
    [("AlexNet (original)", 60e6), ("AlexNet (torchvision)", 61_100_840), ("VGG-16", 138e6)],
)
def test_published_totals_agree_with_ours(name, published):
    network, notes = {offer[0]: offer[1:] for offer in OFFERED}[name]
    ours = count_parameters(*network)
    assert abs(ours - published) / published < 0.02
    digits = f"{published:,.0f}" if published % 1e6 else f"{published / 1e6:.0f} million"
    assert digits in notes["parameters"]


def test_its_words_say_total_and_comparison():
    words = ParameterCounter(SMALL, SHAPE, selected=0).describe()
    assert words == (
        "A network of 4 layers on an input of 3×32×32. In all 47,506 parameters. "
        "Convolution 6 @ 5×5: 456; the dense layer of the same map would have 14,455,392."
    )
    assert "(LeNet-5)" in ParameterCounter().describe()
    last = ParameterCounter(SMALL, SHAPE, conventions=Conventions(channels="last")).describe()
    assert "on an input of 32×32×3" in last


def test_a_count_that_is_to_be_predicted_is_neither_in_the_words_nor_in_the_picture():
    asked = ParameterCounter(SMALL, SHAPE, predict=True)
    assert "How many parameters does each layer have?" in asked.describe()
    assert not any(number in asked.describe() for number in ("456", "47,506", "14,455,392"))
    before = picture_of(asked)
    asked.revealed = (0,)
    assert not np.array_equal(picture_of(asked), before)


def picture_of(counter: ParameterCounter) -> np.ndarray[Any, Any]:
    """Return the picture that stands in for the widget, of shape (H, W, 4)."""
    from matplotlib.image import imread

    data, _ = counter._repr_mimebundle_()
    assert f'alt="{counter.describe()}"' in data["text/html"]
    return np.asarray(imread(io.BytesIO(base64.b64decode(data["image/png"]))))


@pytest.mark.parametrize("measure", ["parameters", "connections", "macs", "memory"])
@pytest.mark.parametrize("scale", ["logarithmic", "linear"])
def test_the_picture_has_bars_for_every_measure_and_scale(measure, scale):
    for counter in (ParameterCounter(measure=measure, scale=scale), ParameterCounter([Dense(3)], (4, 4))):
        picture = picture_of(counter)
        assert picture.shape == (400, 800, 4)
    blue = np.all(np.abs(picture_of(ParameterCounter(measure=measure, scale=scale)) - BLUE) < 0.02, axis=2)
    assert blue[:, 270:].sum() > 100


LONG = Convolution(1024, (11, 13), stride=(2, 3), padding=(5, 6), dilation=(3, 4))


@pytest.mark.parametrize(
    "network", [lenet5(), alexnet(), vgg16(), ([LONG], (1024, 999, 999)), ([LONG] * 40, (1024, 999, 999))]
)
def test_the_picture_cuts_off_no_name_and_no_number(network):
    picture = picture_of(ParameterCounter(*network))
    border = [picture[:, :3], picture[:, -3:], picture[:2].swapaxes(0, 1), picture[-2:].swapaxes(0, 1)]
    assert all((side == 1).all() for side in border)


BLUE = np.array([0x21, 0x66, 0xAC, 0xFF]) / 255


SCRIPT = """
import { readFileSync } from "node:fs";
import { courseCode, torchCode } from "CODE";
import { stagesOf } from "NETWORK";
const { networks } = JSON.parse(readFileSync("CASES", "utf8"));
const written = networks.map(({ layers, input_shape }) => ({
  course: courseCode(layers, input_shape),
  torch: torchCode(stagesOf(layers, input_shape), input_shape),
}));
console.log(JSON.stringify(written));
"""
CASES = REPOSITORY / "tests" / "javascript" / "parameter_counter" / "cases.json"


@pytest.fixture(scope="module")
def printed() -> list[tuple[dict[str, Any], dict[str, str]]]:
    """Each network of the cases, with the code that the browser prints for it."""
    folder = REPOSITORY / "coursekit" / "widgets" / "parameter_counter"
    script = SCRIPT.replace("CASES", str(CASES))
    for name in ("CODE", "NETWORK"):
        script = script.replace(name, Path(folder / f"{name.lower()}.js").as_uri())
    command = ["node", "--input-type=module", "-e", script]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    networks = json.loads(CASES.read_text(encoding="utf-8"))["networks"]
    return list(zip(networks, json.loads(ran.stdout), strict=True))


@pytest.mark.node
def test_the_course_code_that_the_browser_prints_makes_the_same_network(printed):
    for network, code in printed:
        names: dict[str, Any] = {}
        exec(code["course"], names)
        assert names["layers"] == [from_message(layer) for layer in network["layers"]]
        assert names["input_shape"] == tuple(network["input_shape"])


@pytest.mark.node
@pytest.mark.torch
def test_the_pytorch_code_that_the_browser_prints_has_the_same_shapes_and_parameters(printed):
    import torch

    compared = 0
    for network, code in printed:
        sizes = network["input_shape"]
        if len(sizes) > 4 or max(sizes) > 1000:
            continue  # PyTorch has no layer with four spatial axes; others are too large to compute
        names: dict[str, Any] = {}
        with torch.device("meta"):  # shapes without numbers
            exec(code["torch"], names)
        behind = network["rows"][-1]["behind"] if network["rows"] else sizes
        assert list(names["output"].shape) == [1, *behind], code["torch"]
        assert str(names["parameters"]) == network["totals"]["parameters"], code["torch"]
        compared += 1
    assert compared >= 15
