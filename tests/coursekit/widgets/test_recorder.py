"""The student's own function, recorded: what it did, and what it did wrong."""

from __future__ import annotations

import contextlib
import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.cross_correlation.correlate2d import CORRELATE2D
from coursekit.errors import ParameterError, ShapeError
from coursekit.widgets import SlidingWindow
from coursekit.widgets.conventions_switch.conventions_switch import Conventions
from coursekit.widgets.sliding_window.recorder import Trace, record
from tests.coursekit.checks.right_answers import convolution, cross_correlation
from tests.coursekit.widgets import correlations
from tests.coursekit.widgets.correlations import RIGHT, WRONG, four_loops, windows

RNG = np.random.default_rng(1)
IMAGE = RNG.integers(-9, 9, (6, 7))
KERNEL = RNG.integers(1, 9, (3, 2)) + 0.5
SHAPES = [
    ((6, 7), (3, 2)),
    ((4, 4), (2, 2)),
    ((3, 5), (1, 3)),
    ((5, 3), (3, 1)),
    ((4, 5), (4, 5)),
    ((2, 3), (1, 1)),
]


def named(function: Any) -> str:
    return getattr(function, "__name__", type(function).__name__)


def kinds(trace: Trace) -> list[str]:
    return [finding.id for finding in trace.findings]


def sentence(function: Callable[..., Any], image: Any = IMAGE, kernel: Any = KERNEL) -> str:
    """Return the first finding's sentence."""
    return record(function, image, kernel).findings[0].sentence


# Right functions


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("function", [*RIGHT, *cross_correlation.RIGHT["correlate2d"]], ids=named)
def test_nothing_is_found_in_a_right_function_and_its_result_is_its_own(function, shapes):
    rng = np.random.default_rng(5)
    image, kernel = rng.integers(-9, 9, shapes[0]), rng.normal(size=shapes[1])
    trace = record(function, image, kernel)
    assert trace.findings == ()
    assert not any("other numbers" in note or "to its end" in note for note in trace.notes)
    assert_array_equal(np.asarray(trace.result), np.asarray(function(image, kernel)))
    assert_array_equal(trace.output, np.asarray(function(image, kernel)))


@pytest.mark.parametrize("function", convolution.RIGHT["convolve2d"], ids=named)
def test_a_right_convolution_is_right_where_a_convolution_is_asked_for(function):
    assert record(function, IMAGE, KERNEL, operation="convolution").findings == ()
    assert record(function, IMAGE, np.ones((1, 1)), operation="correlation").findings == ()


@pytest.mark.parametrize("function", RIGHT, ids=named)
def test_every_output_is_written_with_the_value_it_has_in_the_end(function):
    trace = record(function, IMAGE, KERNEL)
    last = {}
    for event in trace.events:
        if event.kind == "write" and event.name == "output":
            last.update(zip(event.cells, event.values, strict=True))
    assert last == dict(enumerate(trace.output.ravel()))


def test_loops_are_recorded_read_by_read_in_the_order_of_their_lines():
    trace = record(four_loops, [[1, 2], [3, 4]], [[5, 6]])
    lines = four_loops.__code__.co_firstlineno
    assert trace.first_line == lines
    assert "total += image[i + u, j + v] * kernel[u, v]" in trace.source
    product = [("read", "image"), ("read", "kernel"), ("multiply", ""), ("add", "")]
    assert [(event.kind, event.name) for event in trace.events] == (2 * product + [("write", "output")]) * 2
    assert [event.line - lines for event in trace.events] == 2 * (8 * [9] + [10])
    assert [event.cells for event in trace.events[:4]] == [[0], [0], [0, 0], []]
    assert [event.values for event in trace.events[4:9]] == [[2], [6], [12], [17], [17]]


