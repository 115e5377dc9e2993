"""Cases of the parameter counter: what coursekit.shapes counts. See tests/javascript/write_cases.py."""

from __future__ import annotations

from math import prod
from typing import Any

from coursekit.errors import CourseError
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
    count_parameters,
    dense_parameters,
    lenet5,
    summarise,
    vgg16,
)
from coursekit.shapes.layers import stages
from coursekit.shapes.summary import LayerSummary
from coursekit.widgets.parameter_counter.layers import LARGEST_SIZE, to_message
from coursekit.widgets.parameter_counter.picture import MEASURES_OF_SUMMARY, possible_stages

Network = tuple[list[Layer], tuple[int, ...]]

WEDGE = ((1, 0), (2, 1))  # padding (before, after) per axis
NETWORKS: list[Network] = [
    lenet5(),
    alexnet(),
    alexnet("torchvision"),
    vgg16(),
    ([Convolution(6, 5), ReLU(), Convolution(16, 5)], (3, 32, 32)),
    ([Convolution(6, 5, bias=False), Tanh(), GlobalPooling("max"), Dense(4, bias=False)], (3, 9, 7)),
    ([Convolution(8, 3, padding=1, groups=8), Convolution(12, 1), Pooling(3, 2, 1, "ceil")], (8, 10, 11)),
    ([Convolution(6, (3, 2), (2, 1), WEDGE, (1, 2), groups=3, bias=False)], (3, 7, 9)),
    ([Convolution(4, 2, dilation=5, padding=7), Pooling(2, 3, kind="average")], (1, 6, 5)),
    ([Pooling((3, 2), (2, 3), ((0, 1), 1), "ceil"), GlobalPooling()], (2, 8, 8)),
    ([Pooling(2, 2, rounding="ceil"), Pooling(2, 2, 1, "ceil"), Pooling(3, 5, 2, "ceil")], (2, 5, 7)),
    ([Convolution(5, 3, stride=4, padding=4), Convolution(5, 1, stride=9)], (2, 3, 3)),
    ([Convolution(4, 3, stride=2), Pooling(2), Flatten(), Dense(2), Softmax()], (2, 17)),
    ([Convolution(4, 2, padding=(0, 1, 2)), Pooling(2), Flatten(), Dense(3)], (2, 4, 5, 6)),
    ([Convolution(2, 2), GlobalPooling(), Dense(3)], (1, 3, 3, 3, 3)),
    ([Dense(7), ReLU(), Dense(3, bias=False), Softmax()], (12,)),
    ([Flatten(), Dense(3)], (12,)),
    ([], (3, 4, 4)),
    ([Convolution(LARGEST_SIZE, 1), Convolution(1000, 99_999, padding=50_000)], (900, 9_999, 10_000)),
]
IMPOSSIBLE: list[tuple[str, Network]] = [
    ("fit", ([Convolution(6, 5), ReLU(), Pooling(30), Flatten(), Dense(10)], (3, 32, 32))),
    ("fit", ([Convolution(6, (2, 5), dilation=(1, 3), padding=1)], (1, 4, 9))),
    ("fit", ([Convolution(6, 4, padding=((1, 0), (0, 0)))], (1, 2, 9))),
    ("groups", ([Convolution(6, 5, groups=2), ReLU()], (3, 32, 32))),
    ("flatten", ([Pooling(2), Dense(10), ReLU()], (3, 4, 4))),
    ("map", ([Flatten(), Pooling(2)], (3, 4, 4))),
    ("map", ([Dense(4), Convolution(2, 1)], (3,))),
    ("map", ([GlobalPooling(), GlobalPooling()], (3, 4, 4))),
    ("axes", ([Convolution(6, (3, 3))], (3, 32))),
    ("axes", ([Pooling(2, padding=(1, 1))], (3, 4, 5, 6))),
]


def cases() -> dict[str, Any]:
    """Return all cases as JSON values."""
    return {
        "networks": [network_case(*network) for network in NETWORKS],
        "impossible": [impossible_case(kind, *network) for kind, network in IMPOSSIBLE],
        "guesses": list(guess_cases()),
    }


def network_case(layers: list[Layer], shape: tuple[int, ...]) -> dict[str, Any]:
    """Return a network with the counts of all its layers and their sums. Large numbers are texts."""
    summary = summarise(layers, shape)
    return {
        "layers": [to_message(layer) for layer in layers],
        "input_shape": shape,
        "rows": [
            row_case(row, stage.input_shape, stage.layer)
            for row, stage in zip(summary.rows, stages(layers, shape), strict=True)
        ],
        "totals": {
            measure: str(int(getattr(summary, name))) for measure, name in MEASURES_OF_SUMMARY.items()
        },
    }


