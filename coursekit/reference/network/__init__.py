"""A small network kit: layers with a forward and a backward to read, a loss, SGD and a training loop.

There is no automatic differentiation: every layer says its own derivative, and the chain rule is the loop in
`Network.backward`. Images are (N, C, H, W), labels are whole numbers (N,).
"""

from coursekit.reference.network.average_pooling import AveragePooling
from coursekit.reference.network.convolution import Convolution
from coursekit.reference.network.dense import Dense
from coursekit.reference.network.flatten import Flatten
from coursekit.reference.network.initialise import he_normal
from coursekit.reference.network.layer import Layer, Parameter
from coursekit.reference.network.loss import softmax, softmax_cross_entropy
from coursekit.reference.network.max_pooling import MaxPooling
from coursekit.reference.network.network import Network
from coursekit.reference.network.relu import ReLU
from coursekit.reference.network.sgd import SGD
from coursekit.reference.network.train import Epoch, accuracy, train

__all__ = [
    "SGD",
    "AveragePooling",
    "Convolution",
    "Dense",
    "Epoch",
    "Flatten",
    "Layer",
    "MaxPooling",
    "Network",
    "Parameter",
    "ReLU",
    "accuracy",
    "he_normal",
    "softmax",
    "softmax_cross_entropy",
    "train",
]
