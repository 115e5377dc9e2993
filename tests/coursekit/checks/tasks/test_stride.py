"""What is special about the tasks of 06_stride: two mistakes at once, and what famous wrong answers cost."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np
import pytest

from coursekit import reference, shapes
from coursekit.checks import Report, examine, find_task, fresh_cases, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.mistakes import wrong_answer
from coursekit.errors import ShapeError
from tests.coursekit.checks.right_answers.stride import spread, strided_lists, transposed_lists

SEEDS = [None, 0, 1]


def report_of(name: str, answer: Callable[..., Any], seed: int | None = None) -> Report:
    task = find_task(name)
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    return examine(task, cases, [call(answer, case) for case in cases])


def named(report: Report) -> list[str]:
    return [mistake.name for mistake in report.misconceptions]


# The quick references of the tasks are the course's references.


@pytest.mark.parametrize("seed", SEEDS)
def test_the_answers_of_the_tasks_are_those_of_the_reference(seed: int | None) -> None:
    def size(size: int, kernel: int, padding: int, stride: int, dilation: int) -> int:
        try:
            return int(shapes.output_size(size, kernel, padding=padding, stride=stride, dilation=dilation))
        except ShapeError:
            return 0

    def strided(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
        return reference.correlate(image, kernel, stride=stride, dilation=dilation)

    def transposed(image: Any, kernel: Any, stride: Any) -> Any:
        return reference.conv_transpose(image, kernel, stride=stride)

    def field(layers: Any) -> Any:
        return [int(number) for number in shapes.receptive_field(layers)]

    answers = {
        "output_size": size,
        "correlate2d_strided": strided,
        "conv_transpose2d": transposed,
        "receptive_field": field,
    }
    for name, answer in answers.items():
        report = report_of(name, answer, seed)
        assert report.score == report.max_score, report.to_text()


# Two mistakes at once are named as two.

PAIRS = {
    "output_size": [
        ("ceil_instead_of_floor", "padding_on_one_side_only"),
        ("floor_missing", "dilation_ignored"),
        ("plus_one_missing", "padding_ignored"),
        ("padding_ignored", "stride_ignored"),
        ("padding_on_one_side_only", "dilation_times_kernel"),
        ("dilation_ignored", "nothing_fits_not_checked"),
    ],
    "correlate2d_strided": [
        ("kernel_flipped", "stride_ignored"),
        ("kernel_flipped", "stride_axes_swapped"),
        ("kernel_flipped", "row_stride_for_both"),
        ("kernel_flipped", "column_stride_for_both"),
        ("kernel_flipped", "stride_ignored_in_window_start"),
        ("kernel_flipped", "ceil_instead_of_floor"),
        ("kernel_flipped", "dilation_ignored"),
        ("kernel_flipped", "dilation_axes_swapped"),
        ("kernel_flipped", "truncated_to_integers"),
        ("stride_ignored", "dilation_ignored"),
        ("stride_ignored", "first_tap_skipped"),
        ("stride_axes_swapped", "dilation_axes_swapped"),
        ("stride_axes_swapped", "last_window_missed"),
        ("row_stride_for_both", "row_dilation_for_both"),
        ("last_window_missed", "dilation_ignored"),
        ("ceil_instead_of_floor", "dilation_as_zeros_between"),
    ],
    "conv_transpose2d": [
        ("kernel_flipped", "stride_ignored"),
        ("kernel_flipped", "stride_axes_swapped"),
        ("kernel_flipped", "overwritten_on_overlap"),
        ("kernel_flipped", "no_border"),
        ("kernel_flipped", "cut_to_the_spread_image"),
        ("kernel_flipped", "zeros_after_the_last_pixel"),
        ("kernel_flipped", "pixels_repeated"),
        ("overwritten_on_overlap", "one_stride_too_large"),
        ("stride_axes_swapped", "mean_on_overlap"),
        ("row_stride_for_both", "size_is_stride_times_image"),
    ],
    "receptive_field": [
        ("jump_left_out_of_size", "padding_not_multiplied"),
        ("stride_ignored", "dilation_ignored"),
        ("dilation_ignored", "padding_ignored"),
        ("layers_in_reverse", "start_moved_to_the_right"),
        ("size_starts_at_zero", "padding_ignored"),
        ("strides_added", "dilation_ignored"),
    ],
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "both"), [(name, both) for name, pairs in PAIRS.items() for both in pairs], ids=str
)
def test_two_mistakes_together_are_named_as_two(name: str, both: tuple[str, str], seed: int | None) -> None:
    task = find_task(name)
    mistakes = [next(found for found in task.misconceptions if found.name == wanted) for wanted in both]
    report = report_of(name, wrong_answer(task, mistakes), seed)
    assert set(named(report)) == set(both)
    assert report.headline.startswith("Two mistakes together give exactly your answers.")
    assert report.score < report.max_score


# What students really write, in their own code, is recognised.


def loops_with_swapped_strides_and_flipped_kernel(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    rows = (image.shape[0] - dilation[0] * (kernel.shape[0] - 1) - 1) // stride[1] + 1
    columns = (image.shape[1] - dilation[1] * (kernel.shape[1] - 1) - 1) // stride[0] + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            for u in range(kernel.shape[0]):
                for v in range(kernel.shape[1]):
                    pixel = image[i * stride[1] + u * dilation[0], j * stride[0] + v * dilation[1]]
                    out[i, j] += pixel * kernel[-1 - u, -1 - v]
    return out


def starts_without_stride(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    out = np.array(strided_lists(image, kernel, stride, dilation), dtype=float)
    for i, j in np.ndindex(out.shape):
        window = image[i :: dilation[0], j :: dilation[1]][: kernel.shape[0], : kernel.shape[1]]
        out[i, j] = np.sum(window * kernel)
    return out


def sized_by_ceil(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    right = np.array(strided_lists(image, kernel, stride, dilation))
    rows, columns = (
        ceil((n - d * (k - 1) - 1) / s) + 1
        for n, k, s, d in zip(image.shape, kernel.shape, stride, dilation, strict=True)
    )
    out = np.zeros((rows, columns))
    out[: right.shape[0], : right.shape[1]] = right
    return out


def range_to_the_last_start(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    spans = [d * (k - 1) + 1 for k, d in zip(kernel.shape, dilation, strict=True)]
    starts = [range(0, n - span, s) for n, span, s in zip(image.shape, spans, stride, strict=True)]
    right = np.array(strided_lists(image, kernel, stride, dilation))
    return right[: len(starts[0]), : len(starts[1])]


def in_whole_numbers(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    right = np.array(strided_lists(image, kernel, stride, dilation))
    out = np.zeros(right.shape, dtype=int)
    out[...] = right
    return out


def assigned_instead_of_added(image: Any, kernel: Any, stride: Any) -> Any:
    out = np.zeros_like(np.array(transposed_lists(image, kernel, stride)))
    for i, j in np.ndindex(image.shape):
        top, left = i * stride[0], j * stride[1]
        out[top : top + kernel.shape[0], left : left + kernel.shape[1]] = image[i, j] * kernel
    return out


def assigned_tap_by_tap(image: Any, kernel: Any, stride: Any) -> Any:
    out = np.zeros_like(np.array(transposed_lists(image, kernel, stride)))
    for u, v in np.ndindex(kernel.shape):
        rows, columns = (range(n) for n in image.shape)
        for i in rows:
            for j in columns:
                out[i * stride[0] + u, j * stride[1] + v] = image[i, j] * kernel[u, v]
    return out


def slid_without_a_flip(image: Any, kernel: Any, stride: Any) -> Any:
    padded = np.pad(spread(image, stride), [(k - 1, k - 1) for k in kernel.shape])
    return strided_lists(padded, kernel, (1, 1), (1, 1))


def zeros_behind_every_pixel(image: Any, kernel: Any, stride: Any) -> Any:
    longer = np.zeros([n * s for n, s in zip(image.shape, stride, strict=True)])
    longer[:: stride[0], :: stride[1]] = image
    padded = np.pad(longer, [(k - 1, k - 1) for k in kernel.shape])
    return strided_lists(padded, kernel[::-1, ::-1], (1, 1), (1, 1))


def enlarged_by_repeating(image: Any, kernel: Any, stride: Any) -> Any:
    larger = np.kron(image, np.ones(stride, dtype=int))
    padded = np.pad(larger, [(k - 1, k - 1) for k in kernel.shape])
    return strided_lists(padded, kernel[::-1, ::-1], (1, 1), (1, 1))


def slide_formula(size: int, kernel: int, padding: int, stride: int, dilation: int) -> float:
    return (size - kernel + 2 * padding) / stride + 1


def divided_by_a_slash(size: int, kernel: int, padding: int, stride: int, dilation: int) -> float:
    return max(0, (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1)


def stride_first(layers: Any) -> Any:
    size, jump, start = 1, 1, 0
    for kernel, stride, padding, dilation in layers:
        jump *= stride
        size += (kernel - 1) * dilation * jump
        start -= padding * jump
    return size, jump, start


def slide_rule(layers: Any) -> Any:
    _, jump, start = shapes.receptive_field(layers)
    return 1 + sum(dilation * (kernel - 1) for kernel, _, _, dilation in layers), int(jump), int(start)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "answer", "mistakes", "score"),
    [
        ("output_size", slide_formula, ["formula_of_the_slides"], 0),
        ("output_size", divided_by_a_slash, ["floor_missing_even_where_nothing_fits"], 0),
        (
            "correlate2d_strided",
            loops_with_swapped_strides_and_flipped_kernel,
            ["kernel_flipped", "stride_axes_swapped"],
            0,
        ),
        ("correlate2d_strided", starts_without_stride, ["stride_ignored_in_window_start"], 1),
        ("correlate2d_strided", sized_by_ceil, ["output_rounded_up"], 1),
        ("correlate2d_strided", range_to_the_last_start, ["last_start_missed"], 0),
        ("correlate2d_strided", in_whole_numbers, ["truncated_to_integers"], 2),
        ("conv_transpose2d", assigned_instead_of_added, ["overwritten_on_overlap"], 1),
        ("conv_transpose2d", assigned_tap_by_tap, ["only_the_first_copy_on_overlap"], 1),
        ("conv_transpose2d", slid_without_a_flip, ["kernel_flipped"], 0),
        ("conv_transpose2d", zeros_behind_every_pixel, ["zeros_after_the_last_pixel"], 0),
        ("conv_transpose2d", enlarged_by_repeating, ["pixels_repeated"], 0),
        (
            "conv_transpose2d",
            lambda image, kernel, stride: np.kron(image, kernel),
            ["copies_never_overlap"],
            0,
        ),
        ("receptive_field", stride_first, ["jump_updated_too_early"], 1),
        ("receptive_field", slide_rule, ["jump_left_out_of_size"], 1),
    ],
)
def test_what_students_write_is_recognised_and_loses_what_is_fair(
    name: str, answer: Callable[..., Any], mistakes: list[str], score: float, seed: int | None
) -> None:
    report = report_of(name, answer, seed)
    assert sorted(named(report)) == sorted(mistakes)
    assert report.score == score


def test_an_answer_without_dilation_keeps_the_points_for_the_stride() -> None:
    report = report_of("correlate2d_strided", lambda i, k, s, d: strided_lists(i, k, s, (1, 1)))
    assert {group.group.name: group.earned for group in report.groups} == {
        "stride": 1,
        "dilation": 0,
        "both, with decimals": 0,
    }


def test_an_error_where_nothing_fits_costs_one_group_only() -> None:
    def strict(size: int, kernel: int, padding: int, stride: int, dilation: int) -> int:
        return int(shapes.output_size(size, kernel, padding=padding, stride=stride, dilation=dilation))

    report = report_of("output_size", strict)
    assert report.score == 1
    assert "Your function raised ShapeError" in report.to_text()


# The words of a report.


@pytest.mark.parametrize("seed", range(4))
def test_the_sums_written_out_are_the_right_numbers(seed: int) -> None:
    for name in ("correlate2d_strided", "conv_transpose2d"):
        task = find_task(name)
        assert task.explain_entry is not None
        for case in fresh_cases(task, seed):
            right = task.reference(*case.arguments)
            for index in np.ndindex(right.shape):
                work = task.explain_entry(*case.arguments, index).replace("·", "*").replace("−", "-")
                assert eval(work.replace("a sum of nothing", "0")) == pytest.approx(right[index])


@pytest.mark.parametrize("name", ["correlate2d_strided", "conv_transpose2d"])
def test_the_steps_end_in_the_size_of_the_right_answer(name: str) -> None:
    task = find_task(name)
    assert task.explain_shape is not None
    for case in visible_cases(task):
        sizes = [steps[-1].value for _, steps in task.explain_shape(*case.arguments)]
        assert tuple(sizes) == task.reference(*case.arguments).shape


def test_a_ceil_is_answered_with_the_floor_in_the_derivation() -> None:
    text = report_of("correlate2d_strided", sized_by_ceil).to_text()
    assert "positions: floor(" in text and "Round down" in text


def test_the_rule_for_three_numbers_names_them() -> None:
    text = report_of("receptive_field", lambda layers: (1, 1)).to_text()
    assert "Right here is (size, jump, start) = (1, 1, 0)." in text
    text = report_of("output_size", lambda *numbers: 0.5).to_text()
    assert "Your function returned 0.5. Right here is places = " in text


@pytest.mark.parametrize(
    "name", ["output_size", "correlate2d_strided", "conv_transpose2d", "receptive_field"]
)
def test_every_case_is_a_fair_question(name: str) -> None:
    task = find_task(name)
    assert task.fair is not None
    for seed in range(5):
        assert all(task.fair(*case.arguments) for case in fresh_cases(task, seed))
    assert task.hints and len(task.hints) == 3


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("output_size", (0, 1, 0, 1, 1)),
        ("output_size", (3, 1, -1, 1, 1)),
        ("output_size", (3, 1, 0, 0, 1)),
        ("output_size", (3, 1, 0, 1)),
        ("correlate2d_strided", (np.ones((2, 2)), np.ones((2, 2)), (1, 1), (1, 2))),
        ("correlate2d_strided", (np.ones((2, 2)), np.ones((1, 1)), (0, 1), (1, 1))),
        ("correlate2d_strided", (np.ones((2, 2)), np.ones((1, 1)), (1,), (1, 1))),
        ("correlate2d_strided", (np.ones((2, 2)), np.ones((1, 0)), (1, 1), (1, 1))),
        ("correlate2d_strided", (np.ones((2, 2)), np.ones((1, 1)), (1, 1))),
        ("conv_transpose2d", (np.ones((2, 2)), np.ones((1, 1)), (1, 0))),
        ("conv_transpose2d", (np.ones(2), np.ones((1, 1)), (1, 1))),
        ("conv_transpose2d", (np.ones((2, 2)), np.ones((1, 1)))),
        ("receptive_field", ([],)),
        ("receptive_field", ([(3, 1, 1)],)),
        ("receptive_field", ([(3, 0, 1, 1)],)),
        ("receptive_field", ([(3, 1, -1, 1)],)),
    ],
)
def test_what_the_notebook_excludes_is_no_fair_question(name: str, arguments: tuple[Any, ...]) -> None:
    fair = find_task(name).fair
    assert fair is not None and not fair(*arguments)


def test_the_dilation_rates_of_the_lecture_span_three_five_and_nine() -> None:
    size = find_task("output_size").reference
    for rate, span in ((1, 3), (2, 5), (4, 9)):
        assert (size(span, 3, 0, 1, rate), size(span - 1, 3, 0, 1, rate)) == (1, 0)
