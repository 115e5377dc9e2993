"""Transposed convolution against its definition, against PyTorch, and as the adjoint of `correlate`."""

from __future__ import annotations

from itertools import product
from math import gcd
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference import phases
from coursekit.reference.conv_transpose import conv_transpose
from coursekit.reference.correlate import correlate
from tests.coursekit.libraries import Array, as_numpy, whole_numbers


def by_definition(
    image: Array, kernel: Array, strides: Any, cuts: Any, extras: Any, dilations: Any, groups: int
) -> Array:
    """Add one scaled copy of the kernel per pixel, in plain loops, then cut the ends off."""
    batch, kernels, *positions = image.shape
    in_group, taps = kernel.shape[1], kernel.shape[2:]
    whole = [
        (n - 1) * s + d * (k - 1) + 1 + e
        for n, k, s, d, e in zip(positions, taps, strides, dilations, extras, strict=True)
    ]
    out = np.zeros((batch, groups * in_group, *whole), dtype=np.int64)
    for n, f, c in product(range(batch), range(kernels), range(in_group)):
        channel = f // (kernels // groups) * in_group + c
        for position, tap in product(np.ndindex(*positions), np.ndindex(*taps)):
            pixel = tuple(i * s + u * d for i, s, u, d in zip(position, strides, tap, dilations, strict=True))
            out[(n, channel, *pixel)] += image[(n, f, *position)] * kernel[(f, c, *tap)]
    ends = tuple(slice(before, size - after) for size, (before, after) in zip(whole, cuts, strict=True))
    return out[(..., *ends)]


ONE_AXIS = [
    (positions, taps, stride, dilation, extra, cut)
    for positions, taps, stride, dilation in product([1, 4], [1, 2, 5], [1, 2, 3, 4], [1, 2, 3])
    for extra in {0, max(stride, dilation) - 1}
    for cut in [(0, 0), (1, 0), (0, 2), (3, 2)]
    if (positions - 1) * stride + dilation * (taps - 1) + extra + 1 > sum(cut)
]


@pytest.mark.parametrize("groups", [1, 2])
def test_a_signal_matches_the_definition_for_all_strides_dilations_and_cuts(groups: int) -> None:
    image, kernel = whole_numbers((2, 4, 4)), whole_numbers((4, 3, 5), 1)
    for n, k, stride, dilation, extra, cut in ONE_AXIS:
        signal, taps = image[..., :n], kernel[..., :k]
        expected = by_definition(signal, taps, [stride], [cut], [extra], [dilation], groups)
        got = conv_transpose(
            signal,
            taps,
            stride=stride,
            padding=[cut],
            output_padding=extra,
            dilation=dilation,
            groups=groups,
        )
        assert_array_equal(got, expected, f"n={n} k={k} {stride=} {dilation=} {extra=} {cut=}")


SEVERAL_AXES = [
    ((4, 5), (3, 2), (1, 1), ((0, 0), (0, 0)), (0, 0), (1, 1)),
    ((4, 5), (3, 2), (2, 3), ((1, 0), (0, 2)), (1, 2), (1, 1)),
    ((3, 4), (3, 3), (2, 2), ((1, 1), (1, 1)), (1, 1), (1, 1)),
    ((3, 2), (2, 4), (4, 2), ((2, 1), (1, 3)), (3, 2), (3, 4)),
    ((3, 3), (2, 2), (3, 3), ((0, 0), (0, 0)), (2, 2), (1, 1)),
    ((2, 1, 3), (2, 3, 2), (2, 1, 3), ((0, 1), (1, 0), (1, 1)), (1, 1, 2), (1, 2, 1)),
]


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize(("positions", "taps", "strides", "cuts", "extras", "dilations"), SEVERAL_AXES)
def test_images_and_volumes_match_the_definition_on_every_library(
    xp: Any, positions: Any, taps: Any, strides: Any, cuts: Any, extras: Any, dilations: Any, groups: int
) -> None:
    image, kernel = whole_numbers((2, 3, *positions)), whole_numbers((3, 2, *taps), 1)
    bias = whole_numbers((2 * groups,), 2)
    expected = by_definition(image, kernel, strides, cuts, extras, dilations, groups)
    expected = expected + bias.reshape(-1, *[1] * len(taps))
    got = conv_transpose(
        xp.asarray(image),
        xp.asarray(kernel),
        xp.asarray(bias),
        stride=strides,
        padding=cuts,
        output_padding=extras,
        dilation=dilations,
        groups=groups,
    )
    assert isinstance(got, type(xp.asarray(image)))
    assert as_numpy(got).dtype == np.int64
    assert_array_equal(as_numpy(got), expected)


