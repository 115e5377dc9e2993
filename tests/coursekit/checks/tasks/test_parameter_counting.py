"""The tasks of 08_parameter_counting: what they agree with, what they recognise, and what they say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coursekit import my_network
from coursekit.checks import Report, Verdict, examine, find_task, fresh_cases, visible_cases
from coursekit.checks.calling import call, call_with_hidden
from coursekit.checks.mistakes import wrong_answer
from coursekit.checks.smaller import with_smaller_failure
from coursekit.checks.tasks.parameter_counting.connections import count_connections
from coursekit.checks.tasks.parameter_counting.count_parameters import count_parameters
from coursekit.checks.tasks.parameter_counting.find_layer import is_fair
from coursekit.checks.tasks.parameter_counting.layer_faults import fault
from coursekit.checks.tasks.parameter_counting.layer_search import find_layer
from coursekit.checks.tasks.parameter_counting.networks import network
from coursekit.checks.tasks.parameter_counting.notation import course_layers, fits
from coursekit.checks.tasks.parameter_counting.questions import QUESTIONS, number_of
from coursekit.checks.tasks.parameter_counting.slips import SLIPS
from coursekit.errors import ParameterError
from coursekit.personal import DRAWN, network_number
from coursekit.shapes import count_connections as shapes_connections
from coursekit.shapes import count_parameters as shapes_parameters
from coursekit.shapes import output_size
from coursekit.shapes.layers import stages

TASKS = ("count_parameters", "count_connections", "my_numbers", "find_layer")
NOTEBOOK = Path(__file__).resolve().parents[4] / "exercises/08_parameter_counting/08_parameter_counting.ipynb"
IDS = [f"u{number:04}" for number in range(300)]
NETWORKS = prod(map(len, DRAWN))


def report_of(name: str, answer: Callable[..., Any], seed: int | None = None, student: str = "ada") -> Report:
    task = find_task(name)
    cases = visible_cases(task, student) if seed is None else fresh_cases(task, seed, student)
    return examine(task, cases, [call(answer, case) for case in cases])


def report_of_mistakes(name: str, *mistakes: str, seed: int | None = None) -> Report:
    task = find_task(name)
    found = [mistake for mistake in task.misconceptions if mistake.name in mistakes]
    assert len(found) == len(mistakes)
    wrong = wrong_answer(task, found)
    cases = visible_cases(task, "ada") if seed is None else fresh_cases(task, seed, "ada")
    return examine(task, cases, [call_with_hidden(wrong, case) for case in cases])


# What the numbers agree with


@pytest.mark.parametrize("plan", ["c", "p", "d", "cc", "crp", "cpc", "crpd", "crpcrpdrd"])
@pytest.mark.parametrize("seed", range(8))
def test_both_counts_agree_with_those_of_the_course(plan: str, seed: int) -> None:
    shape, layers = network(np.random.default_rng(seed), plan, (3, 40, 37))
    described, _ = course_layers(layers)
    assert fits(shape, layers)
    assert count_parameters(layers) == shapes_parameters(described, shape)
    assert count_connections(shape, layers) == shapes_connections(described, shape)
    for number, steps in (
        (count_parameters(layers), count_parameters(layers).steps()),
        (count_connections(shape, layers), count_connections(shape, layers).steps()),
    ):
        assert sum(map(int, re.findall(r"= (\d+)", steps))) == number


def test_the_example_of_the_lecture_documents_with_and_without_biases() -> None:
    def layers(bias: bool) -> list[Any]:
        return [
            ("convolution", (6, 3, 5, 5), 1, 0, bias),
            ("convolution", (16, 6, 5, 5), 1, 0, bias),
        ]

    assert (count_parameters(layers(False)), count_parameters(layers(True))) == (2850, 2872)
    assert count_parameters(layers(True)[:1]) == 456


def test_a_dense_layer_that_comes_after_another_is_not_flattened_again() -> None:
    layers = [("dense", (4, 6), True), ("relu",), ("dense", (2, 4), False)]
    assert fits((1, 2, 3), layers)
    assert count_connections((1, 2, 3), layers) == 24 + 8
    assert not fits((1, 2, 3), layers[2:]) and not fits((1, 2, 3), [])
    assert not fits((2, 2, 3), [("convolution", (1, 3, 1, 1), 1, 0, True)])
    assert not fits((2, 2, 3), [("pooling", (3, 1), 1)])


# One's own network


def test_a_network_depends_on_the_id_alone_without_blanks_around_it() -> None:
    assert my_network("ada") == my_network("  ada\n") != my_network("Ada")
    program = "from coursekit import my_network; print(my_network('ada'))"
    other_hashes = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": "7"},
        cwd=NOTEBOOK.parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert other_hashes.stdout.strip() == str(my_network("ada"))


@pytest.mark.parametrize("student", ["0", "学生", "a" * 5000, "\ud800", "x\x00y", "2024/0001"])
def test_every_id_has_a_network(student: str) -> None:
    shape, layers = my_network(student)
    assert fits(shape, layers)


@pytest.mark.parametrize("student", ["", "  ", None, 7, b"ada"])
def test_what_is_no_id_is_refused(student: object) -> None:
    with pytest.raises(ParameterError, match="student must be your id"):
        my_network(student)  # type: ignore[arg-type]


def test_students_have_different_networks() -> None:
    assert len({str(my_network(student)) for student in IDS}) > 0.97 * len(IDS)


def test_the_module_with_the_networks_knows_no_answers() -> None:
    program = (
        "import sys; from coursekit import my_network; my_network('ada'); "
        "print([name for name in sys.modules if name.startswith('coursekit.')])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = re.findall(r"'(coursekit\.\w+)", run.stdout)
    assert set(loaded) == {"coursekit.errors", "coursekit.personal"}


def answers(number: int) -> dict[str, tuple[int, ...]]:
    """Return the eight right numbers, and the eight that each slip gives, for the network of this number."""
    shape, layers = network_number(number)
    right = [number_of(question, shape, layers) for question in QUESTIONS]
    found = {"right": tuple(right)}
    for slip in SLIPS:
        assert slip.after is not None
        pairs = zip(right, QUESTIONS, strict=True)
        found[slip.name] = tuple(slip.after(value, question, shape, layers) for value, question in pairs)
    return found


@pytest.mark.parametrize("part", range(8))
def test_in_every_network_each_slip_gives_other_numbers_than_all_others(part: int) -> None:
    """One in 37 of all networks; all were tried when they were chosen."""
    for number in range(part, NETWORKS, 37 * 8):
        found = answers(number)
        assert len(set(found.values())) == len(found), network_number(number)


def test_the_layers_of_every_network_fit_together() -> None:
    for number in range(0, NETWORKS, 41):
        shape, layers = network_number(number)
        assert fits(shape, layers)
        described, _ = course_layers(layers)
        *_, last = stages(described, shape)
        assert last.output_shape == layers[-1][1][:1]
        assert shape[1] != shape[2]


def test_the_right_numbers_agree_with_the_course() -> None:
    for student in IDS[:60]:
        shape, layers = my_network(student)
        described, _ = course_layers(layers)
        first, _, pooling, second, *_ = stages(described, shape)
        larger = (shape[0], 2 * shape[1], 2 * shape[2])
        assert [number_of(question, shape, layers) for question in QUESTIONS] == [
            shapes_parameters(described[:1], shape),
            shapes_parameters([second.layer], second.input_shape),
            shapes_parameters(described[-1:], (layers[-1][1][1],)),
            shapes_parameters(described, shape),
            shapes_parameters(described[:1], larger),
            first.output_shape[1],
            prod(pooling.output_shape),
            shapes_connections([second.layer], second.input_shape),
        ]


def test_my_numbers_asks_the_questions_of_the_notebook() -> None:
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    table = next("".join(cell["source"]) for cell in cells if cell["id"] == "my-numbers-steps")
    template = next("".join(cell["source"]) for cell in cells if cell["id"] == "my-numbers-task")
    for text in (table, template):
        assert [question for question in re.findall(r'"(.*?)"', text) if question in QUESTIONS] == [
            *QUESTIONS
        ]


def test_the_numbers_of_somebody_else_earn_nothing_and_the_right_ones_are_not_told() -> None:
    shape, layers = my_network("grace")
    report = report_of("my_numbers", lambda question: number_of(question, shape, layers))
    assert report.score == 0 and report.verdict is Verdict.WRONG
    assert "is not the one of your network" in report.to_text()
    mine = my_network("ada")
    for text in (report.to_text(), re.sub(r"<[^>]*>", " ", report.to_html())):
        assert not {str(number_of(question, *mine)) for question in QUESTIONS} & set(re.findall(r"\d+", text))


def test_one_wrong_number_among_eight_is_diagnosed() -> None:
    shape, layers = my_network("ada")

    def answer(question: str) -> int:
        right = number_of(question, shape, layers)
        return 4 * right if question.endswith("twice as high and wide") else right

    report = report_of("my_numbers", answer)
    assert [mistake.name for mistake in report.misconceptions] == ["image_size_multiplied_in"]
    assert report.score == 1


# Two mistakes together


PAIRS = [
    ("count_parameters", "bias_of_convolutions_forgotten", "bias_of_dense_layers_forgotten"),
    ("count_parameters", "channels_forgotten", "pooling_counted_as_weights"),
    ("count_parameters", "kernel_squared_from_height", "bias_of_convolutions_forgotten"),
    ("count_parameters", "padding_counted_as_weights", "bias_per_input_of_a_dense_layer"),
    ("count_connections", "stride_ignored", "pooling_left_out"),
    ("count_connections", "kernel_axes_swapped", "biases_counted"),
    ("count_connections", "padding_ignored", "channels_forgotten"),
    ("my_numbers", "bias_of_the_first_convolution_forgotten", "bias_of_the_dense_layer_forgotten"),
    ("my_numbers", "only_kernels_are_trainable", "parameters_instead_of_connections"),
    ("my_numbers", "ceil_instead_of_floor", "image_size_multiplied_in"),
    ("find_layer", "bias_forgotten", "padding_before_stride"),
]


@pytest.mark.parametrize("seed", [None, 1, 2])
@pytest.mark.parametrize(("name", "one", "other"), PAIRS)
def test_two_mistakes_are_named_as_two(name: str, one: str, other: str, seed: int | None) -> None:
    report = report_of_mistakes(name, one, other, seed=seed)
    assert sorted(mistake.name for mistake in report.misconceptions) == sorted((one, other))
    assert "Two mistakes together" in report.headline


# Wrong answers that must lose points


def padded_products(image_shape: Any, layers: Any) -> int:
    """Count multiply-accumulates, as many tools do under the name of connections."""
    described, _ = course_layers(layers)
    return sum(
        prod(s.output_shape) * prod(s.layer.kernel_size)
        for s in stages(described, image_shape)
        if hasattr(s.layer, "kernels")
    )


FAMOUS: dict[str, tuple[Callable[..., Any], ...]] = {
    "count_parameters": (
        lambda layers: 2850,
        lambda layers: sum(prod(layer[1]) for layer in layers if len(layer) > 1),
        lambda layers: str(int(count_parameters(layers))),
        lambda layers: count_parameters(layers) + 0.5,
        lambda layers: np.nan,
        lambda layers: [count_parameters([layer]) for layer in layers],
        lambda layers: layers.clear(),
    ),
    "count_connections": (
        padded_products,
        lambda image_shape, layers: prod(image_shape),
        lambda image_shape, layers: -count_connections(image_shape, layers),
        lambda image_shape, layers: (count_connections(image_shape, layers), 0),
    ),
    "my_numbers": (
        lambda question: 456,
        lambda question: np.inf,
        lambda question: True,
        lambda question: {"": 1}[question],
        lambda question: np.arange(8),
    ),
    "find_layer": (
        lambda image_shape, output_shape, most_parameters: (1, 1, 0),
        lambda image_shape, output_shape, most_parameters: (3, 2, 1),
        lambda image_shape, output_shape, most_parameters: (np.inf, 1, np.nan),
        lambda image_shape, output_shape, most_parameters: (10**15, 1, 0),
        lambda image_shape, output_shape, most_parameters: (-3, -1, -1),
        lambda image_shape, output_shape, most_parameters: (2.5, 1, 0),
        lambda image_shape, output_shape, most_parameters: (),
        lambda image_shape, output_shape, most_parameters: None,
    ),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, wrong in FAMOUS.items() for answer in wrong]
)
@pytest.mark.parametrize("seed", [None, 1])
def test_a_famous_wrong_answer_earns_nothing(name: str, answer: Callable[..., Any], seed: int | None) -> None:
    report = report_of(name, answer, seed)
    assert report.score == 0
    assert report.to_text() and report.to_html()


# What the reports say


def test_a_wrong_count_comes_with_the_sum_behind_the_right_one() -> None:
    text = report_of_mistakes("count_parameters", "channels_forgotten").to_text()
    assert "Right here is parameters = 14. It comes from layers[0]: 2 * (3 * 2 * 1 + 1) = 14." in text
    assert "a kernel is taken to have one channel" in text


def test_a_smaller_case_keeps_the_sum() -> None:
    report = report_of("count_connections", lambda image_shape, layers: 1000)

    def ask(case: Any) -> Any:
        return call(lambda image_shape, layers: 1000, case)

    smaller = with_smaller_failure(report, ask)
    assert smaller.made_smaller is not None
    assert "It comes from layers[0]: " in smaller.to_text()


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((5, 2, 1), None),
        ((5.0, 2.0, 1.0), None),
        ((6, 2, 1), "A kernel of 6 needs 4 · (3 · 6 · 6 + 1) = 436 parameters; at most 330 are allowed."),
        (
            (4, 2, 1),
            (
                "Your kernel of 4 is not the largest: one of 5 needs 4 · (3 · 5 · 5 + 1) = 304 parameters, "
                "and 330 are allowed."
            ),
        ),
        (
            (5, 2, 0),
            (
                "With kernel 5, stride 2 and padding 0, 20 rows become floor((20 + 2 · 0 − 5) / 2) + 1 = "
                "floor(15 / 2) + 1 = 8; they should become 9."
            ),
        ),
        (
            (5, 2, 2),
            (
                "With kernel 5, stride 2 and padding 2, 20 rows become floor((20 + 2 · 2 − 5) / 2) + 1 = "
                "floor(19 / 2) + 1 = 10; they should become 9."
            ),
        ),
        (
            (5, 0, 1),
            (
                "Your layer has kernel 5, stride 0, padding 1. The kernel and the stride are at least 1, "
                "and the padding is from 0 to kernel − 1."
            ),
        ),
        ((5, 2), "Return three whole numbers: (kernel, stride, padding)."),
        ((5, 2.5, 1), "Return three whole numbers: (kernel, stride, padding)."),
    ],
)
def test_the_fault_of_a_layer_is_derived_from_its_numbers(numbers: tuple[float, ...], sentence: str) -> None:
    right = find_layer((3, 20, 31), (4, 9, 15), 330)
    assert tuple(right) == (5, 2, 1)
    assert fault(right, np.asarray(numbers)) == sentence


def test_a_kernel_that_does_not_fit_is_a_fault_of_its_own() -> None:
    right = find_layer((1, 1, 4), (1, 2, 5), 5)
    assert tuple(right) == (2, 1, 1)
    assert fault(right, np.asarray((2, 1, 0))) == "A kernel of 2 does not fit into 1 + 2 · 0 = 1 rows."


@pytest.mark.parametrize("seed", range(20))
def test_every_layer_to_find_has_an_answer_that_does_the_job(seed: int) -> None:
    for case in fresh_cases(find_task("find_layer"), seed):
        image_shape, output_shape, _ = case.arguments
        kernel, stride, padding = find_layer(*case.arguments)  # type: ignore[arg-type]
        for size, wanted in zip(image_shape[1:], output_shape[1:], strict=True):  # type: ignore[index]
            assert output_size(size, kernel, stride=stride, padding=padding) == wanted
        assert is_fair(*case.arguments)  # type: ignore[arg-type]


def test_a_question_without_an_answer_is_not_fair() -> None:
    assert not is_fair((1, 3, 3), (1, 9, 9), 5)
    assert not is_fair((0, 3, 3), (1, 3, 3), 5)
    assert not is_fair((1, 3, 3), (1, 3, 3), 1)


@pytest.mark.parametrize("name", TASKS)
def test_there_are_three_hints_and_none_is_a_line_of_code(name: str) -> None:
    hints = find_task(name).hints
    assert len(hints) == 3
    assert not any("def " in hint or "return " in hint or "//" in hint for hint in hints)
