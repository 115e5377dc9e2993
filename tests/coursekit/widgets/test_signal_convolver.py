"""The signal convolver's state in Python: what it takes, keeps, computes and refuses."""

from __future__ import annotations

import base64
import io
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coursekit.data import scan_line
from coursekit.errors import ParameterError, ShapeError
from coursekit.reference import convolve, correlate, toeplitz
from coursekit.widgets import Conventions
from coursekit.widgets.signal_convolver.examples import EXAMPLES
from coursekit.widgets.signal_convolver.signal_convolver import SignalConvolver
from coursekit.widgets.signal_convolver.state import LONGEST, kept_range

SIGNAL, KERNEL = [1, 4, 2, 3, 5, 0, 2, 1], [1, 0, -1]
OPERATIONS = {"correlation": correlate, "convolution": convolve}


def make(*arguments, operation="correlation", **parameters) -> SignalConvolver:
    """A demo with conventions of its own: the shared ones stay as they are."""
    return SignalConvolver(*arguments, conventions=Conventions(operation=operation), **parameters)


def test_a_box_convolved_with_a_box_is_the_triangle_of_the_textbook():
    demo = make(example="boxes", operation="convolution")
    assert_allclose(demo.output.max(), 1)  # both have width 1 and height 1
    rise = demo.output[20:40]
    assert_allclose(np.diff(rise), demo.dt)  # a straight line of slope 1


def test_a_box_convolved_with_an_exponential_charges_and_discharges():
    demo = make(example="decay", operation="convolution")
    time = np.arange(demo.output.size) * demo.dt
    charging = (time > 1) & (time < 2.9)
    assert_allclose(demo.output[charging], 1 - np.exp(-(time[charging] - 1 + demo.dt)), atol=0.002)
    discharging = (time > 3.1) & (time < 3.9)
    falling = demo.output[discharging]
    assert_allclose(falling[1:] / falling[:-1], np.exp(-demo.dt), atol=0.002)


@pytest.mark.parametrize("operation", ["correlation", "convolution"])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("sizes", [(8, 3), (7, 4), (5, 5), (6, 1), (1, 1)])
def test_output_matrix_and_kept_positions_are_the_references(operation, mode, sizes):
    rng = np.random.default_rng(3)
    signal, kernel = (rng.integers(-9, 10, size) for size in sizes)
    demo = make(signal, kernel, mode, operation=operation)
    expected = OPERATIONS[operation](signal, kernel, mode=mode)
    assert_array_equal(demo.output, expected)
    assert demo.output.dtype == np.int64
    assert_array_equal(demo.toeplitz, toeplitz(kernel, signal.size, mode=mode, flip=demo.flipped))
    assert_array_equal(demo.toeplitz @ demo.signal, expected)
    first, after = kept_range(signal.size, kernel.size, mode)
    for position in range(first, after):
        demo.position = position
        assert demo.products.sum() == expected[position - first]


@pytest.mark.parametrize("operation", ["correlation", "convolution"])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_a_continuous_output_is_dt_times_the_sum(operation, mode):
    rng = np.random.default_rng(5)
    signal, kernel = rng.normal(size=30), rng.normal(size=8)
    demo = make(signal, kernel, mode, continuous=True, dt=0.1, operation=operation)
    expected = 0.1 * OPERATIONS[operation](signal, kernel, mode=mode)
    assert_allclose(demo.output, expected, rtol=1e-12)
    assert_allclose(demo.toeplitz @ signal, expected, rtol=1e-10, atol=1e-12)


def test_same_keeps_the_length_even_where_the_kernel_is_longer_than_the_signal():
    demo = make([1, 2], [1, 10, 100, 1000], "same", operation="convolution")
    assert_array_equal(demo.output, convolve([1, 2], [1, 10, 100, 1000], mode="same"))
    assert kept_range(2, 4, "same") == (1, 3)