def test_pixels_that_no_product_reaches_are_zero() -> None:
    assert conv_transpose([1, 2], [3], stride=3).tolist() == [3, 0, 0, 6]
    assert conv_transpose([1], [2, 3], dilation=3, output_padding=2).tolist() == [2, 0, 0, 3, 0, 0]
    assert conv_transpose([5], [7], dilation=3, output_padding=2, padding=[(1, 0)]).tolist() == [0, 0]
    assert conv_transpose([[1, 2]], [[1]], stride=2, padding=[(0, 0), (1, 1)]).tolist() == [[0]]


def test_plain_single_and_batch_are_the_same_numbers() -> None:
    image, kernel = whole_numbers((3, 4)), whole_numbers((2, 3), 1)
    plain = conv_transpose(image, kernel, 5, stride=2)
    single = conv_transpose(image[None], kernel[None, None], [5], stride=2)
    batch = conv_transpose(image[None, None], kernel[None, None], [5], stride=2)
    assert plain.shape == (6, 9)
    assert_array_equal(single, plain[None])
    assert_array_equal(batch, plain[None, None])
    assert_array_equal(conv_transpose(image, kernel, [5], stride=2), plain)
    assert conv_transpose(np.ones((0, 2, 3)), np.ones((2, 4, 2))).shape == (0, 4, 4)


def test_a_single_pixel_paints_the_kernel() -> None:
    kernel = whole_numbers((3, 2))
    assert_array_equal(conv_transpose([[1]], kernel), kernel)


@given(st.data())
def test_it_is_the_adjoint_of_correlate(data: st.DataObject) -> None:
    axes = data.draw(st.integers(1, 3), "axes")

    def draw(name: str, least: int, most: int) -> tuple[int, ...]:
        return tuple(data.draw(st.tuples(*[st.integers(least, most)] * axes), name))

    spatial, taps, strides = draw("spatial", 1, 6), draw("taps", 1, 3), draw("stride", 1, 4)
    dilations, before, after = draw("dilation", 1, 3), draw("before", 0, 3), draw("after", 0, 3)
    groups = data.draw(st.sampled_from([1, 2]), "groups")
    room = [
        n + b + a - d * (k - 1) - 1
        for n, b, a, d, k in zip(spatial, before, after, dilations, taps, strict=True)
    ]
    assume(min(room) >= 0)
    image, kernel = whole_numbers((2, 2 * groups, *spatial)), whole_numbers((2, 2, *taps), 1)
    parameters: dict[str, Any] = {
        "stride": strides,
        "dilation": dilations,
        "groups": groups,
        "padding": list(zip(before, after, strict=True)),
    }
    forth = correlate(image, kernel, **parameters)
    other = whole_numbers(forth.shape, 2)
    lost = [r % s for r, s in zip(room, strides, strict=True)]
    back = conv_transpose(other, kernel, output_padding=lost, **parameters)
    assert back.shape == image.shape
    assert np.sum(forth * other) == np.sum(image * back)


