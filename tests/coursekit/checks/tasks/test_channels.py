"""The tasks of exercise 4: what is special about channels, kernels, biases and the order of axes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.testing import assert_array_equal

from coursekit.checks import Report, Task, examine, find_task, fresh_cases, tasks_of, visible_cases
from coursekit.checks.calling import call

IMAGE = np.array([[[2, 1, 0], [3, 1, 2]], [[0, 1, 1], [1, 2, 0]]])
KERNELS = np.array([[[[1, 0], [0, 1]], [[2, 1], [0, -1]]], [[[0, 1], [1, 0]], [[1, 0], [0, 1]]]])
BIAS = np.array([4, -1])

each_task = pytest.mark.parametrize("task", tasks_of("04_channels"), ids=lambda task: task.name)


def report_on(name: str, function: Callable[..., Any], seed: int | None = None) -> Report:
    task = find_task(name)
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    return examine(task, cases, [call(function, case, task.forbids) for case in cases])


def named(report: Report) -> set[str]:
    return {mistake.name for mistake in report.misconceptions}


def questions(name: str, seed: int | None = None) -> list[Any]:
    """The arguments of a task's cases."""
    task = find_task(name)
    return [case.arguments for case in (visible_cases(task) if seed is None else fresh_cases(task, seed))]


def maps(image: Any, kernel: Any) -> Any:
    """The layer without its bias: (F, rows, columns)."""
    return np.einsum("cijuv,fcuv->fij", sliding_window_view(image, kernel.shape[2:], axis=(1, 2)), kernel)


def by_definition(image: Any, kernel: Any, bias: Any) -> Any:
    filters, channels, height, width = kernel.shape
    out = np.zeros((filters, image.shape[1] - height + 1, image.shape[2] - width + 1))
    for f, i, j in np.ndindex(out.shape):
        out[f, i, j] = bias[f]
        for c, m, n in product(range(channels), range(height), range(width)):
            out[f, i, j] += image[c, i + m, j + n] * kernel[f, c, m, n]
    return out


@pytest.mark.parametrize("seed", range(3))
def test_the_references_agree_with_the_definition(seed: int) -> None:
    for arguments in questions("correlate_channels", seed):
        layer = find_task("correlate_channels").reference(*arguments)
        assert_array_equal(layer, by_definition(*arguments))
    for image, kernel, bias, row, column in questions("one_number", seed):
        number = find_task("one_number").reference(image, kernel, bias, row, column)
        assert number == by_definition(image, kernel[None], [bias])[0, row, column]
    for image, weight, bias in questions("conv1x1", seed):
        mixed = find_task("conv1x1").reference(image, weight, bias)
        assert_array_equal(mixed, by_definition(image, weight[:, :, None, None], bias))
    for image, kernels in questions("depthwise", seed):
        apart = [
            by_definition(plane[None], taps[None, None], [0])[0]
            for plane, taps in zip(image, kernels, strict=True)
        ]
        assert_array_equal(find_task("depthwise").reference(image, kernels), apart)


def test_the_example_of_the_notebook_is_right() -> None:
    assert_array_equal(find_task("correlate_channels").reference(IMAGE, KERNELS, BIAS), [[[6, 10]], [[5, 1]]])
    assert [find_task("one_number").reference(IMAGE, KERNELS[0], 4, 0, j) for j in (0, 1)] == [6, 10]


@pytest.mark.parametrize("seed", range(5))
def test_the_cases_of_the_layer_leave_no_mistake_room_to_hide(seed: int) -> None:
    cases = questions("correlate_channels", seed)
    shapes = [(kernel.shape, image.shape, bias.dtype.kind) for image, kernel, bias in cases]
    assert any(f == 1 and c > 1 for (f, c, *_), *_ in shapes)
    assert any(f > 1 and c == 1 for (f, c, *_), *_ in shapes)
    assert any(f > 1 and f < c for (f, c, *_), *_ in shapes) and any(f > c > 1 for (f, c, *_), *_ in shapes)
    assert any(h != w for (_, _, h, w), *_ in shapes) and any(h != w for _, (_, h, w), _ in shapes)
    for image, kernel, bias in cases:
        assert len(set(bias.tolist())) == len(bias) and np.all(bias != 0)
        assert np.all(kernel != 0) and np.all(image != 0)
    assert any(
        image.dtype.kind == kernel.dtype.kind == "i" and bias.dtype.kind == "f"
        for image, kernel, bias in cases
    )