def test_t_is_where_the_kernels_number_0_stands():
    for operation, expected in [("correlation", 2), ("convolution", 4)]:
        demo = make(SIGNAL, KERNEL, position=4, operation=operation)
        assert demo.time == expected
        under = np.flatnonzero(demo.taps == KERNEL[0])[0] + demo.position - len(KERNEL) + 1
        assert under == demo.time
    assert make(SIGNAL, KERNEL, position=4, continuous=True, dt=0.5, operation="convolution").time == 2.0


def test_the_flip_is_the_shared_convention():
    demo = make(SIGNAL, [1, 2, 4])
    assert_array_equal(demo.taps, [1, 2, 4])
    demo.conventions.operation = "convolution"
    assert_array_equal(demo.taps, [4, 2, 1])
    assert_array_equal(demo.output, np.convolve(SIGNAL, [1, 2, 4]))
    assert SignalConvolver().conventions is SignalConvolver().conventions


def test_without_arguments_it_opens_with_an_example():
    demo = SignalConvolver()
    assert demo.signal.tolist() == list(EXAMPLES["numbers"].signal)
    assert demo.signal.dtype == np.int64
    assert [example["name"] for example in demo._examples] == list(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_opens_at_a_position_that_its_mode_keeps(name):
    example, demo = EXAMPLES[name], SignalConvolver(example=name)
    assert (demo.mode, demo.continuous, demo.dt) == (example.mode, example.continuous, example.dt)
    first, after = kept_range(demo.signal.size, demo.kernel.size, demo.mode)
    assert first <= demo.position < after
    assert demo.products.any()
    assert example.about.endswith(".")


def test_a_lecturers_own_signals_stand_first_among_the_examples():
    demo = make(scan_line(), [0.2] * 5)
    assert [example["name"] for example in demo._examples] == ["own", *EXAMPLES]
    assert demo._examples[0]["signal"] == scan_line().tolist()
    assert demo.speed > 16  # a long signal is swept faster


def test_an_example_can_be_opened_in_another_mode():
    demo = SignalConvolver(example="average", mode="valid")
    assert demo.mode == "valid"
    first, after = kept_range(demo.signal.size, demo.kernel.size, "valid")
    assert demo.position == (first + after) // 2


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"signal": [[1, 2]], "kernel": [1]}, ShapeError, r"signal must have 1 axis .*; got shape \(1, 2\)"),
        ({"signal": [1], "kernel": []}, ShapeError, r"kernel must have 1 axis .* at least one value"),
        ({"signal": [1], "kernel": [np.nan]}, ParameterError, r"kernel must hold numbers that are finite"),
        ({"signal": [1, 2]}, ParameterError, r"kernel must be given too"),
        ({"kernel": [1, 2]}, ParameterError, r"signal must be given too"),
        ({"signal": np.ones(LONGEST + 1), "kernel": [1]}, ShapeError, r"at most 4096 samples; got 4097"),
        ({"signal": [1], "kernel": [1], "mode": "half"}, ParameterError, r"mode must be .*; got 'half'"),
        ({"signal": [1, 2], "kernel": [1, 2, 3], "mode": "valid"}, ShapeError, r"got 3 taps and 2 samples"),
        ({"signal": [1], "kernel": [1], "position": -1}, ParameterError, r"position must be .* >= 0; got -1"),
        ({"position": 1.5}, ParameterError, r"position must be an integer >= 0; got 1.5"),
        ({"dt": 0}, ParameterError, r"dt must be a finite number > 0; got 0"),
        ({"dt": "1"}, ParameterError, r"dt must be a finite number > 0; got '1'"),
        ({"example": "ramp"}, ParameterError, r"example must be one of 'numbers', .*; got 'ramp'"),
        ({"signal": [1], "kernel": [1], "example": "echo"}, ParameterError, r"example must be left out"),
        ({"stride": 2}, ParameterError, r"SignalConvolver has no parameter 'stride'"),
    ],
)
def test_what_does_not_go_is_refused_with_name_rule_and_value(arguments, error, message):
    with pytest.raises(error, match=message):
        SignalConvolver(**arguments)


