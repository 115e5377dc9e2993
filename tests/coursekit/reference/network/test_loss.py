"""Softmax cross-entropy: against its formula, for huge scores, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference.network import softmax, softmax_cross_entropy
from tests.coursekit.reference.network.examples import central_differences, generator


def test_the_loss_is_the_mean_surprise() -> None:
    scores, labels = generator().normal(size=(5, 4)), np.array([0, 3, 1, 1, 2])
    probability = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    loss, gradient = softmax_cross_entropy(scores, labels)
    assert loss == pytest.approx(-np.mean(np.log(probability[np.arange(5), labels])), rel=1e-12)
    assert_allclose(softmax(scores), probability, rtol=1e-12)
    numerical = central_differences(lambda: softmax_cross_entropy(scores, labels)[0], scores)
    assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-9)
    assert softmax_cross_entropy(np.zeros((3, 10)), [0, 4, 9])[0] == pytest.approx(np.log(10))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_loss_stays_finite_for_huge_scores(dtype: Any) -> None:
    scores = np.array([[1e4, 0, -1e4], [1e4, 0, -1e4]], dtype)
    loss, gradient = softmax_cross_entropy(scores, [0, 2])
    assert loss == 1e4  # the mean of 0 and 2e4
    assert gradient.dtype == dtype
    assert_array_equal(gradient, [[0, 0, 0], [0.5, 0, -0.5]])
    assert_array_equal(softmax(scores), [[1, 0, 0], [1, 0, 0]])


@pytest.mark.parametrize(
    ("scores", "labels", "error", "message"),
    [
        (np.ones(3), [0], ShapeError, r"scores must be \(N, K\), one row per image; got shape \(3,\)"),
        (np.ones((0, 3)), [], ShapeError, r"scores must not be empty; got shape \(0, 3\)"),
        (np.ones((2, 3), int), [0, 1], ParameterError, "scores must be floats; got dtype int64"),
        (np.ones((2, 3)), [0, 1, 2], ShapeError, r"labels must have shape \(2,\) like scores; got \(3,\)"),
        (np.ones((2, 3)), [0.0, 1.0], ParameterError, "labels must be integers; got dtype float64"),
        (np.ones((2, 3)), [0, 3], ParameterError, "labels must be from 0 to 2, one per class; got 3"),
        (np.ones((2, 3)), [-1, 3], ParameterError, "labels must be from 0 to 2, one per class; got -1"),
    ],
)
def test_scores_and_labels_that_do_not_fit_are_refused(
    scores: Any, labels: Any, error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        softmax_cross_entropy(scores, labels)
