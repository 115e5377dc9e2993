"""The gradients of `correlate`: exact adjoint identities on integers, and PyTorch's autograd."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference.algorithms import kernel_gradient
from coursekit.reference.correlate import correlate
from coursekit.reference.gradients import (
    correlate_bias_gradient,
    correlate_gradients,
    correlate_input_gradient,
    correlate_kernel_gradient,
)
from tests.coursekit.libraries import as_numpy, whole_numbers

AXES = [((7,), (3,)), ((6, 8), (3, 2)), ((5, 4), (1, 4)), ((4, 5, 3), (2, 1, 3))]
PADDINGS: list[tuple[str, Any]] = [
    ("valid", 0),
    ("valid", 2),
    ("valid", (1, 0)),
    ("valid", (0, 3)),
    ("same", 0),
    ("full", 0),
]


def fits(spatial: Any, taps: Any, dilation: int, mode: str, padding: Any) -> bool:
    ends = sum(padding) if isinstance(padding, tuple) else 2 * padding
    return mode != "valid" or all(n + ends > dilation * (k - 1) for n, k in zip(spatial, taps, strict=True))


def inner(a: Any, b: Any) -> int:
    """Return the sum of all products <a, b>; the shapes must agree."""
    assert a.shape == b.shape
    return int(np.sum(a * b))


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize(("mode", "padding"), PADDINGS)
@pytest.mark.parametrize(("spatial", "taps"), AXES)
def test_the_gradients_are_the_exact_adjoints_of_correlate(
    spatial: Any, taps: Any, mode: Any, padding: Any, groups: int
) -> None:
    image = whole_numbers((2, 2 * groups, *spatial))
    kernel = whole_numbers((3 * groups, 2, *taps), 1)
    for stride, dilation in product([1, 2, 3, 5], [1, 2]):
        if not fits(spatial, taps, dilation, mode, padding):
            continue
        parameters: dict[str, Any] = {
            "mode": mode,
            "stride": stride,
            "padding": [padding] * len(spatial) if isinstance(padding, tuple) else padding,
            "dilation": dilation,
            "groups": groups,
        }
        out = correlate(image, kernel, **parameters)
        gradient = whole_numbers(out.shape, 2)
        by_image = correlate_input_gradient(gradient, kernel, spatial, **parameters)
        by_kernel = correlate_kernel_gradient(gradient, image, taps, **parameters)
        both = inner(out, gradient)
        assert inner(image, by_image) == both, parameters
        assert inner(kernel, by_kernel) == both, parameters
        for array, expected in zip(
            correlate_gradients(gradient, image, kernel, **parameters),
            (by_image, by_kernel, gradient.sum(axis=(0, *range(2, gradient.ndim)))),
            strict=True,
        ):
            assert array.dtype == np.int64
            assert_array_equal(array, expected)


def test_stride_padding_and_dilation_can_differ_by_axis() -> None:
    image, kernel = whole_numbers((2, 3, 9, 8)), whole_numbers((4, 3, 3, 2), 1)
    parameters: dict[str, Any] = {"stride": (2, 3), "padding": ((0, 1), 2), "dilation": (2, 1)}
    out = correlate(image, kernel, **parameters)
    gradient = whole_numbers(out.shape, 2)
    gradients = correlate_gradients(gradient, image, kernel, **parameters)
    assert inner(image, gradients.image) == inner(kernel, gradients.kernel) == inner(out, gradient)


@given(st.data())
def test_each_entry_of_a_gradient_is_the_change_of_the_inner_product(data: st.DataObject) -> None:
    """One pixel or one tap larger by 1 changes the integer <correlate(image, kernel), y> by its gradient."""
    spatial = data.draw(st.tuples(st.integers(1, 7), st.integers(1, 7)), "spatial")
    taps = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)), "taps")
    assume(all(n >= k for n, k in zip(spatial, taps, strict=True)))
    stride = data.draw(st.integers(1, 4), "stride")
    mode: Any = data.draw(st.sampled_from(["valid", "same", "full"]), "mode")
    image, kernel = whole_numbers(spatial), whole_numbers(taps, 1)
    out = correlate(image, kernel, mode=mode, stride=stride)
    gradient = whole_numbers(out.shape, 2)
    gradients = correlate_gradients(gradient, image, kernel, mode=mode, stride=stride)
    pixel = tuple(data.draw(st.integers(0, n - 1)) for n in spatial)
    tap = tuple(data.draw(st.integers(0, k - 1)) for k in taps)
    moved_image, moved_kernel = image.copy(), kernel.copy()
    moved_image[pixel] += 1
    moved_kernel[tap] += 1
    by_image = correlate(moved_image, kernel, mode=mode, stride=stride) - out
    by_kernel = correlate(image, moved_kernel, mode=mode, stride=stride) - out
    assert inner(by_image, gradient) == gradients.image[pixel]
    assert inner(by_kernel, gradient) == gradients.kernel[tap]
    assert gradient.sum() == gradients.bias


def test_pixels_that_a_stride_loses_get_no_gradient() -> None:
    gradient = correlate_input_gradient([[1, 1]], [[1, 2], [3, 4]], (3, 6), stride=3)
    assert gradient.tolist() == [[1, 2, 0, 1, 2, 0], [3, 4, 0, 3, 4, 0], [0] * 6]


def test_overlapping_windows_add_up() -> None:
    gradients = correlate_gradients([1, 10, 100], [1, 2, 3, 4], [5, 7])
    assert gradients.image.tolist() == [5, 57, 570, 700]
    assert gradients.kernel.tolist() == [321, 432]
    assert gradients.bias.shape == ()
    assert gradients.bias == 111


def test_plain_single_and_batch_are_the_same_numbers() -> None:
    image, kernel, gradient = whole_numbers((5, 6)), whole_numbers((2, 3), 1), whole_numbers((4, 4), 2)
    plain = correlate_gradients(gradient, image, kernel)
    single = correlate_gradients(gradient[None], image[None], kernel[None, None])
    batch = correlate_gradients(gradient[None, None], image[None, None], kernel[None, None])
    assert_array_equal(single.image, plain.image[None])
    assert_array_equal(batch.image, plain.image[None, None])
    for other in (single, batch):
        assert_array_equal(other.kernel, plain.kernel[None, None])
        assert_array_equal(other.bias, [plain.bias])


@pytest.mark.parametrize("taps", [1, 2])
def test_an_empty_batch_has_empty_or_zero_gradients(taps: int) -> None:
    gradient, kernel = np.ones((0, 2, 5 - taps, 5 - taps)), np.ones((2, 1, taps, taps))
    gradients = correlate_gradients(gradient, np.ones((0, 1, 4, 4)), kernel)
    assert gradients.image.shape == (0, 1, 4, 4)
    assert_array_equal(gradients.kernel, np.zeros((2, 1, taps, taps)))
    assert_array_equal(gradients.bias, np.zeros(2))


@pytest.mark.parametrize(("spatial", "taps"), AXES)
def test_every_library_gives_the_same_numbers(xp: Any, spatial: Any, taps: Any) -> None:
    image, kernel = whole_numbers((2, 4, *spatial)), whole_numbers((6, 2, *taps), 1)
    parameters: dict[str, Any] = {"stride": 2, "padding": 1, "groups": 2}
    gradient = whole_numbers(correlate(image, kernel, **parameters).shape, 2)
    expected = correlate_gradients(gradient, image, kernel, **parameters)
    got = correlate_gradients(xp.asarray(gradient), xp.asarray(image), xp.asarray(kernel), **parameters)
    for array, numbers in zip(got, expected, strict=True):
        assert isinstance(array, type(xp.asarray(image)))
        assert_array_equal(as_numpy(array), numbers)


@pytest.mark.torch
@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize(("spatial", "taps"), AXES)
def test_they_agree_with_autograd(spatial: Any, taps: Any, groups: int) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    arrays = [
        rng.normal(size=(2, 2 * groups, *spatial)),
        rng.normal(size=(3 * groups, 2, *taps)),
        rng.normal(size=3 * groups),
    ]
    theirs = [torch.from_numpy(array).requires_grad_() for array in arrays]
    forward = getattr(torch.nn.functional, f"conv{len(spatial)}d")
    for stride, padding, dilation in product([1, 2, 3], [0, 2], [1, 2]):
        if not fits(spatial, taps, dilation, "valid", padding):
            continue
        parameters: dict[str, Any] = {
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
        }
        out = forward(*theirs, **parameters)
        gradient = rng.normal(size=out.shape)
        expected = torch.autograd.grad(out, theirs, torch.from_numpy(gradient))
        for ours, number in zip(
            correlate_gradients(gradient, *arrays[:2], **parameters), expected, strict=True
        ):
            assert_allclose(ours, number.numpy(), rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(
    ("dtype", "result_dtype"),
    [
        (np.uint8, np.int64),
        (np.int32, np.int64),
        (np.uint64, np.uint64),
        (np.float16, np.float16),
        (np.float32, np.float32),
        (np.float64, np.float64),
    ],
)
def test_the_dtype_of_the_gradients_is_as_promised(dtype: Any, result_dtype: Any) -> None:
    gradients = correlate_gradients(
        np.full((1, 2, 2, 2), 20, dtype), np.full((1, 1, 3, 3), 20, dtype), np.full((2, 1, 2, 2), 20, dtype)
    )
    for array in gradients:
        assert array.dtype == result_dtype
    assert_array_equal(gradients.kernel, np.full((2, 1, 2, 2), 1600))
    assert_array_equal(gradients.bias, [80, 80])
    assert gradients.image[0, 0, 1, 1] == 2 * 4 * 400


def test_half_precision_is_summed_in_single_precision() -> None:
    ones = np.ones((1, 1, 3000), np.float16)
    gradients = correlate_gradients(ones, ones, np.ones((1, 1, 1), np.float16))
    assert gradients.kernel == gradients.bias == 3000  # in float16, 2048 + 1 is 2048


def test_mixed_precisions_give_the_wider_one() -> None:
    gradients = correlate_gradients(np.ones(2, np.float32), np.ones(3, np.float64), np.ones(2, np.float32))
    assert [array.dtype for array in gradients] == [np.float32, np.float64, np.float32]


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
def test_the_inputs_are_never_modified_nor_returned(mode: Any) -> None:
    arrays = [np.ones((1, 1, 3, 3)), np.ones((1, 1, 3, 3)), np.ones((1, 1, 1, 1))]
    for array in arrays:
        array.flags.writeable = False
    for result in correlate_gradients(*arrays, mode=mode):
        assert not any(np.shares_memory(result, array) for array in arrays)


ONES = np.ones((2, 3, 4, 4))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: correlate_gradients(ONES, ONES, np.ones((3, 3, 2, 2))),
            ShapeError,
            r"gradient must have the shape of the result, \(2, 3, 3, 3\); got shape \(2, 3, 4, 4\)",
        ),
        (
            lambda: correlate_gradients(np.ones(3), np.ones((3, 3)), np.ones((3, 3, 2, 2))),
            ShapeError,
            r"image must be \(C, \*spatial\) or",
        ),
        (
            lambda: correlate_input_gradient(ONES, np.ones((2, 3, 1, 1)), (4, 4)),
            ShapeError,
            r"kernel must have as many kernels as gradient has channels \(3\); got shape \(2, 3, 1, 1\)",
        ),
        (
            lambda: correlate_input_gradient(ONES, np.ones((3, 3, 2, 2)), (4, 4)),
            ShapeError,
            r"gradient must have the shape of the result, \(2, 3, 3, 3\); got shape \(2, 3, 4, 4\)",
        ),
        (
            lambda: correlate_input_gradient([1], [1], (4, 4)),
            ShapeError,
            r"spatial_shape must have one size per spatial axis \(1\); got \(4, 4\)",
        ),
        (
            lambda: correlate_input_gradient([1], [1, 2], 2),
            ParameterError,
            r"spatial_shape must have one integer per spatial axis, \(H, W\); got 2",
        ),
        (
            lambda: correlate_input_gradient([1], [1, 2, 3], (2,)),
            ShapeError,
            "axis 0: the kernel must fit inside the padded input",
        ),
        (
            lambda: correlate_kernel_gradient(ONES, ONES[0], (1, 1)),
            ShapeError,
            r"gradient must have as many axes as image \(3, 4, 4\); got shape \(2, 3, 4, 4\)",
        ),
        (
            lambda: correlate_kernel_gradient(ONES, ONES, (1, 1), groups=2),
            ParameterError,
            "groups must divide the channels of image and those of gradient; got 2 for 3 and 3 channels",
        ),
        (
            lambda: correlate_kernel_gradient([1, 2], [1, 2], (1,), groups=2),
            ParameterError,
            "groups must be 1 for a plain image; got 2",
        ),
        (
            lambda: correlate_kernel_gradient(ONES, ONES, 1),
            ParameterError,
            r"taps must be 1 to 3 integers, \(KH, KW\); got 1",
        ),
        (
            lambda: correlate_kernel_gradient(ONES, ONES, (1, 0)),
            ParameterError,
            r"taps\[1\] must be an integer >= 1; got 0",
        ),
        (
            lambda: correlate_kernel_gradient(ONES, ONES, (1,)),
            ShapeError,
            r"image must be plain, \(C, \*spatial\) or .* with 1 spatial axes; got shape \(2, 3, 4, 4\)",
        ),
        (
            lambda: correlate_kernel_gradient(ONES[:1], ONES, (1, 1)),
            ShapeError,
            r"gradient must have the shape of the result, \(2, 3, 4, 4\); got shape \(1, 3, 4, 4\)",
        ),
        (
            lambda: correlate_kernel_gradient(ONES[:, :0], ONES, (1, 1)),
            ShapeError,
            r"gradient must not be empty; got shape \(2, 0, 4, 4\)",
        ),
        (lambda: correlate_bias_gradient(ONES, 4), ParameterError, "axes must be 1, 2 or 3; got 4"),
        (
            lambda: correlate_bias_gradient(ONES, 1),
            ShapeError,
            r"gradient must be plain, .* with 1 spatial axes; got shape \(2, 3, 4, 4\)",
        ),
        (
            lambda: correlate_bias_gradient(ONES * 1j, 2),
            ParameterError,
            "gradient must hold real numbers .* got dtype complex128",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_with_name_rule_and_value(
    call: Any, error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("place", [(0, 0), (1, 2), (8, 9)])
@pytest.mark.parametrize("buffer", [500, 1_000, 1 << 20])
def test_a_nan_reaches_only_the_taps_that_meet_it(
    place: tuple[int, int], buffer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few kernels are summed in bands of rows, with zeros between them, and 0 * NaN is NaN."""
    monkeypatch.setattr(kernel_gradient, "BUFFER", buffer)
    image = np.ones((2, 1, 11, 10))
    image[(0, 0, *place)] = np.nan
    found = correlate_kernel_gradient(np.ones((2, 1, 9, 8)), image, (3, 3))
    meets = [[0 <= place[0] - u < 9 and 0 <= place[1] - v < 8 for v in range(3)] for u in range(3)]
    assert_array_equal(np.isnan(found[0, 0]), meets)
    assert_array_equal(found[0, 0][~np.array(meets)], 2 * 9 * 8)