def test_a_window_is_taken_and_multiplied_at_once():
    trace = record(windows, [[1, 2], [3, 4]], [[5, 6]])
    assert [event.kind for event in trace.events] == 2 * ["take", "multiply", "add", "write"]
    take, multiply = trace.events[:2]
    assert (take.name, take.cells) == ("image", [0, 1])
    assert (multiply.cells, multiply.values) == ([0, 0, 1, 1], [5, 12])


def test_one_call_for_all_windows_is_said_to_be_one():
    trace = record(cross_correlation.einsum_2d, IMAGE, KERNEL)
    assert "Your function reads all windows in one call of `einsum`" in trace.notes[0]
    assert [event.kind for event in trace.events] == ["call", "write"]


def test_what_a_fourier_transform_does_is_said_to_be_unknown():
    trace = record(cross_correlation.fft_2d, IMAGE, KERNEL)
    assert "`rfft2`" in trace.notes[0]
    assert "unknown" in trace.notes[0]


def in_every_style_of_numbers(image, kernel):
    """Numbers that look and behave as NumPy's own."""
    assert isinstance(image, np.ndarray)
    assert isinstance(image[0, 0] * kernel[0, 0], float)
    assert image.dtype == int
    assert kernel.dtype == float
    assert f"{image[0, 0]:3d}" == f"{int(image[0, 0]):3d}"
    assert np.issubdtype(kernel.dtype, np.floating)
    output = np.zeros((image.shape[0] - len(kernel) + 1, len(image[0]) - kernel.shape[1] + 1), dtype=float)
    total = first = image[0, 0]
    total += 1
    assert first == image[0, 0]
    for i, row in enumerate(output):
        for j in range(len(row)):
            window = copy.deepcopy(image)[i : i + len(kernel), j : j + kernel.shape[1]].astype(np.float64)
            row[j] = sum(float(a) * b.item() for a, b in zip(window.flat, np.ravel(kernel), strict=True))
    return output.tolist()


def test_recorded_numbers_behave_as_numbers_do():
    trace = record(in_every_style_of_numbers, IMAGE, KERNEL)
    assert (trace.error, trace.findings, trace.notes) == ("", (), ())


# Wrong functions


@pytest.mark.parametrize(("function", "expected"), WRONG.items(), ids=[named(function) for function in WRONG])
def test_every_mistake_is_found_and_nothing_else(function, expected):
    trace = record(function, IMAGE, KERNEL)
    assert tuple(kinds(trace)) == expected
    assert all(0 <= finding.event < len(trace.events) for finding in trace.findings)


@pytest.mark.parametrize("function", WRONG, ids=named)
@pytest.mark.parametrize("shapes", SHAPES[:5], ids=str)
def test_a_wrong_result_is_never_without_a_finding(function, shapes):
    rng = np.random.default_rng(6)
    image, kernel = rng.integers(-9, 9, shapes[0]), rng.integers(1, 9, shapes[1]) + 0.25
    trace = record(function, image, kernel)
    right = four_loops(image, kernel)
    is_right = np.shape(trace.result) == right.shape and np.allclose(np.asarray(trace.result, float), right)
    assert trace.findings or is_right


def wrong_loops(misconception: Misconception) -> Callable[..., Any]:
    """Return four loops with a mistake that the exercise knows."""

    def wrong(image, kernel):
        if misconception.before:
            return four_loops(*misconception.before(image, kernel))
        if misconception.after:
            return misconception.after(four_loops(image, kernel), image, kernel)
        return misconception.answer(image, kernel)

    return wrong


NAMES = {
    "zero_padded_same": "window_outside_image",
    "padded_by_half_a_kernel": "window_outside_image",
    "full_mode": "window_outside_image",
    "last_window_missed": "output_shape",
    "zeros_behind": "output_shape",
    "windows_do_not_overlap": "stride_of_rows",
    "mean_instead_of_sum": "sum_scaled",
    "negative_results_lost": "negative_lost",
    "truncated_to_integers": "decimals_cut",
    "truncated_at_every_step": "decimals_cut",
    "input_dtype_kept": "decimals_cut",
    "first_tap_skipped": "tap_never_read",
    "last_tap_skipped": "tap_never_read",
    "kernel_indices_swapped": "raised",
    "output_height_from_width": "raised",
    "output_width_from_height": "output_shape",
    "image_width_from_height": "output_shape",
    "image_height_from_width": "raised",
    "kernel_width_from_height": "raised",
    "kernel_height_from_width": "tap_never_read",
}
"""What a mistake of the exercise is called here, where it is not called the same."""


