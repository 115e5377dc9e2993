"""One kernel per channel: against a loop over the channels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference import correlate
from coursekit.reference.depthwise import depthwise
from tests.coursekit.libraries import as_numpy, whole_numbers

SPATIAL = [((7,), (3,)), ((5, 6), (2, 3)), ((4, 3, 5), (2, 1, 3))]


@pytest.mark.parametrize("with_bias", [False, True], ids=["no bias", "bias"])
@pytest.mark.parametrize(
    "parameters",
    [{}, {"stride": 2, "padding": 1, "dilation": 2}, {"mode": "same"}, {"mode": "full"}],
    ids=str,
)
@pytest.mark.parametrize(("spatial", "taps"), SPATIAL)
def test_each_channel_meets_its_own_kernel(
    xp: Any, spatial: tuple[int, ...], taps: tuple[int, ...], parameters: dict[str, Any], with_bias: bool
) -> None:
    images, kernels, bias = (
        whole_numbers(shape, seed) for seed, shape in enumerate([(2, 3, *spatial), (3, *taps), (3,)])
    )
    offsets = bias if with_bias else np.zeros_like(bias)
    # A volume has no plain form, so each channel is an image with one channel.
    expected = np.array(
        [
            [
                correlate(image[None, c], kernels[None, None, c], **parameters)[0] + offsets[c]
                for c in range(3)
            ]
            for image in images
        ]
    )
    given_bias = xp.asarray(bias) if with_bias else None
    out = depthwise(xp.asarray(images), xp.asarray(kernels), given_bias, **parameters)
    assert_array_equal(as_numpy(out), expected)
    single = depthwise(xp.asarray(images[0]), xp.asarray(kernels), given_bias, **parameters)
    assert_array_equal(as_numpy(single), expected[0])


def test_the_kernel_is_not_flipped() -> None:
    assert depthwise([[1, 2, 3], [1, 2, 3]], [[0, 1], [10, 100]]).tolist() == [[2, 3], [210, 320]]


@pytest.mark.torch
def test_pytorch_calls_it_conv2d_with_as_many_groups_as_channels() -> None:
    torch = pytest.importorskip("torch")
    images, kernels = whole_numbers((2, 3, 6, 7)).astype(float), whole_numbers((3, 2, 3), 1).astype(float)
    expected = torch.nn.functional.conv2d(
        torch.from_numpy(images), torch.from_numpy(kernels[:, None]), stride=2, padding=1, groups=3
    )
    assert_array_equal(depthwise(images, kernels, stride=2, padding=1), expected.numpy())


def test_eight_bit_channels_do_not_overflow_and_an_empty_batch_works(xp: Any) -> None:
    white = xp.full((2, 3, 3), 255, dtype=xp.uint8)
    assert as_numpy(depthwise(white, white)).tolist() == [[[9 * 255**2]]] * 2
    assert depthwise(xp.zeros((0, 2, 4, 5)), xp.ones((2, 3, 3))).shape == (0, 2, 2, 3)


def test_the_inputs_are_never_modified_nor_returned() -> None:
    image, kernels = whole_numbers((2, 3, 4)), np.ones((2, 1, 1), np.int64)
    before = image.copy()
    image.flags.writeable = kernels.flags.writeable = False
    assert not np.shares_memory(depthwise(image, kernels), image)
    assert_array_equal(image, before)


@pytest.mark.parametrize(
    ("image", "kernels", "parameters", "error", "message"),
    [
        (
            np.ones((2, 5, 5)),
            np.ones((3, 2, 2)),
            {},
            ShapeError,
            r"kernels must be one per channel of image \(2\); got shape \(3, 2, 2\)",
        ),
        (
            np.ones((5, 5)),
            np.ones((2, 2, 2)),
            {},
            ShapeError,
            r"image must be .* with 2 spatial axes for kernels of shape \(2, 2, 2\); got shape \(5, 5\)",
        ),
        (np.ones((2, 5)), np.ones(2), {}, ShapeError, r"kernels must be \(C, \*taps\) .* got shape \(2,\)"),
        (np.ones((0, 5)), np.ones((0, 2)), {}, ShapeError, r"image must not be empty; got shape \(0, 5\)"),
        (np.ones((2, 5)), [["a"]], {}, ParameterError, "kernels must hold real numbers"),
        (np.ones((2, 5)), np.ones((2, 6)), {}, ShapeError, "the kernel must fit inside the padded input"),
        (
            np.ones((2, 5)),
            np.ones((2, 2)),
            {"bias": [1]},
            ShapeError,
            r"bias must have one number per kernel",
        ),
        (np.ones((2, 5)), np.ones((2, 2)), {"stride": 0}, ParameterError, "stride must be an integer >= 1"),
    ],
)
def test_wrong_arguments_are_refused(
    image: Any, kernels: Any, parameters: dict[str, Any], error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        depthwise(image, kernels, **parameters)