@pytest.mark.torch
@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("groups", [1, 2])
def test_it_is_what_pytorch_calls_conv_transpose(axes: int, stride: int, dilation: int, groups: int) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(2, 4, *(3, 4, 2)[:axes])), rng.normal(size=(4, 3, *(3, 2, 1)[:axes]))
    bias = rng.normal(size=3 * groups)
    theirs = getattr(torch.nn.functional, f"conv_transpose{axes}d")
    for padding, extra in product([0, 1], range(max(stride, dilation))):
        if axes == 3 and padding and stride + extra < 3:
            continue  # it cuts off the whole of the last axis
        parameters: dict[str, Any] = {
            "stride": stride,
            "padding": padding,
            "output_padding": extra,
            "dilation": dilation,
            "groups": groups,
        }
        expected = theirs(*map(torch.from_numpy, (image, kernel, bias)), **parameters).numpy()
        assert_allclose(conv_transpose(image, kernel, bias, **parameters), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("image_dtype", "kernel_dtype", "result_dtype"),
    [
        (np.uint8, np.uint8, np.int64),
        (np.uint64, np.uint8, np.uint64),
        (np.float32, np.int8, np.float32),
        (np.float32, np.float64, np.float64),
        (np.float16, np.float16, np.float16),
    ],
)
def test_the_dtype_of_the_result_is_that_of_correlate(
    image_dtype: Any, kernel_dtype: Any, result_dtype: Any
) -> None:
    out = conv_transpose(np.full((3, 3), 200, image_dtype), np.ones((2, 2), kernel_dtype), stride=2)
    assert out.dtype == result_dtype
    assert_array_equal(out, np.full((6, 6), 200))


def test_half_precision_is_summed_in_single_precision() -> None:
    image = np.full((3000, 1), 1, np.float16)
    kernel = np.full((3000, 1, 1), 1, np.float16)
    assert conv_transpose(image, kernel).tolist() == [[3000]]  # in float16, 2048 + 1 is 2048


@pytest.mark.parametrize("stride", [1, 2])
def test_the_inputs_are_never_modified_nor_returned(stride: int) -> None:
    image, kernel, bias = np.ones((1, 1, 2, 3)), np.ones((1, 1, 1, 1)), np.ones(1)
    for array in (image, kernel, bias):
        array.flags.writeable = False
    out = conv_transpose(image, kernel, stride=stride)
    conv_transpose(image, kernel, bias, stride=stride)
    assert not np.shares_memory(out, image)


def test_views_of_any_memory_layout_give_the_same_result() -> None:
    image, kernel = whole_numbers((2, 3, 4, 5)), whole_numbers((3, 2, 3, 3), 1)
    expected = conv_transpose(image, kernel, stride=2, padding=1)
    backwards = np.ascontiguousarray(image[..., ::-1])[..., ::-1]
    for view in (np.asfortranarray(image), backwards):
        assert_array_equal(conv_transpose(view, np.asfortranarray(kernel), stride=2, padding=1), expected)
    constant = np.broadcast_to(np.int64(3), image.shape)
    assert_array_equal(conv_transpose(constant, kernel), conv_transpose(constant.copy(), kernel))


def test_a_stride_far_beyond_the_kernel_costs_no_more_than_its_output() -> None:
    out = conv_transpose(np.ones(3), np.ones(2), stride=1000)
    assert out.nonzero()[0].tolist() == [0, 1, 1000, 1001, 2000, 2001]
    assert conv_transpose([4], [5], stride=10**15).tolist() == [20]