def one_number_centred_without_bias(image: Any, kernel: Any, bias: Any, row: int, column: int) -> Any:
    top, left = row - kernel.shape[1] // 2, column - kernel.shape[2] // 2
    if min(top, left) < 0:
        raise IndexError("outside")
    return np.sum(image[:, top:, left:][:, : kernel.shape[1], : kernel.shape[2]] * kernel)


def flipped_with_first_bias(image: Any, kernel: Any, bias: Any) -> Any:
    return maps(image, kernel[:, :, ::-1, ::-1]) + bias[0]


def averaged_relu(image: Any, kernel: Any, bias: Any) -> Any:
    return np.maximum(maps(image, kernel) / len(image) + bias[:, None, None], 0)


def mixed_into_maps_last_without_bias(image: Any, weight: Any, bias: Any) -> Any:
    return np.tensordot(image, weight, axes=(0, 1))


def depthwise_summed_and_flipped(image: Any, kernels: Any) -> Any:
    return maps(image, kernels[None, :, ::-1, ::-1])[0]


def to_columns_first_image_only(batch: Any) -> Any:
    return batch[0].swapaxes(0, 2)


@pytest.mark.parametrize("seed", [None, 1, 2])
@pytest.mark.parametrize(
    ("name", "answer", "mistakes"),
    [
        ("one_number", one_number_centred_without_bias, {"window_centred", "bias_left_out"}),
        ("correlate_channels", flipped_with_first_bias, {"kernel_flipped", "one_bias_for_all"}),
        ("correlate_channels", averaged_relu, {"mean_over_channels", "negative_results_lost"}),
        ("conv1x1", mixed_into_maps_last_without_bias, {"maps_last", "bias_left_out"}),
        ("depthwise", depthwise_summed_and_flipped, {"channels_summed", "kernel_flipped"}),
        ("to_channels_first", to_columns_first_image_only, {"rows_and_columns_swapped", "only_first_image"}),
    ],
)
def test_two_mistakes_together_are_named_as_two(
    name: str, answer: Callable[..., Any], mistakes: set[str], seed: int | None
) -> None:
    report = report_on(name, answer, seed)
    assert named(report) == mistakes
    assert report.headline.startswith("Two mistakes together give exactly your answers.")
    assert report.score == 0


def bias_as_it_is(image: Any, kernel: Any, bias: Any) -> Any:
    return maps(image, kernel) + bias


def bias_in_the_inner_loop(image: Any, kernel: Any, bias: Any) -> Any:
    windows = sliding_window_view(image, kernel.shape[2:], axis=(1, 2))
    products = np.einsum("cijuv,fcuv->fijcuv", windows, kernel) + bias[:, None, None, None, None, None]
    return products.sum(axis=(3, 4, 5))


def bias_in_the_loop_over_channels(image: Any, kernel: Any, bias: Any) -> Any:
    return sum(maps(image[c : c + 1], kernel[:, c : c + 1]) + bias[:, None, None] for c in range(len(image)))


def every_channel_overwrites(image: Any, kernel: Any, bias: Any) -> Any:
    for c in range(len(image)):
        out = maps(image[c : c + 1], kernel[:, c : c + 1])
    return out + bias[:, None, None]


def kernel_axes_in_the_wrong_order(image: Any, kernel: Any, bias: Any) -> Any:
    out = bias[:, None, None] + np.zeros_like(maps(image, kernel))
    for f in range(kernel.shape[0]):
        for c in range(kernel.shape[1]):
            out[f] += maps(image[c : c + 1], kernel[c, f][None, None])[0]
    return out