def row_case(row: LayerSummary, before: tuple[int, ...], layer: Layer) -> dict[str, Any]:
    """Return one layer's name, shapes, counts as [text, value], and the dense layer of the same map."""
    terms = {}
    for measure, name in MEASURES_OF_SUMMARY.items():
        number = getattr(row, name)
        terms[measure] = [number.derivation[-1].text, str(int(number))]
    return {
        "name": row.description,
        "before": before,
        "behind": row.output_shape,
        "terms": terms,
        "dense": dense_case(layer, before, row.output_shape),
    }


def dense_case(layer: Layer, before: tuple[int, ...], behind: tuple[int, ...]) -> dict[str, str] | None:
    """Return the counts of a dense layer between the same maps, for a convolution."""
    if not isinstance(layer, Convolution):
        return None
    connections = str(int(dense_parameters(before, behind, bias=False)))
    parameters = str(int(dense_parameters(before, behind, bias=layer.bias)))
    return {"parameters": parameters, "connections": connections, "macs": connections}


def impossible_case(kind: str, layers: list[Layer], shape: tuple[int, ...]) -> dict[str, Any]:
    """Return a network that Python refuses: which layer, why, and the shapes up to there."""
    try:
        summarise(layers, shape)
    except CourseError as error:
        possible, _ = possible_stages(layers, shape)
        return {
            "layers": [to_message(layer) for layer in layers],
            "input_shape": shape,
            "kind": kind,
            "index": len(possible),
            "message": str(error),
            "shapes": [stage.output_shape for stage in possible],
        }
    raise AssertionError(f"{layers} are possible on {shape}")


def guess_cases() -> list[dict[str, Any]]:
    """Return wrong numbers of parameters, each listed weight by weight as the mistake would count them."""
    rows = []
    convolution = Convolution(6, (5, 4), padding=2)
    shape = (3, 32, 30)
    # what is counted by mistake: (mistake, weights and biases as lists of what there would be one of)
    behind = convolution.output_shape(shape)
    positions = behind[1] * behind[2]
    taps, pixels = 20, 32 * 30
    on_image = int(summarise([convolution], shape).connections)
    mistakes = {
        "bias": 6 * 3 * taps,
        "channels": 6 * (taps + 1),
        "channels and bias": 6 * taps,
        "kernels": 3 * taps + 1,
        "kernels and bias": 3 * taps,
        "bias per weight": 6 * (3 * taps + 3 * taps),
        "bias per channel": 6 * 3 * (taps + 1),
        "one bias": 6 * 3 * taps + 1,
        "one side": 6 * (3 * 5 + 1),
        "input size": 6 * (3 * pixels + 1),
        "connections": on_image,
        "macs": 6 * positions * 3 * taps,
        "bias per position": 6 * 3 * taps + 6 * positions,
        "dense": prod(behind) * (prod(shape) + 1),
        "unknown": 7,
    }
    rows += guesses_of(convolution, shape, mistakes)
    rows += guesses_of(Convolution(4, 3, bias=False), (2, 9, 9), {"no bias": 4 * (2 * 9 + 1)})
    rows += guesses_of(Convolution(4, 3, groups=2), (6, 9, 9), {"groups": 4 * (6 * 9 + 1)})
    dense = {
        "bias": 5 * 12,
        "bias per input": 5 * 12 + 12,
        "one bias": 5 * 12 + 1,
        "bias per weight": 2 * 5 * 12,
        "units": 12 + 1,
        "sum": 5 + 12,
        "outputs": 5,
        "unknown": 64,
    }
    rows += guesses_of(Dense(5), (12,), dense)
    rows += guesses_of(Dense(5, bias=False), (12,), {"no bias": 5 * 13})
    rows += guesses_of(Pooling(2), (3, 8, 8), {"connections": 3 * 64, "unknown": 12})
    return rows + guesses_of(ReLU(), (3, 8, 8), {"unknown": 1})


def guesses_of(layer: Layer, shape: tuple[int, ...], mistakes: dict[str, int]) -> list[dict[str, Any]]:
    """Return one case for each mistake, and one for the right number, whose mistake is ''."""
    right = int(count_parameters([layer], shape))
    assert right not in mistakes.values(), f"a mistake leads to the right number: {mistakes}"
    numbers = {"": right, **mistakes}
    return [
        {"layer": to_message(layer), "input_shape": shape, "mistake": mistake, "guess": str(number)}
        for mistake, number in numbers.items()
    ]
