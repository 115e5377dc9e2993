"""Networks that made history, as lists of layers: (layers, input_shape) of one example.

Left out is what has no parameters, connections or shape of its own: dropout and local response normalisation.
"""

from __future__ import annotations

from typing import Literal

from coursekit.errors import ParameterError
from coursekit.shapes.layers import Convolution, Dense, Flatten, Pooling, ReLU, Softmax, Tanh
from coursekit.shapes.numbers import positive_int
from coursekit.shapes.window_layer import Layer, Shape

Network = tuple[list[Layer], Shape]


def lenet5(classes: int = 10) -> Network:
    """Return LeNet-5 as it is built today: average pooling without parameters, every map joined to every.

    The network of 1998 [1]_ has a weight and a bias in each pooling map, and joins only some maps in its
    second convolution: it has about 60,000 parameters, this one 61,706.

    References
    ----------
    .. [1] Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86, 1998
    """
    layers: list[Layer] = [
        *(Convolution(6, 5), Tanh(), Pooling(2, kind="average")),
        *(Convolution(16, 5), Tanh(), Pooling(2, kind="average")),
        *(Flatten(), Dense(120), Tanh(), Dense(84), Tanh()),
        *(Dense(positive_int("classes", classes)), Softmax()),
    ]
    return layers, (1, 32, 32)


def alexnet(variant: Literal["original", "torchvision"] = "original", classes: int = 1000) -> Network:
    """Return AlexNet: 'original', on two GPUs, thus with groups [1]_, or 'torchvision', the one of [2]_.

    The original says 224x224, but only 227x227 (or a padding that it does not name) gives its 55x55 maps.
    It has 60,965,224 parameters, the other 61,100,840.

    References
    ----------
    .. [1] A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep convolutional neural
       networks", NeurIPS 2012
    .. [2] A. Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014,
       https://arxiv.org/abs/1404.5997, as in torchvision
    """
    if variant not in ("original", "torchvision"):
        raise ParameterError(f"variant must be 'original' or 'torchvision'; got {variant!r}")
    original = variant == "original"
    kernels = (96, 256, 384, 384, 256) if original else (64, 192, 384, 256, 256)
    groups = 2 if original else 1
    first = Convolution(kernels[0], 11, stride=4, padding=0 if original else 2)
    layers: list[Layer] = [
        *(first, ReLU(), Pooling(3, 2)),
        *(Convolution(kernels[1], 5, padding=2, groups=groups), ReLU(), Pooling(3, 2)),
        *(Convolution(kernels[2], 3, padding=1), ReLU()),
        *(Convolution(kernels[3], 3, padding=1, groups=groups), ReLU()),
        *(Convolution(kernels[4], 3, padding=1, groups=groups), ReLU(), Pooling(3, 2)),
        *(Flatten(), Dense(4096), ReLU(), Dense(4096), ReLU()),
        *(Dense(positive_int("classes", classes)), Softmax()),
    ]
    return layers, (3, 227, 227) if original else (3, 224, 224)


def vgg16(classes: int = 1000) -> Network:
    """Return VGG-16, configuration D of [1]_: 3x3 kernels throughout; 138,357,544 parameters.

    References
    ----------
    .. [1] K. Simonyan, A. Zisserman, "Very deep convolutional networks for large-scale image recognition",
       ICLR 2015, https://arxiv.org/abs/1409.1556
    """
    layers: list[Layer] = []
    for kernels, repeats in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(repeats):
            layers += [Convolution(kernels, 3, padding=1), ReLU()]
        layers.append(Pooling(2))
    layers += [Flatten(), Dense(4096), ReLU(), Dense(4096), ReLU()]
    layers += [Dense(positive_int("classes", classes)), Softmax()]
    return layers, (3, 224, 224)
