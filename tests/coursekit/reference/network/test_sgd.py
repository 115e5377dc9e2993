"""Stochastic gradient descent, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coursekit.errors import CourseError, ParameterError
from coursekit.reference.network import SGD, Parameter


def test_sgd_steps_as_its_formula_says() -> None:
    parameter = Parameter(np.array([1.0, -2.0]))
    start = parameter.value
    optimiser = SGD([parameter], learning_rate=0.5, momentum=0.5, weight_decay=0.25)
    parameter.gradient = np.array([1.0, 1.0])
    optimiser.step()  # v = [1.25, 0.5]
    assert parameter.value.tolist() == [0.375, -2.25]
    parameter.gradient = np.array([0.0, 1.0])
    optimiser.learning_rate = 1.0
    optimiser.step()  # v = [0.625 + 0.09375, 0.25 + 1 - 0.5625]
    assert parameter.value.tolist() == [0.375 - 0.71875, -2.25 - 0.6875]
    assert start.tolist() == [1.0, -2.0]


def test_sgd_keeps_the_precision_of_a_parameter_and_needs_a_gradient() -> None:
    parameter = Parameter(np.ones(2, np.float32))
    optimiser = SGD([parameter], learning_rate=1)
    with pytest.raises(CourseError, match=r"SGD.step needs the gradients of backward; call backward first"):
        optimiser.step()
    parameter.gradient = np.ones(2, np.float64)
    optimiser.step()
    assert parameter.value.dtype == np.float32


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"learning_rate": 0}, "learning_rate must be a number > 0; got 0"),
        ({"learning_rate": "1"}, "learning_rate must be a finite number; got '1'"),
        ({"learning_rate": True}, "learning_rate must be a finite number; got True"),
        ({"learning_rate": 1, "momentum": 1}, "momentum must be a number from 0 to below 1; got 1"),
        ({"learning_rate": 1, "weight_decay": -0.1}, "weight_decay must be a number >= 0; got -0.1"),
    ],
)
def test_wrong_settings_are_refused_with_rule_and_value(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        SGD([], **settings)
