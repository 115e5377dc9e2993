"""The kernel for a GPU in 12_fast_convolution: mistakes in its text, and what being optional means."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from math import ceil
from typing import Any

import nbformat
import numpy as np
import pytest

from coursekit.checks import Report, examine, find_task, fresh_cases, tasks_of, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.registry import all_tasks, optional_tasks_of
from coursekit.emulator import KernelError, run_kernel
from tests.conftest import REPOSITORY
from tests.coursekit.checks.right_answers.fast_convolution import NAIVE, TILE, blocks_over, empty_output

STEM = "12_fast_convolution"
SEEDS = [None, 0, 1]


def report_of(name: str, answer: Callable[..., Any], seed: int | None = None) -> Report:
    task = find_task(name)
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    return examine(task, cases, [call(answer, case, task.forbids) for case in cases])


def named(report: Report) -> list[str]:
    return [mistake.name for mistake in report.misconceptions]


GUARD = """    if (i >= rows || j >= columns)
        return;
"""


def by_kernel(text: str, *, rounded_down: bool = False) -> Callable[..., Any]:
    """An answer that runs this text in blocks of 8×8 threads."""
    assert text != NAIVE or rounded_down

    def answer(image: Any, kernel: Any) -> Any:
        output = np.zeros_like(empty_output(image, kernel))
        sizes = image.shape[1], *kernel.shape, *output.shape
        grid = tuple(size // 8 for size in output.shape[::-1]) if rounded_down else blocks_over(output)
        run_kernel(text, [image, kernel, output, *sizes], grid=grid, block=(8, 8))
        return output

    return answer


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("before", "after", "mistakes"),
    [
        ("i * columns + j", "j * rows + i", ["rows_and_columns_mixed_up"]),
        ("total +=", "total =", ["products_overwritten"]),
        ("float total", "int total", ["added_in_an_int"]),
        ("tap = 0", "tap = 1", ["first_tap_skipped"]),
        ("kernel[tap]", "kernel[h * w - 1 - tap]", ["kernel_flipped"]),
        ("* width + j", "* columns + j", ["output_width_for_the_image"]),
    ],
)
def test_a_mistake_in_the_text_of_a_kernel_is_named(
    before: str, after: str, mistakes: list[str], seed: int | None
) -> None:
    report = report_of("correlate2d_by_kernel", by_kernel(NAIVE.replace(before, after)), seed)
    assert named(report) == mistakes


@pytest.mark.parametrize("seed", SEEDS)
def test_a_grid_that_is_rounded_down_is_named(seed: int | None) -> None:
    report = report_of("correlate2d_by_kernel", by_kernel(NAIVE, rounded_down=True), seed)
    assert named(report) == ["blocks_rounded_down"]
    assert [group.passed == group.cases for group in report.groups] == [True, False]


def test_the_call_of_a_failing_case_runs_as_it_stands() -> None:
    overwritten = by_kernel(NAIVE.replace("total +=", "total ="))
    text = report_of("correlate2d_by_kernel", overwritten).to_text()
    (line,) = (line.removeprefix("Try it: ") for line in text.splitlines() if line.startswith("Try it: "))
    assert eval(line, {"np": np, "correlate2d_by_kernel": overwritten}).dtype == np.float32


def test_a_thread_without_a_guard_is_stopped_where_it_leaves_the_array() -> None:
    unguarded = by_kernel(NAIVE.replace(GUARD, ""))
    report = report_of("correlate2d_by_kernel", unguarded)
    assert [group.passed == group.cases for group in report.groups] == [True, False]
    assert "Your function raised KernelError" in report.to_text() and "is outside" in report.to_text()
    with pytest.raises(KernelError, match="is outside"):
        unguarded(np.ones((3, 3), np.float32), np.ones((2, 2), np.float32))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("    __syncthreads();\n", "", "tile[0][1]: a thread reads it, another one"),
        ("place < 100", "place < 64", "is read, but no thread of the block has written it"),
        ("tile[10][10]", "tile[8][8]", "index 8 of tile is outside of its 8"),
        ("i < height && j < width ? image[i * width + j] : 0.0f", "image[i * width + j]", "image has 1 num"),
        ("    __syncthreads();\n", "    if (top < 0 || threadIdx.x) __syncthreads();\n", "by 56 of 64 thr"),
    ],
)
def test_a_mistake_with_a_shared_tile_is_stopped_and_told(before: str, after: str, said: str) -> None:
    text = TILE.replace(before, after)
    assert text != TILE

    def answer(image: Any, kernel: Any) -> Any:
        output = empty_output(image, kernel)
        arguments = [image, kernel, output, *image.shape, *kernel.shape]
        run_kernel(text, arguments, grid=blocks_over(output), block=(8, 8), file="your text")
        return output

    report = report_of("correlate2d_by_kernel", answer)
    assert report.headline.startswith("Your function raised KernelError: your text, line ")
    assert said in report.headline


def test_the_example_of_the_notebook_says_what_the_exercise_promises_without_its_guard() -> None:
    notebook = nbformat.read(REPOSITORY / "exercises" / STEM / f"{STEM}.ipynb", as_version=4)
    (source,) = (cell.source for cell in notebook.cells if cell.id == "gpu-example-code")
    guard = "    if (place < count)\n"
    assert guard in source
    names = {"run_kernel": run_kernel, "np": np, "ceil": ceil}
    exec(source, names)
    with pytest.raises(KernelError, match=r"^your text, line 5: numbers\[20\] is outside.*\(4, 0, 0\)"):
        exec(source.replace(guard, ""), names)


# What is optional says so.


def test_an_optional_task_can_be_checked_and_promises_no_points() -> None:
    (task,) = optional_tasks_of(STEM)
    assert task.optional and task.name in all_tasks() and task not in tasks_of(STEM)
    assert sum(one.points for one in tasks_of(STEM)) == 7

    def unwritten(image: Any, kernel: Any) -> Any:
        raise NotImplementedError

    for report in (report_of(task.name, unwritten), report_of(task.name, lambda image, kernel: image)):
        assert "Optional: no points" in report.to_text()
        assert "of 2 points" not in report.to_text() + report.to_html()


def test_only_this_exercise_has_an_optional_task() -> None:
    assert optional_tasks_of("04_channels") == ()


def test_running_a_kernel_needs_nothing_that_the_jail_hides() -> None:
    program = (
        "import sys, numpy as np; from coursekit.emulator import run_kernel\n"
        "out = np.zeros(3, np.float32)\n"
        "run_kernel('__global__ void one(float *out) { out[threadIdx.x] = 1; }', [out], grid=1, block=3)\n"
        "assert out.tolist() == [1, 1, 1]\n"
        "hidden = ('coursekit.reference', 'coursekit.shapes', 'coursekit.checks', 'coursekit.widgets')\n"
        "print([name for name in sys.modules if name.startswith(hidden)])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