@pytest.mark.parametrize("misconception", CORRELATE2D.misconceptions, ids=lambda one: one.name)
def test_the_mistakes_that_the_exercise_knows_are_found(misconception):
    found = kinds(record(wrong_loops(misconception), IMAGE, KERNEL))
    assert found[0] == NAMES.get(misconception.name, misconception.name)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (correlations.flipped, "Every output reads the kernel from its last tap to its first: this is"),
        (correlations.first_tap_skipped, "In every output, tap (0, 0) was never read."),
        (correlations.last_row_of_taps_skipped, "In every output, row 2 of the kernel was never read."),
        (correlations.a_tap_twice, "In every output, tap (0, 0) is counted more than once."),
        (correlations.last_column_never_written, "Column 5 of the output was never written."),
        (correlations.zeros_behind, "Rows 4 and 5 and column 6 of the output were never written."),
        (correlations.last_window_missed, "6 − 3 + 1 = 4 rows, 7 − 2 + 1 = 6 columns"),
        (correlations.edges_skipped, "In rows 4 and 5 and column 6 of the output, the window hangs over"),
        (correlations.sum_not_reset, "In every output but (0, 0), the sum goes on from another output"),
        (correlations.equals_instead_of_plus, "every tap but (2, 1) was multiplied, but is not in the sum"),
        (correlations.written_too_early, "output (0, 1) holds that of (0, 0)"),
        (correlations.negative_indices, "A negative index counts from the other end."),
        (correlations.turned_kernel, "It asks for `kernel[0, 2]`; the kernel has 3 × 2 values."),
        (correlations.nothing_returned, "The function returned None, not an array of numbers."),
        (correlations.divided_at_the_end, "In every output, the sum is divided by 6"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_one_mistake_is_one_sentence_that_names_it(function, words):
    assert words in sentence(function)


def test_a_correlation_is_a_mistake_where_a_convolution_is_asked_for():
    trace = record(four_loops, IMAGE, KERNEL, operation="convolution")
    assert kinds(trace) == ["kernel_not_flipped"]
    assert "cross-correlation" in trace.findings[0].sentence


def test_a_mistake_that_the_numbers_hide_is_found_nevertheless():
    trace = record(correlations.flipped, np.ones((4, 4)), np.ones((2, 2)))
    assert_array_equal(trace.result, four_loops(np.ones((4, 4)), np.ones((2, 2))))
    assert kinds(trace) == ["kernel_flipped"]


def stride_and_dilation(image, kernel, stride, dilation):
    height, width = (n - dilation * (k - 1) for n, k in zip(image.shape, kernel.shape, strict=True))
    return [
        [
            (image[i:, j:][::dilation, ::dilation][: len(kernel), : kernel.shape[1]] * kernel).sum()
            for j in range(0, width, stride)
        ]
        for i in range(0, height, stride)
    ]


def test_parameters_are_handed_on_by_name_and_judged_by():
    assert record(stride_and_dilation, IMAGE, KERNEL, stride=2, dilation=2).findings == ()

    def ignores(image, kernel, stride):
        return four_loops(image, kernel)

    assert kinds(record(ignores, IMAGE, KERNEL, stride=2)) == ["stride_of_rows", "stride_of_columns"]


def test_a_function_that_does_not_take_the_parameters_is_not_judged_by_them():
    with pytest.raises(ParameterError, match=r"the function must take stride \(2\) by name; it does not"):
        record(four_loops, IMAGE, KERNEL, stride=2)


def padded(image, kernel, padding):
    return four_loops(np.pad(image, padding), kernel)


def test_padding_is_right_where_it_is_asked_for():
    assert record(padded, IMAGE, KERNEL, padding=1).findings == ()


# Errors


def stops_in_the_middle(image, kernel):
    output = np.zeros((2, 2))
    output[0, 0] = image[0, 0] * kernel[0, 0]
    output[0, 1] = image[0, 9] * kernel[0, 0]
    return output


def test_what_was_done_before_an_error_is_kept():
    trace = record(stops_in_the_middle, [[1, 2], [3, 4]], [[5]])
    assert trace.error == "IndexError: index 9 is out of bounds for axis 1 with size 2"
    assert trace.events[-1].kind == "raise"
    assert trace.events[-1].line == stops_in_the_middle.__code__.co_firstlineno + 3
    assert_array_equal(trace.output, [[5, 0], [0, 0]])
    assert kinds(trace)[0] == "raised"
    assert trace.result is None


def only_when_recorded(image, kernel):
    if type(image) is not np.ndarray:
        raise RuntimeError("I want a real array")
    return four_loops(image, kernel)


def other_numbers_when_recorded(image, kernel):
    return four_loops(image, kernel) + (type(image) is not np.ndarray)


def test_it_is_said_when_recording_changes_what_a_function_does():
    trace = record(only_when_recorded, IMAGE, KERNEL)
    assert "cannot be followed to its end" in trace.notes[0]
    assert trace.findings == ()
    assert_array_equal(trace.result, four_loops(IMAGE, KERNEL))
    assert "returned other numbers" in record(other_numbers_when_recorded, IMAGE, KERNEL).notes[0]


# Limits, and what must not change


def endless(image, kernel):
    while True:
        with contextlib.suppress(Exception):
            image[0, 0] * kernel[0, 0]
        if type(image) is np.ndarray:
            return image


def enormous(image, kernel):
    return np.zeros((3_000, 3_000))


def test_a_function_that_never_ends_or_fills_the_memory_is_ended():
    with pytest.raises(ParameterError, match="200000 events"):
        record(endless, [[1, 2]], [[1]])
    with pytest.raises(ParameterError, match="200000 events"):
        record(enormous, [[1, 2]], [[1]])
    assert endless.__globals__["np"] is np


@pytest.mark.parametrize(
    ("arguments", "error", "rule"),
    [
        ((np.ones((17, 16)), KERNEL), ParameterError, "image must have at most 256 pixels to be recorded"),
        ((np.ones((2, 2)), np.ones((3, 3))), ShapeError, "must fit"),
        ((np.ones(3), np.ones(2)), ShapeError, "image must have 2 axes"),
    ],
)
def test_what_cannot_be_recorded_is_refused(arguments, error, rule):
    with pytest.raises(error, match=rule):
        record(four_loops, *arguments)


def test_a_convention_that_does_not_exist_is_refused():
    with pytest.raises(ParameterError, match="operation must be 'correlation' or 'convolution'; got 'both'"):
        record(four_loops, IMAGE, KERNEL, operation="both")
    with pytest.raises(ParameterError, match="function must be callable; got 3"):
        record(3, IMAGE, KERNEL)


@pytest.mark.parametrize("function", [four_loops, stops_in_the_middle, correlations.into_the_image])
def test_afterwards_the_function_meets_numpy_again_and_its_arrays_are_as_they_were(function):
    image, kernel = IMAGE.copy(), KERNEL.copy()
    before = dict(function.__globals__)
    record(function, image, kernel)
    after = function.__globals__
    assert list(before) == list(after)
    assert all(before[name] is after[name] for name in before)
    assert_array_equal(image, IMAGE)
    assert_array_equal(kernel, KERNEL)


COUNT: Counter[str] = Counter()


def counts_its_calls(image, kernel):
    COUNT["calls"] += 1
    print("one line")
    return four_loops(image, kernel)


def test_a_function_is_called_twice_and_prints_once(capsys):
    COUNT.clear()
    record(counts_its_calls, IMAGE, KERNEL)
    assert COUNT == {"calls": 2}
    assert capsys.readouterr().out == "one line\n"


def test_numpy_that_an_outer_function_imported_is_recorded_too():
    def outer():
        import numpy

        def inner(image, kernel):
            output = numpy.zeros([n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True)])
            for i, j in numpy.ndindex(output.shape):
                output[i, j] = (image[i : i + len(kernel), j : j + kernel.shape[1]] * kernel[::-1]).sum()
            return output

        return inner

    assert kinds(record(outer(), IMAGE, KERNEL)) == ["kernel_rows_flipped"]


