"""The tasks of 05_padding: conventions, two mistakes at a time, sentences, and famous wrong answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.signal
from numpy.testing import assert_array_equal

from coursekit import shapes
from coursekit.checks import Report, check, examine, find_task, fresh_cases, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.tasks.padding.correlate2d_padded import MODES, correlate2d_padded
from coursekit.checks.tasks.padding.never_centred import never_centred
from coursekit.checks.tasks.padding.pad2d import pad2d
from coursekit.checks.tasks.padding.same_padding import same_padding
from coursekit.reference import correlate

SEEDS = (None, 0, 1, 2)


def report_of(name: str, answer: Callable[..., Any], seed: int | None = None) -> Report:
    task = find_task(name)
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    return examine(task, cases, [call(answer, case) for case in cases])


def named(report: Report) -> set[str]:
    return {mistake.name for mistake in report.misconceptions}


def correlated(image: Any, kernel: Any, zeros: Any) -> Any:
    """Return the windows inside the image and its zeros: one pair for rows, one for columns."""
    return correlate(np.pad(image, zeros), kernel)


# The references keep the conventions that the notebook names.


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("taps", [(1, 1), (2, 2), (3, 3), (4, 3), (1, 4), (5, 2)])
def test_the_modes_are_those_of_the_course_and_of_scipy(taps: tuple[int, int], mode: str) -> None:
    rng = np.random.default_rng(0)
    image, kernel = rng.integers(-9, 10, (5, 6)), rng.integers(1, 10, taps)
    answer = correlate2d_padded(image, kernel, mode)
    assert_array_equal(answer, correlate(image, kernel, mode=mode))
    assert_array_equal(answer, scipy.signal.correlate(image, kernel, mode=mode, method="direct"))


@pytest.mark.parametrize("kernel_size", range(1, 9))
def test_the_extra_zero_is_where_numpy_has_it(kernel_size: int) -> None:
    row, taps = np.arange(1, 12), np.arange(1, kernel_size + 1)
    padded = np.pad(row, same_padding(kernel_size, 1))
    assert_array_equal(np.correlate(padded, taps, "valid"), np.correlate(row, taps, "same"))
    assert_array_equal(np.convolve(padded, taps, "valid"), np.convolve(row, taps, "same"))


@pytest.mark.parametrize("kernel_size", range(1, 9))
@pytest.mark.parametrize("dilation", range(1, 5))
def test_these_zeros_keep_the_length(kernel_size: int, dilation: int) -> None:
    zeros = same_padding(kernel_size, dilation)
    assert shapes.output_size(50, kernel_size, padding=zeros, dilation=dilation) == 50
    assert zeros[0] - zeros[1] in (0, 1)


@pytest.mark.parametrize("kernel_size", range(1, 9))
def test_the_rule_of_a_lecture_document_is_one_too_long_for_even_kernels(kernel_size: int) -> None:
    size = shapes.output_size(50, kernel_size, padding=kernel_size // 2)
    assert size == (51 if kernel_size % 2 == 0 else 50)


@pytest.mark.parametrize("taps", [(1, 1), (3, 3), (1, 5), (7, 3)])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("shape", [(3, 4), (7, 7), (9, 20), (21, 12)])
def test_a_centre_is_where_the_middle_of_a_response_lies(
    shape: tuple[int, int], taps: tuple[int, int], layers: int
) -> None:
    """Send one bright pixel through the stack: an output is centred on it if kernels that are 0 but in the
    middle let it through."""
    middle = np.zeros(taps, dtype=np.int64)
    middle[taps[0] // 2, taps[1] // 2] = 1
    never = np.ones(shape, dtype=np.int64)
    for row, column in np.ndindex(shape):
        response = np.zeros(shape, dtype=np.int64)
        response[row, column] = 1
        for _ in range(layers):
            fits = all(size >= tap for size, tap in zip(response.shape, taps, strict=True))
            response = correlate(response, middle) if fits else np.zeros((0, 0), dtype=np.int64)
        never[row, column] = 1 - response.sum()
    assert_array_equal(never_centred(*shape, taps, layers), never)


def test_pad2d_is_the_one_of_numpy() -> None:
    image = np.arange(1, 7).reshape(2, 3)
    padded = np.pad(image, ((1, 2), (3, 4)), constant_values=9)
    assert_array_equal(pad2d(image, 1, 2, 3, 4, 9), padded)
    assert pad2d(image, 1, 0, 0, 0, 0.5)[0, 0] == 0.5


# Two mistakes at a time.


def floor_of_half_without_dilation(kernel_size: int, dilation: int) -> Any:
    return kernel_size // 2, kernel_size // 2


def behind_without_dilation(kernel_size: int, dilation: int) -> Any:
    return (kernel_size - 1) // 2, kernel_size // 2


def flipped_with_half_a_kernel(image: Any, kernel: Any, mode: str) -> Any:
    if mode != "same":
        return correlate(image, kernel[::-1, ::-1], mode=mode)
    return correlated(image, kernel[::-1, ::-1], [(taps // 2, taps // 2) for taps in kernel.shape])


def convolved_and_cut(image: Any, kernel: Any, mode: str) -> Any:
    return scipy.signal.convolve2d(image, kernel, mode=mode).astype(np.int64)


def zeros_at_the_wrong_ends(image: Any, top: int, bottom: int, left: int, right: int, value: Any) -> Any:
    return np.pad(image, ((bottom, top), (right, left)))


def image_first_dtype(image: Any, top: int, bottom: int, left: int, right: int, value: Any) -> Any:
    out = np.full((top + len(image) + bottom, left + image.shape[1] + right), value)
    out[left : left + len(image), top : top + image.shape[1]] = image
    return out


def one_layer_of_ones_and_zeros(height: int, width: int, kernel_size: Any, layers: int) -> Any:
    return 1 - never_centred(height, width, kernel_size, 1)


PAIRS = (
    ("same_padding", floor_of_half_without_dilation, {"half_the_kernel_on_both_sides", "dilation_ignored"}),
    ("same_padding", behind_without_dilation, {"extra_zero_behind", "dilation_ignored"}),
    (
        "correlate2d_padded",
        flipped_with_half_a_kernel,
        {"kernel_flipped", "half_the_kernel_on_both_sides"},
    ),
    ("pad2d", zeros_at_the_wrong_ends, {"ends_swapped", "value_ignored"}),
    ("pad2d", image_first_dtype, {"offsets_swapped", "value_dtype_kept"}),
    ("never_centred", one_layer_of_ones_and_zeros, {"only_one_layer", "zeros_and_ones_swapped"}),
)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "answer", "mistakes"), PAIRS, ids=lambda value: getattr(value, "__name__", "")
)
def test_two_mistakes_are_named_as_two(
    name: str, answer: Callable[..., Any], mistakes: set[str], seed: int | None
) -> None:
    assert named(report_of(name, answer, seed)) == mistakes


# Wrong answers as people write them, and what they earn.


def odd_rule_everywhere(kernel_size: int, dilation: int) -> Any:
    return (kernel_size - 1) // 2, (kernel_size - 1) // 2


def pytorch_idiom(kernel_size: int, dilation: int) -> Any:
    half = dilation * (kernel_size - 1) // 2
    return half, half


def literal_rule(kernel_size: int, dilation: int) -> Any:
    return dilation * (kernel_size - 1) / 2, dilation * (kernel_size - 1) / 2


def right_without_dilation(kernel_size: int, dilation: int) -> Any:
    return kernel_size // 2, (kernel_size - 1) // 2


def right_for_odd_kernels(image: Any, kernel: Any, mode: str) -> Any:
    zeros = {"valid": 0, "same": -1, "full": 0}[mode]
    if zeros == 0:
        return correlate(image, kernel, mode=mode)
    return correlated(image, kernel, [(taps // 2, taps // 2) for taps in kernel.shape])


def valid_pasted_into_zeros(image: Any, kernel: Any, mode: str) -> Any:
    inside = correlate(image, kernel)
    if mode == "valid":
        return inside
    out = np.zeros(correlate(image, kernel, mode=mode).shape)
    top, left = (taps // 2 if mode == "same" else taps - 1 for taps in kernel.shape)
    out[top : top + inside.shape[0], left : left + inside.shape[1]] = inside
    return out


def full_cut_at_the_end(image: Any, kernel: Any, mode: str) -> Any:
    if mode == "same":
        return correlate(image, kernel, mode="full")[: image.shape[0], : image.shape[1]]
    return correlate(image, kernel, mode=mode)


def wrapped_by_fft(image: Any, kernel: Any, mode: str) -> Any:
    taps = [(k // 2, (k - 1) // 2) if mode == "same" else (k - 1, k - 1) for k in kernel.shape]
    return correlate(image if mode == "valid" else np.pad(image, taps, mode="wrap"), kernel)


def slice_ends_at_minus_border(image: Any, top: int, bottom: int, left: int, right: int, value: Any) -> Any:
    out = np.full((top + image.shape[0] + bottom, left + image.shape[1] + right), value, dtype=float)
    out[top:-bottom, left:-right] = image
    return out


def zeros_only(image: Any, top: int, bottom: int, left: int, right: int, value: Any) -> Any:
    out = np.zeros((top + image.shape[0] + bottom, left + image.shape[1] + right))
    out[top : top + image.shape[0], left : left + image.shape[1]] = image
    return out


def border_painted(height: int, width: int, kernel_size: Any, layers: int) -> Any:
    """Paint the four sides: `[-0:]` paints everything where nothing is lost."""
    rows, columns = (layers * (taps // 2) for taps in kernel_size)
    never = np.zeros((height, width))
    never[:rows] = never[-rows:] = 1
    never[:, :columns] = never[:, -columns:] = 1
    return never


WRONG = (
    ("same_padding", odd_rule_everywhere, 0, {"odd_zero_lost", "dilation_ignored"}),
    ("same_padding", pytorch_idiom, 0, {"odd_zero_lost"}),
    ("same_padding", literal_rule, 0, {"halves_that_are_not_whole"}),
    ("same_padding", right_without_dilation, 1, {"dilation_ignored"}),
    ("correlate2d_padded", right_for_odd_kernels, 1, {"half_the_kernel_on_both_sides"}),
    ("correlate2d_padded", valid_pasted_into_zeros, 0, {"valid_inside_zeros"}),
    ("correlate2d_padded", full_cut_at_the_end, 0, {"all_zeros_in_front"}),
    ("correlate2d_padded", wrapped_by_fft, 0, {"wrapped_around"}),
    ("pad2d", slice_ends_at_minus_border, 0, {"slice_to_minus_zero"}),
    ("pad2d", zeros_only, 0, {"value_ignored"}),
    ("never_centred", border_painted, 0, {"slice_to_minus_zero"}),
    ("never_centred", lambda height, width, *_: np.zeros((height, width)), 0, {"nothing_marked"}),
    ("never_centred", lambda height, width, *_: np.ones((height, width)), 0, set()),
    ("pad2d", lambda image, *_: image, 0, {"nothing_padded"}),
)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "answer", "score", "mistakes"), WRONG, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_wrong_answer_loses_points_and_is_named(
    name: str, answer: Callable[..., Any], score: float, mistakes: set[str], seed: int | None
) -> None:
    report = report_of(name, answer, seed)
    assert report.score == score
    assert named(report) == mistakes


def test_numpy_pad_does_pad2d_itself_but_may_be_used_for_the_modes() -> None:
    def by_numpy(image: Any, top: int, bottom: int, left: int, right: int, value: Any) -> Any:
        padded = image.astype(float)
        return np.pad(padded, ((top, bottom), (left, right)), constant_values=value)

    def modes(image: Any, kernel: Any, mode: str) -> Any:
        zeros = {"valid": lambda k: (0, 0), "same": lambda k: (k // 2, (k - 1) // 2)}
        around = [zeros.get(mode, lambda k: (k - 1, k - 1))(taps) for taps in kernel.shape]
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(image, around), kernel.shape)
        return np.einsum("ijuv,uv->ij", windows, kernel)

    report = check(by_numpy, task="pad2d")
    assert report.score == 0
    assert "`numpy.pad`" in report.to_text() and "does this task itself" in report.to_text()
    assert check(modes, task="correlate2d_padded").score == 2
    assert check(right_by_scipy, task="correlate2d_padded").score == 0


def right_by_scipy(image: Any, kernel: Any, mode: str) -> Any:
    return scipy.signal.correlate(image, kernel, mode=mode, method="direct")


# The words of a report.


def test_the_sum_behind_a_number_shows_the_zeros_of_the_border() -> None:
    explain = find_task("correlate2d_padded").explain_entry
    assert explain is not None
    image, kernel = np.array([[1, 2], [3, 4]]), np.array([[1, 2], [3, 4]])
    assert explain(image, kernel, "same", (0, 0)) == "0·1 + 0·2 + 0·3 + 1·4"
    assert explain(image, kernel, "same", (1, 1)) == "1·1 + 2·2 + 3·3 + 4·4"
    assert explain(image, -kernel, "valid", (0, 0)) == "1·(−1) + 2·(−2) + 3·(−3) + 4·(−4)"


def test_the_size_of_an_output_is_derived_from_the_zeros() -> None:
    report = report_of("correlate2d_padded", lambda image, kernel, mode: correlate(image, kernel))
    text = report.to_text()
    assert "This is the answer of mode 'valid' in every mode" in text
    assert "padded size" in text and "outputs: " in text
    text = report_of("pad2d", lambda image, *_: image).to_text()
    assert "This is the image as it came" in text
    assert "top + height + bottom" in text or "left + width + right" in text


def test_a_border_number_is_explained_as_value_or_as_a_pixel() -> None:
    explain = find_task("pad2d").explain_entry
    assert explain is not None
    arguments = (np.array([[5, 6]]), 1, 0, 2, 0, 7)
    assert explain(*arguments, (0, 3)) == "value"
    assert explain(*arguments, (1, 3)) == "image[0, 1]"


def test_a_pixel_is_explained_by_the_rows_and_columns_of_the_centres() -> None:
    explain = find_task("never_centred").explain_entry
    assert explain is not None
    assert explain(5, 7, (3, 3), 1, (0, 2)) == (
        "(row 0, column 2; outputs are centred on rows 1 to 3, columns 1 to 5)"
    )
    assert explain(5, 7, (3, 3), 3, (2, 2)) == "(no output is left)"


def test_true_and_false_are_asked_for_as_numbers() -> None:
    text = check(lambda height, width, *_: np.zeros((height, width), bool), task="never_centred").to_text()
    assert "Your function returned True and False; return the numbers themselves." in text


def test_one_number_is_told_that_there_are_two_ends() -> None:
    text = check(lambda kernel_size, dilation: kernel_size - 1, task="same_padding").to_text()
    assert "Right here is (before, after) = (0, 0)." in text


@pytest.mark.parametrize("name", ["pad2d", "correlate2d_padded"])
def test_an_answer_that_writes_into_the_image_is_told_so(name: str) -> None:
    right = {"pad2d": pad2d, "correlate2d_padded": correlate2d_padded}[name]

    def spoils(image: Any, *others: Any) -> Any:
        answer = right(image, *others)
        image *= 0
        return answer

    report = report_of(name, spoils)
    assert report.score == 0 and "changed its input `image`" in report.to_text()