@pytest.mark.parametrize(
    ("image", "kernel", "parameters", "error", "message"),
    [
        (
            (3, 4),
            (2,),
            {},
            ShapeError,
            r"image must have as many axes as a plain kernel \(2,\); got .*\(3, 4\)",
        ),
        ((3,), (2, 1, 2), {}, ShapeError, r"image must be \(F, \*positions\) or .* 1 spatial axes .* \(3,\)"),
        ((2, 3), (), {}, ShapeError, r"kernel must be plain, .* got shape \(\)"),
        (
            (3, 4),
            (2, 1, 2),
            {},
            ShapeError,
            r"as many kernels as image has channels \(3\); got .*\(2, 1, 2\)",
        ),
        ((0, 4), (2, 2), {}, ShapeError, r"image must not be empty; got shape \(0, 4\)"),
        ((2, 4), (2, 0, 2), {}, ShapeError, r"kernel must not be empty; got shape \(2, 0, 2\)"),
        ((3, 4), (3, 1, 2), {"groups": 2}, ParameterError, "groups must divide .* got 2 for 3 channels"),
        ((3, 4), (3, 1, 2), {"groups": 0}, ParameterError, "groups must be an integer >= 1; got 0"),
        (
            (3, 4),
            (3, 2, 2),
            {"bias": np.ones(3)},
            ShapeError,
            r"bias must have one number per channel of the output, shape \(2,\); got shape \(3,\)",
        ),
        (
            (3,),
            (2,),
            {"padding": 2},
            ShapeError,
            r"axis 0: padding must leave a pixel .* 2 \+ 2 = 4, .* \* 1 \+ 1 \* \(2 - 1\) \+ 0 \+ 1 = 4",
        ),
        ((3,), (2,), {"stride": 0}, ParameterError, "stride must be an integer >= 1; got 0"),
        ((3,), (2,), {"dilation": 1.5}, ParameterError, "dilation must be an integer >= 1; got 1.5"),
        ((3,), (2,), {"padding": -1}, ParameterError, "padding must be an integer >= 0; got -1"),
        (
            (3,),
            (2,),
            {"output_padding": -1},
            ParameterError,
            "output_padding must be an integer >= 0; got -1",
        ),
        (
            (3, 3),
            (2, 2),
            {"output_padding": (0, 2), "stride": (3, 2)},
            ParameterError,
            "output_padding must be below stride or dilation; got 2 for stride 2 and dilation 1 along axis 1",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_with_name_rule_and_value(
    image: Any, kernel: Any, parameters: dict[str, Any], error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        conv_transpose(np.ones(image), np.ones(kernel), **parameters)


def test_a_bias_counts_in_the_dtype() -> None:
    out = conv_transpose([1, 2], [1], 0.5)
    assert out.dtype == np.float64
    assert out.tolist() == [1.5, 2.5]


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 8), st.integers(1, 8), st.integers(0, 4))
def test_each_product_of_a_tap_is_computed_once(n: int, k: int, stride: int, dilation: int, cut: int) -> None:
    """With ones everywhere the output counts the products, and without a cut there are n * k of them."""
    assume((n - 1) * stride + dilation * (k - 1) + 1 > cut)
    whole = conv_transpose([1] * n, [1] * k, stride=stride, dilation=dilation)
    assert whole.sum() == n * k
    assert len(whole) == (n - 1) * stride + dilation * (k - 1) + 1
    if gcd(stride, dilation) > 1:
        assert not np.any(whole[1 :: gcd(stride, dilation)])
    cut_off = conv_transpose([1] * n, [1] * k, stride=stride, dilation=dilation, padding=[(cut, 0)])
    assert_array_equal(cut_off, whole[cut:])


@pytest.mark.parametrize("number", [np.nan, np.inf])
@pytest.mark.parametrize("stride", [2, 3])
def test_what_is_not_finite_reaches_only_the_pixels_of_its_copy(stride: int, number: float) -> None:
    """Phases that are computed together have zeros among their taps, and 0 * NaN is NaN."""
    image, kernel = np.ones((1, 2, 5, 6)), np.ones((2, 1, 5, 4))
    image[0, 1, 2, 3] = number
    reached = np.zeros((4 * stride + 5, 5 * stride + 4), bool)
    reached[2 * stride : 2 * stride + 5, 3 * stride : 3 * stride + 4] = True
    assert_array_equal(~np.isfinite(conv_transpose(image, kernel, stride=stride)[0, 0]), reached)


def test_a_long_stride_with_few_kernels_is_one_correlation(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    plain = phases.correlate
    monkeypatch.setattr(phases, "correlate", lambda *args, **more: made.append(1) or plain(*args, **more))
    signal, kernel = whole_numbers((1, 2, 9)), whole_numbers((2, 1, 24), 1)
    out = conv_transpose(signal, kernel, stride=10)
    assert len(made) == 1
    monkeypatch.setattr(phases, "_together_pays", lambda *_: False)
    assert_array_equal(conv_transpose(signal, kernel, stride=10), out)
    assert len(made) == 11