def test_the_largest_case_is_recorded_within_the_limit():
    trace = record(four_loops, np.ones((16, 16)), np.ones((8, 8)))
    assert len(trace.events) == 81 * (4 * 64 + 1)
    assert trace.findings == ()


# As the engine of the demo


def test_the_demo_is_sent_what_its_engine_did():
    widget = SlidingWindow(IMAGE, KERNEL, engine=correlations.flipped)
    assert (widget.tracing, widget.step) == (True, 0)
    assert kinds(widget.trace) == ["kernel_flipped"]
    sent = widget.get_state("recorded")["recorded"]
    assert sent["source"][0].startswith("def flipped(")
    table = np.frombuffer(sent["table"], "<i4").reshape(-1, 6)
    assert len(table) == len(widget.trace.events)
    assert [sent["kinds"][row[0]] for row in table] == [event.kind for event in widget.trace.events]
    assert "this is convolution" in widget.describe()


def test_without_an_engine_nothing_is_recorded():
    widget = SlidingWindow(IMAGE, KERNEL)
    assert (widget.trace, widget.tracing) == (None, False)
    assert not widget.get_state("recorded")["recorded"]


def test_a_change_of_numbers_or_conventions_is_recorded_anew():
    conventions = Conventions()
    widget = SlidingWindow(IMAGE, KERNEL, engine=four_loops, conventions=conventions)
    widget.step = 9
    widget.kernel = KERNEL + 1
    assert widget.step == 0
    assert_array_equal(widget.trace.output, four_loops(IMAGE, KERNEL + 1))
    conventions.operation = "convolution"
    assert kinds(widget.trace) == ["kernel_not_flipped"]


