"""The tasks of 12_fast_convolution: what they agree with, what they recognise, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit import reference
from coursekit.checks import Report, examine, find_task, fresh_cases, tasks_of, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.registry import optional_tasks_of
from coursekit.checks.tasks.fast_convolution.separate import LONGEST, strongest

STEM = "12_fast_convolution"
SEEDS = [None, 0, 1]


def report_of(name: str, answer: Callable[..., Any], seed: int | None = None) -> Report:
    task = find_task(name)
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    return examine(task, cases, [call(answer, case, task.forbids) for case in cases])


def named(report: Report) -> list[str]:
    return [mistake.name for mistake in report.misconceptions]


# The quick references of the tasks are the course's references.


@pytest.mark.parametrize("seed", SEEDS)
def test_the_answers_of_the_tasks_are_those_of_the_reference(seed: int | None) -> None:
    def columns(image: Any, height: int, width: int) -> Any:
        return reference.im2col(image, (height, width))

    for name, right in (
        ("im2col2d", columns),
        ("correlate_by_product", reference.correlate),
        ("correlate2d_by_kernel", reference.correlate),
    ):
        task = find_task(name)
        for case in visible_cases(task) if seed is None else fresh_cases(task, seed):
            assert_array_equal(task.reference(*case.arguments), right(*case.arguments))


def test_the_examples_of_the_notebook_are_right() -> None:
    image = np.arange(1, 10).reshape(3, 3)
    columns = find_task("im2col2d").reference(image, 2, 2)
    assert_array_equal(columns, [[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]])
    maps = find_task("correlate_by_product").reference(image[None], np.array([[[[1, 0], [0, 2]]]]))
    assert_array_equal(maps, [[[11, 14], [20, 23]]])
    assert_array_equal(np.array([1, 0, 0, 2]) @ columns, maps.ravel())
    column, row = strongest(np.array([[0, 0, 0], [3, 0, -3], [-1, 0, 1]]))
    assert (column.tolist(), row.tolist()) == ([0, 3, -1], [1, 0, -1])


def test_the_numbers_of_the_question_in_words_are_right() -> None:
    columns = reference.im2col(np.zeros((64, 56, 56), np.float32), (3, 3))
    assert columns.shape == (576, 2916) and columns.size == 1_679_616
    assert 64 * columns.size == 107_495_424 and 64 * 56 * 56 == 200_704


# What students really write, in their own code, is recognised.


def windows_as_rows(image: Any, height: int, width: int) -> Any:
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    return np.array(
        [image[i : i + height, j : j + width].ravel() for i in range(rows) for j in range(columns)]
    )


def windows_reshaped(image: Any, height: int, width: int) -> Any:
    return windows_as_rows(image, height, width).reshape(height * width, -1)


def down_before_right(image: Any, height: int, width: int) -> Any:
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    windows = [image[i : i + height, j : j + width].ravel() for j in range(columns) for i in range(rows)]
    return np.transpose(windows)


def in_whole_numbers(image: Any, height: int, width: int) -> Any:
    out = np.zeros((height * width, len(windows_as_rows(image, height, width))), dtype=int)
    out[...] = windows_as_rows(image, height, width).T
    return out


def columns_of(image: Any, kernels: Any) -> Any:
    return np.vstack([windows_as_rows(plane, *kernels.shape[2:]).T for plane in image])


def left_as_it_comes(image: Any, kernels: Any) -> Any:
    return kernels.reshape(len(kernels), -1) @ columns_of(image, kernels)


def flipped_and_left_as_it_comes(image: Any, kernels: Any) -> Any:
    return left_as_it_comes(image, kernels[:, :, ::-1, ::-1])


def kernels_on_the_right(image: Any, kernels: Any) -> Any:
    product = columns_of(image, kernels).T @ kernels.reshape(len(kernels), -1).T
    return product.reshape(len(kernels), image.shape[1] - kernels.shape[2] + 1, -1)


def pixels_with_channels_inside(image: Any, kernels: Any) -> Any:
    planes = [windows_as_rows(plane, *kernels.shape[2:]).T for plane in image]
    mixed = np.stack(planes, axis=1).reshape(-1, planes[0].shape[1])
    product = kernels.reshape(len(kernels), -1) @ mixed
    return product.reshape(len(kernels), image.shape[1] - kernels.shape[2] + 1, -1)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "answer", "mistakes", "score"),
    [
        ("im2col2d", windows_as_rows, ["a_row_for_each_window"], 0),
        ("im2col2d", windows_reshaped, ["rows_reshaped_into_columns"], 0),
        ("im2col2d", down_before_right, ["window_moved_down_first"], 0),
        ("im2col2d", in_whole_numbers, ["truncated_to_integers"], 1),
        ("correlate_by_product", left_as_it_comes, ["maps_still_flat"], 0),
        (
            "correlate_by_product",
            flipped_and_left_as_it_comes,
            ["kernel_flipped", "maps_still_flat"],
            0,
        ),
        ("correlate_by_product", kernels_on_the_right, ["windows_times_kernels_reshaped"], 1),
        ("correlate_by_product", pixels_with_channels_inside, ["channels_side_by_side_in_columns"], 1),
        ("separate", lambda kernel: (kernel[:, 0], kernel[0]), ["corner_counted_twice"], 0),
        ("separate", lambda kernel: np.linalg.svd(kernel)[::2], [], 0),
    ],
)
def test_what_students_write_is_recognised_and_loses_what_is_fair(
    name: str, answer: Callable[..., Any], mistakes: list[str], score: float, seed: int | None
) -> None:
    report = report_of(name, answer, seed)
    assert sorted(named(report)) == sorted(mistakes)
    assert report.score == score


# The words of a report.


@pytest.mark.parametrize("name", ["im2col2d", "correlate_by_product", "correlate2d_by_kernel"])
def test_the_steps_end_in_the_size_of_the_right_answer(name: str) -> None:
    task = find_task(name)
    assert task.explain_shape is not None
    for case in visible_cases(task):
        sizes = [steps[-1].value for _, steps in task.explain_shape(*case.arguments)]
        assert tuple(sizes) == task.reference(*case.arguments).shape


@pytest.mark.parametrize("name", ["correlate_by_product", "correlate2d_by_kernel"])
def test_the_sums_written_out_are_the_right_numbers(name: str) -> None:
    task = find_task(name)
    assert task.explain_entry is not None
    for case in fresh_cases(task, 3)[:9]:
        right = task.reference(*case.arguments)
        for index in np.ndindex(right.shape):
            work = task.explain_entry(*case.arguments, index).replace("·", "*").replace("−", "-")
            assert eval(work) == pytest.approx(right[index])


def test_the_words_for_a_place_in_the_columns_lead_to_its_pixel() -> None:
    task = find_task("im2col2d")
    assert task.explain_entry is not None
    image = np.arange(30).reshape(5, 6)
    right = task.reference(image, 2, 3)
    for index in np.ndindex(right.shape):
        words = task.explain_entry(image, 2, 3, index).split()
        u, v, i, j = (int(words[n].strip(",")) for n in (1, 3, 9, 11))
        assert right[index] == image[i + u, j + v]


def test_a_wrong_pair_is_told_the_first_number_that_it_does_not_make() -> None:
    text = report_of("separate", lambda kernel: (kernel[:, 0], kernel[0])).to_text()
    assert "the corner twice as a factor" in text
    assert "At row 0, column 0 your column times your row is" in text and "the kernel holds" in text


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda kernel: kernel, "Your function must return two things, (column, row)."),
        (lambda kernel: (kernel[:, :1], kernel[0]), "Your column has shape"),
        (lambda kernel: (kernel[:, 0], "row"), "As column or row your function returned"),
        (lambda kernel: (kernel[:, 0] * np.inf, kernel[0]), "was 0 a divisor?"),
        (lambda kernel: (np.ones(10**6), np.ones(10**6)), "Your column has shape"),
    ],
)
def test_what_is_no_pair_is_told_so(answer: Callable[..., Any], sentence: str) -> None:
    report = report_of("separate", answer)
    assert sentence in report.to_text() and report.score == 0


def test_pairs_too_long_to_multiply_are_never_the_same() -> None:
    rule = find_task("separate").rule
    short, long = (np.ones(3), np.ones(2)), (np.ones(LONGEST + 1), np.ones(2))
    assert rule.same(short, ([1, 1, 1], [1, 1])) and not rule.same(long, long)


@pytest.mark.parametrize("name", [task.name for task in (*tasks_of(STEM), *optional_tasks_of(STEM))])
def test_every_case_is_a_fair_question(name: str) -> None:
    task = find_task(name)
    assert task.fair is not None
    for seed in range(5):
        assert all(task.fair(*case.arguments) for case in fresh_cases(task, seed))
    assert len(task.hints) == 3


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("im2col2d", (np.ones((2, 2)), 3, 1)),
        ("im2col2d", (np.ones((2, 2)), 0, 1)),
        ("im2col2d", (np.ones(2), 1, 1)),
        ("im2col2d", (np.ones((2, 2)), 1)),
        ("correlate_by_product", (np.ones((2, 3, 3)), np.ones((1, 1, 2, 2)))),
        ("correlate_by_product", (np.ones((1, 2, 2)), np.ones((1, 1, 3, 2)))),
        ("correlate_by_product", (np.ones((2, 2)), np.ones((1, 1, 1, 1)))),
        ("correlate_by_product", (np.ones((1, 2, 2)),)),
        ("separate", (np.eye(2),)),
        ("separate", (np.zeros((2, 2)),)),
        ("separate", (np.ones(2),)),
        ("separate", ()),
        ("correlate2d_by_kernel", (np.ones((2, 2)), np.ones((1, 1)))),
        ("correlate2d_by_kernel", (np.ones((2, 2), np.float32), np.ones((3, 1), np.float32))),
        ("correlate2d_by_kernel", (np.ones(2, np.float32), np.ones((1, 1), np.float32))),
        ("correlate2d_by_kernel", (np.ones((2, 2), np.float32),)),
    ],
)
def test_what_the_notebook_excludes_is_no_fair_question(name: str, arguments: tuple[Any, ...]) -> None:
    fair = find_task(name).fair
    assert fair is not None and not fair(*arguments)