def test_a_later_change_never_raises_but_the_output_says_why_there_is_none():
    demo = make(SIGNAL, KERNEL, "valid")
    demo.kernel = np.ones(12)
    with pytest.raises(ShapeError, match="got 12 taps and 8 samples"):
        _ = demo.output
    assert demo._repr_mimebundle_()[0]["image/png"]
    demo.mode = "same"
    assert demo.output.shape == (8,)


def test_the_position_stays_inside_whatever_changes():
    demo = make(SIGNAL, KERNEL, position=99)
    assert demo.position == 9
    demo.signal = [1, 2]
    assert demo.position == 3
    demo.kernel = [1]
    assert demo.position == 1
    with pytest.raises(ParameterError, match="position must be an integer >= 0; got -2"):
        demo.position = -2


def test_the_arrays_are_copies_that_cannot_be_written():
    signal = np.arange(4.0)
    demo = make(signal, [1])
    signal[0] = 9
    assert demo.signal[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        demo.signal[0] = 1


def test_an_edited_stem_comes_back_from_the_browser_as_it_was_sent():
    demo = make(SIGNAL, KERNEL)
    edited = np.array([1.0, 4, 2, 3, -7, 0, 2, 1])
    message = {"shape": [8], "whole": True, "data": memoryview(edited.tobytes())}
    demo.set_state({"signal": message})
    assert demo.signal.dtype == np.int64
    assert_array_equal(demo.signal, edited)


@pytest.mark.parametrize(
    ("operation", "words", "result"),
    [
        ("correlation", "the kernel is not flipped", "At t = 2: 2×1 + 3×0 + 5×(−1) = −3."),
        ("convolution", "the kernel is flipped", "At t = 4: 2×(−1) + 3×0 + 5×1 = 3."),
    ],
)
def test_its_words_name_the_convention_and_write_the_sum_out(operation, words, result):
    html = make(SIGNAL, KERNEL, position=4, operation=operation)._repr_mimebundle_()[0]["text/html"]
    assert words in html
    assert result in html


def test_the_words_of_a_long_or_a_continuous_pair_stay_short():
    long = make(np.ones(100), np.ones(30), position=60).describe()
    assert "1×1 + 1×1 + 1×1 + 1×1 + … + 1×1 + 1×1 = 30." in long
    area = make(np.ones(100), np.ones(30), position=60, continuous=True, dt=0.1).describe()
    assert area.endswith("the area under the products is 0.1 × 30 = 3.")


def pixels(demo: SignalConvolver) -> np.ndarray:
    """Return the picture of a demo, of shape (H, W, 4)."""
    from matplotlib.image import imread

    return imread(io.BytesIO(base64.b64decode(demo._repr_mimebundle_()[0]["image/png"])))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_picture_follows_position_flip_and_mode(name):
    demo = make(example=name)
    before = pixels(demo)
    assert before.shape == (450, 800, 4)
    demo.position += 2
    assert not np.array_equal(before, pixels(demo))
    before = pixels(demo)
    demo.mode = "full" if demo.mode != "full" else "same"
    assert not np.array_equal(before, pixels(demo))


def test_outputs_that_are_not_reached_yet_are_not_in_the_picture():
    demo = make(SIGNAL, KERNEL, position=0)
    right = pixels(demo)[320:410, 450:]  # the output right of its first stems: no stem yet
    demo.growing = False
    assert (pixels(demo)[320:410, 450:] < 0.5).sum() > (right < 0.5).sum()


def test_while_work_is_graded_it_draws_without_the_reference():
    script = (
        "import sys; sys.modules['coursekit.reference'] = None\n"
        "from coursekit.widgets.signal_convolver.signal_convolver import SignalConvolver\n"
        "print(len(SignalConvolver()._repr_mimebundle_()[0]['image/png']) > 1000)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "True", ran.stderr
