"""The networks that the demo offers, and the totals that their authors published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.shapes import Layer, alexnet, lenet5, vgg16
from coursekit.shapes.presets import Network
from coursekit.widgets.parameter_counter.layers import to_message

LENET5 = (
    "LeCun et al., 1998: 60,000 parameters. Theirs joins only some maps in the second convolution (− 900), "
    "pools with a weight and a bias for each map (+ 44), and its 10 outputs do not learn (− 850)."
)
LENET5_CONNECTIONS = (
    "LeCun et al., 1998: 340,908 connections. They count biases too, "
    "and join only some maps in their second convolution."
)
ALEXNET = (
    "Krizhevsky, Sutskever and Hinton, 2012: 60 million parameters. "
    "Its groups (two GPUs) are counted here as in the paper."
)
ALEXNET_ONE_GPU = (
    "torchvision: 61,100,840 parameters. No groups and fewer kernels, after Krizhevsky, 2014; "
    "the paper of 2012 has 60 million."
)
VGG16 = "Simonyan and Zisserman, 2015: 138 million parameters (their network D)."

OFFERED: Sequence[tuple[str, Network, dict[str, str]]] = (
    ("LeNet-5", lenet5(), {"parameters": LENET5, "connections": LENET5_CONNECTIONS}),
    ("AlexNet (original)", alexnet(), {"parameters": ALEXNET}),
    ("AlexNet (torchvision)", alexnet("torchvision"), {"parameters": ALEXNET_ONE_GPU}),
    ("VGG-16", vgg16(), {"parameters": VGG16}),
)
"""Name, network, and what was published about a measure, as sentences."""

GIVEN = "the network given in Python"


def offered(layers: Sequence[Layer], input_shape: tuple[int, ...]) -> list[dict[str, Any]]:
    """Return the networks on offer as JSON, the given one first unless it is one of them."""
    networks = list(OFFERED)
    if all((list(layers), input_shape) != network for _, network, _ in networks):
        networks.insert(0, (GIVEN, (list(layers), input_shape), {}))
    return [
        {
            "name": name,
            "layers": [to_message(layer) for layer in network[0]],
            "input_shape": list(network[1]),
            "published": published,
        }
        for name, network, published in networks
    ]
