"""A network that is moved to another array library while it is trained."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.reference.network import SGD, Dense, Network, softmax_cross_entropy

IMAGES = np.random.default_rng(1).standard_normal((4, 3)).astype(np.float32)
LABELS = np.array([0, 1, 1, 0])


def stepped(libraries: list[Any]) -> Any:
    """Return the weights after one step on each library in turn, with momentum."""
    network = Network([Dense(3, 2, rng=np.random.default_rng(0))])
    optimiser = SGD(network.parameters, learning_rate=0.5, momentum=0.9)
    for xp in libraries:
        network.move_to(xp)
        scores = network.forward(xp.asarray(IMAGES))
        network.backward(softmax_cross_entropy(scores, xp.asarray(LABELS))[1])
        optimiser.step()
    network.move_to(np)
    return network.parameters[0].value


def test_momentum_goes_along_to_another_library_and_back(xp: Any) -> None:
    np.testing.assert_allclose(stepped([np, xp, np]), stepped([np, np, np]), rtol=1e-4)