def test_a_change_that_cannot_be_recorded_is_said_in_the_demo():
    widget = SlidingWindow(IMAGE, KERNEL, engine=four_loops)
    widget.image = np.ones((30, 30))
    assert widget.trace is None
    assert "image must have at most 256 pixels" in widget.recorded["refused"]
    widget.image = IMAGE
    assert widget.trace.findings == ()


def test_a_demo_with_an_engine_that_cannot_be_recorded_is_not_made():
    with pytest.raises(ParameterError, match="function must be callable; got 'four_loops'"):
        SlidingWindow(IMAGE, KERNEL, engine="four_loops")
    with pytest.raises(ShapeError, match="image must have 2 axes"):
        SlidingWindow(np.ones((2, 3, 3)), np.ones((2, 2, 2)), engine=four_loops)


def test_a_tap_of_zero_that_is_skipped_is_found_all_the_same():
    trace = record(correlations.first_tap_skipped, np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2))
    assert_array_equal(trace.result, four_loops(trace.image, trace.kernel))
    assert [finding.sentence for finding in trace.findings] == ["In every output, tap (0, 0) was never read."]


def test_zeros_that_were_looked_at_may_be_left_out():
    image, kernel = np.diag([1, 2, 0, 3]), np.array([[0, 1], [2, 0]])
    assert record(correlations.zeros_left_out, image, kernel).findings == ()
    # In the one window there is, the tap beside a pixel of 0 is not even read.
    assert record(correlations.zeros_left_out, np.array([[3, 0]]), np.array([[2, 5]])).findings == ()