def one_map_a_channel(image: Any, kernel: Any, bias: Any) -> Any:
    return [maps(image, kernel[c : c + 1])[0] + bias[c] for c in range(len(image))]


def all_kernels_at_once(image: Any, kernel: Any, bias: Any) -> Any:
    out = np.zeros_like(maps(image, kernel), dtype=float)
    height, width = kernel.shape[2:]
    for f, i, j in np.ndindex(out.shape):
        out[f, i, j] = np.sum(image[:, i : i + height, j : j + width] * kernel) + bias[f]
    return out


def integers_like_the_image(image: Any, kernel: Any, bias: Any) -> Any:
    out = np.zeros(maps(image, kernel).shape, dtype=image.dtype)
    out[...] = by_definition(image, kernel, bias)
    return out


@pytest.mark.parametrize("seed", [None, *range(4)])
@pytest.mark.parametrize(
    ("answer", "mistake", "score"),
    [
        (bias_as_it_is, "bias_along_columns", 1),  # one kernel has one bias, which goes everywhere
        (bias_in_the_inner_loop, "bias_added_at_every_product", 0),
        (bias_in_the_loop_over_channels, "bias_added_per_channel", 0),
        (every_channel_overwrites, "channels_overwritten", 0),
        (kernel_axes_in_the_wrong_order, "filter_and_channel_swapped", 0),
        (one_map_a_channel, "as_many_maps_as_channels", 0),
        (all_kernels_at_once, "kernels_summed", 1),
        (integers_like_the_image, "input_dtype_kept", 2),
    ],
)
def test_a_layer_as_students_get_it_wrong_is_recognised(
    answer: Callable[..., Any], mistake: str, score: float, seed: int | None
) -> None:
    report = report_on("correlate_channels", answer, seed)
    assert named(report) == {mistake}
    assert report.score == score


def weights_at_images(image: Any, weight: Any, bias: Any) -> Any:
    return weight @ image + bias[:, None, None]


def weights_from_the_right(image: Any, weight: Any, bias: Any) -> Any:
    return image.transpose(1, 2, 0) @ weight.T + bias


def turned(image: Any, kernels: Any) -> Any:
    return [
        maps(plane[None], taps[None, None])[0] for plane, taps in zip(image, np.flip(kernels), strict=True)
    ]


def as_one_kernel(image: Any, kernels: Any) -> Any:
    return maps(image, kernels[None])[0]


def reshape(batch: Any) -> Any:
    count, height, width, channels = batch.shape
    return np.reshape(batch, (count, channels, height, width))


@pytest.mark.parametrize("seed", [None, *range(4)])
@pytest.mark.parametrize(
    ("name", "answer", "mistake"),
    [
        ("conv1x1", weights_at_images, "rows_mixed"),
        ("conv1x1", weights_from_the_right, "maps_last"),
        ("depthwise", turned, "kernel_flipped_in_channels_too"),
        ("depthwise", as_one_kernel, "channels_summed"),
        ("to_channels_first", reshape, "reshaped"),
        ("to_channels_first", np.transpose, "all_axes_reversed"),
        ("to_channels_first", lambda batch: np.rollaxis(batch, 3), "channels_before_images"),
    ],
)
def test_its_relatives_as_students_get_them_wrong_are_recognised(
    name: str, answer: Callable[..., Any], mistake: str, seed: int | None
) -> None:
    report = report_on(name, answer, seed)
    assert named(report) == {mistake}
    assert report.score == 0


@each_task
def test_a_right_answer_that_changes_its_input_is_told_so(task: Task) -> None:
    def answer(*arguments: Any) -> Any:
        out = np.array(task.reference(*arguments))
        arguments[0][...] += 1
        return out

    report = report_on(task.name, answer)
    assert report.score == 0
    assert f"changed its input `{task.parameters[0]}`" in report.headline


def rows_by_numpy(image: Any, kernels: Any) -> Any:
    """Correlate row by row with `numpy.correlate`."""
    rows = image.shape[1] - kernels.shape[1] + 1
    return [
        [
            sum(np.correlate(plane[i + u], taps[u], "valid") for u in range(kernels.shape[1]))
            for i in range(rows)
        ]
        for plane, taps in zip(image, kernels, strict=True)
    ]


