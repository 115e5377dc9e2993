"""The training loop: forward, loss, backward, step; batch after batch, epoch after epoch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.arrays import array_module, not_empty, real_array
from coursekit.reference.network.loss import softmax_cross_entropy
from coursekit.reference.network.network import Network
from coursekit.reference.network.sgd import SGD
from coursekit.shapes import positive_int


@dataclass(frozen=True)
class Epoch:
    """What one pass over all training images brought.

    number : 1 for the first
    loss, accuracy : the means over its batches, each taken before the step of that batch
    test_accuracy : after the epoch, on images it was not trained on; None where there are none
    seconds : how long the pass took, without the test
    """

    number: int
    loss: float
    accuracy: float
    test_accuracy: float | None
    seconds: float


def train(
    network: Network,
    images: Any,
    labels: Any,
    *,
    optimiser: SGD,
    epochs: int,
    rng: np.random.Generator,
    batch_size: int = 32,
    test: tuple[Any, Any] | None = None,
) -> Iterator[Epoch]:
    """Train `network` to give `images` their `labels`, and yield a record after every epoch.

    It trains as you take the records: `for epoch in train(...)` can draw each of them, and may stop early.

    Parameters
    ----------
    network : Network; its parameters are changed
    images : array (N, C, *spatial), in the library and dtype of the parameters
    labels : array (N,), integers from 0 to K - 1, for K scores of the network
    optimiser : SGD on `network.parameters`
    epochs : int >= 1, passes over all images
    rng : numpy.random.Generator; it shuffles the images before every pass
    batch_size : int >= 1, images per step; the last batch of a pass may be smaller
    test : (images, labels) to measure the accuracy on after every epoch, or None

    Returns
    -------
    iterator of Epoch

    Raises
    ------
    ShapeError, ParameterError
    """
    positive_int("epochs", epochs)
    positive_int("batch_size", batch_size)
    if not isinstance(rng, np.random.Generator):
        raise ParameterError(
            f"rng must be a numpy.random.Generator, as np.random.default_rng(0) gives; got {rng!r}"
        )
    xp = array_module(images)
    pixels, truth = real_array("images", images, xp), real_array("labels", labels, xp)
    not_empty("images", pixels)
    if tuple(truth.shape) != tuple(pixels.shape[:1]):
        raise ShapeError(f"labels must have shape ({pixels.shape[0]},); got {tuple(truth.shape)}")
    return _epochs(network, pixels, truth, optimiser, epochs, rng, batch_size, test)


def _epochs(
    network: Network,
    images: Any,
    labels: Any,
    optimiser: SGD,
    epochs: int,
    rng: np.random.Generator,
    batch_size: int,
    test: tuple[Any, Any] | None,
) -> Iterator[Epoch]:
    xp, count = array_module(images), images.shape[0]
    for number in range(1, epochs + 1):
        start = time.perf_counter()
        loss, correct = 0.0, 0.0
        order = rng.permutation(count)
        for first in range(0, count, batch_size):
            chosen = xp.asarray(order[first : first + batch_size])
            batch, truth = xp.take(images, chosen, axis=0), xp.take(labels, chosen, axis=0)
            scores = network.forward(batch)
            batch_loss, gradient = softmax_cross_entropy(scores, truth)
            network.backward(gradient)
            optimiser.step()
            size = chosen.shape[0]
            loss += batch_loss * size
            correct += accuracy(xp.argmax(scores, axis=1), truth) * size
        seconds = time.perf_counter() - start
        tested = None if test is None else accuracy(network.predict(test[0]), test[1])
        yield Epoch(number, loss / count, correct / count, tested, seconds)


def accuracy(predicted: Any, labels: Any) -> float:
    """Return the part of `predicted` that equals `labels`, from 0 to 1; both (N,) of whole numbers.

    Raises
    ------
    ShapeError, ParameterError
    """
    xp = array_module(predicted, labels)
    guesses, truth = real_array("predicted", predicted, xp), real_array("labels", labels, xp)
    not_empty("labels", truth)
    if guesses.ndim != 1 or tuple(guesses.shape) != tuple(truth.shape):
        raise ShapeError(
            f"predicted and labels must both have shape (N,); "
            f"got {tuple(guesses.shape)} and {tuple(truth.shape)}"
        )
    return int(xp.sum(xp.astype(guesses == truth, xp.int64))) / int(truth.shape[0])
