"""The pictures of whole networks: shapes from the layers themselves, every map in its place."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import layer_terminology, network_diagram, network_maps
from coursekit.shapes import Convolution, Dense, Flatten, Pooling, ReLU


def test_a_diagram_names_layers_and_shapes() -> None:
    layers = [Convolution(6, 5), ReLU(), Pooling(2), Flatten(), Dense(10)]
    figure = network_diagram(layers, (3, 32, 32))
    written = [text.get_text() for text in figure.axes[0].texts]
    for shape in ("3×32×32", "6×28×28", "6×14×14", "1176", "10"):
        assert shape in written
        assert shape in figure.alt
    assert "Convolution 6\n5×5\nReLU" in written  # what keeps the shape is named beside the layer before


def test_a_diagram_refuses_layers_that_do_not_fit() -> None:
    with pytest.raises(ShapeError, match=r"layers\[1\]"):
        network_diagram([Convolution(2, 3), Convolution(2, 7)], (1, 8, 8))
    with pytest.raises(ParameterError, match="layers must change the shape at most 8 times; got 9"):
        network_diagram([Convolution(2, 2)] * 9, (1, 16, 16))


def test_the_terminologies_name_the_same_stages_twice() -> None:
    left, right = layer_terminology().axes
    named = [{text.get_text() for text in axis.texts} for axis in (left, right)]
    for stage in ("convolution", "detector", "pooling"):
        assert f"{stage} stage" in named[0]
        assert f"{stage} layer" in named[1]
    assert "convolutional layer" in named[0]


def test_every_map_of_a_run_has_its_panel() -> None:
    rng = np.random.default_rng(0)
    maps, features = rng.normal(size=(4, 6, 9)), np.array([0.25, -1.5])
    figure = network_maps({"input": rng.random((8, 11)), "maps": maps, "features": features}, alt="a run")
    assert figure.alt == "a run"
    assert len(figure.axes) == 1 + 4 + 1
    for panel, plane in zip(figure.axes[1:5], maps, strict=True):
        np.testing.assert_array_equal(panel.images[0].get_array(), plane)
    limits = {panel.images[0].get_clim() for panel in figure.axes[1:5]}
    assert len(limits) == 1  # one scale, white at 0
    (low, high) = limits.pop()
    assert low == -high
    assert [text.get_text() for text in figure.axes[5].texts] == ["0.250", "−1.500"]
    assert figure.axes[1].get_title() == "maps\n4×6×9"


def test_the_first_state_may_be_in_colour() -> None:
    figure = network_maps({"input": np.zeros((3, 4, 5)), "maps": np.zeros((2, 4, 5))}, alt="colour first")
    assert figure.axes[0].images[0].get_array().shape == (4, 5, 3)
    assert len(figure.axes) == 3


def test_states_that_cannot_be_drawn_are_named() -> None:
    with pytest.raises(ShapeError, match="'many' must be"):
        network_maps({"many": np.zeros((5, 2, 2))}, alt="too many maps")
    with pytest.raises(ParameterError, match="states must be 1 to 9; got 0"):
        network_maps({}, alt="nothing")