def test_a_call_of_the_routine_itself_earns_nothing() -> None:
    report = report_on("depthwise", rows_by_numpy)
    assert report.score == 0
    assert "`numpy.correlate`" in report.headline
    assert "numpy.correlate" in find_task("correlate_channels").forbids
    assert "torch" in find_task("conv1x1").forbids


def test_a_wrong_number_is_explained_channel_by_channel_with_its_bias() -> None:
    explain = find_task("correlate_channels").explain_entry
    assert explain is not None
    first = explain(IMAGE, KERNELS, BIAS, (0, 0, 0))
    assert first == "(2·1 + 1·0 + 3·0 + 1·1) + (0·2 + 1·1 + 1·0 + 2·(−1)) + 4 (bias)"
    assert explain(IMAGE[:, :1], KERNELS[:, :, :1, :1], BIAS, (1, 0, 2)) == "0·0 + 1·1 + (−1) (bias)"
    large = explain(np.ones((3, 5, 5)), np.ones((2, 3, 5, 5)), BIAS, (0, 0, 0))
    assert large == "25 (channel 0) + 25 (channel 1) + 25 (channel 2) + 4 (bias)"


def test_a_wrong_number_of_the_relatives_is_explained_by_its_own_sum() -> None:
    def explained(name: str, *arguments: Any) -> str:
        explain = find_task(name).explain_entry
        assert explain is not None
        return explain(*arguments)

    assert explained("one_number", IMAGE, KERNELS[0, :, :1], 4, 1, 1, ()) == (
        "(1·1 + 2·0) + (2·2 + 0·1) + 4 (bias)"
    )
    assert explained("conv1x1", IMAGE, np.array([[3, -1]]), np.array([1]), (0, 0, 0)) == (
        "2·3 + 0·(−1) + 1 (bias)"
    )
    assert explained("depthwise", IMAGE, KERNELS[0, :, :1], (1, 0, 1)) == "1·2 + 1·1"
    assert explained("to_channels_first", np.ones((2, 3, 4, 5)), (1, 4, 2, 3)) == "batch[1, 2, 3, 4]"


def test_the_number_of_maps_is_derived_from_the_number_of_kernels() -> None:
    explain = find_task("correlate_channels").explain_shape
    assert explain is not None
    axes = explain(np.ones((3, 6, 5)), np.ones((4, 3, 2, 2)), np.ones(4))
    assert [(axis, steps[-1].value) for axis, steps in axes] == [("maps", 4), ("rows", 5), ("columns", 4)]
    assert axes[0][1][0].text == "kernel.shape[0]"


@each_task
def test_only_questions_within_the_contract_are_fair(task: Task) -> None:
    if task.fair is None:
        assert task.name == "to_channels_first"  # any array of four axes may be asked
        return
    for arguments in questions(task.name):
        assert task.fair(*arguments)
    image, *rest = questions(task.name)[-1]
    assert not task.fair(image[:-1], *rest)
    assert not task.fair(np.zeros((len(image) + 1, 9, 9)), *rest)


def test_a_window_outside_the_image_and_a_missing_bias_are_no_fair_questions() -> None:
    one, layer = find_task("one_number").fair, find_task("correlate_channels").fair
    assert one is not None and layer is not None
    kernel = KERNELS[0]
    assert one(IMAGE, kernel, 1, 0, 1)
    assert not one(IMAGE, kernel, 1, 1, 0) and not one(IMAGE, kernel, 1, 0, 2)
    assert not one(IMAGE, kernel, 1, -1, 0) and not one(IMAGE, kernel, 1, 0, -1)
    assert layer(IMAGE, KERNELS, BIAS)
    assert not layer(IMAGE, KERNELS, BIAS[:1]) and not layer(IMAGE[:, :1], KERNELS, BIAS)


@each_task
def test_tasks_that_are_no_one_liner_have_three_hints(task: Task) -> None:
    assert len(task.hints) == (0 if task.name == "to_channels_first" else 3)
