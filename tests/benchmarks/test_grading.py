"""The benchmarks of the grader: the class they make, what they count and say, and each of them in small."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import measured
from benchmarks.grading import growth, otter, report, scaling, watching
from benchmarks.grading import main as grading
from benchmarks.grading.course import REPOSITORY, graded_by_us, scores
from benchmarks.grading.measure import (
    FIGURES,
    NO_FIGURES,
    STOCK,
    Difference,
    Measured,
    Row,
    Size,
    differences,
)
from benchmarks.grading.mistakes import SLIPS, Slip, with_slip
from benchmarks.grading.students import STEMS, Student, block, solution_answers, students
from coursekit.checks import examine, find_task, fresh_cases
from coursekit.checks.calling import call

STEM = "03_cross_correlation"
EVERY_SLIP = [
    pytest.param(stem, slip, id=slip.name) for stem in STEMS for made in SLIPS[stem] for slip in made
]


def test_every_exercise_has_its_students() -> None:
    assert sorted(path.name for path in (REPOSITORY / "exercises").iterdir()) == list(STEMS)
    for stem in STEMS:
        kinds = [student.kind for student in block(stem)]
        assert kinds.count("honest class") == 10
        assert kinds.count("solution") == 3
        assert kinds.count("misconceptions put in") == 2
        assert len({student.name for student in block(stem)}) == len(kinds)


def test_no_two_files_of_a_class_are_the_same_and_all_blocks_hold_the_same_students() -> None:
    twice = students(STEM, 2)
    assert len({text for _, text in twice.values()}) == len(twice)
    assert [name[:-2] for name in twice if name.endswith("-0")] == [
        name[:-2] for name in twice if name.endswith("-1")
    ]


@pytest.mark.parametrize(("stem", "slip"), EVERY_SLIP)
def test_a_slip_is_the_misconception_that_it_says(stem: str, slip: Slip) -> None:
    answers = dict(solution_answers(stem))
    answers[f"{slip.task}-answer"] = with_slip(answers[f"{slip.task}-answer"], slip)
    names: dict[str, Any] = {"np": np}
    for grade_id, answer in answers.items():
        if grade_id.startswith((slip.task, "pad2d", "same_padding", "convolve_at")):
            exec(answer, names)
    task = find_task(slip.task)
    cases = fresh_cases(task, 5)
    found = examine(task, cases, [call(names[slip.task], case, task.forbids) for case in cases])
    assert found.score < task.points
    assert slip.name in [mistake.name for mistake in found.misconceptions]


def test_a_slip_that_fits_no_solution_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the solution of pad2d must hold 'gone' for some_name to go in"):
        with_slip("return 1", Slip("pad2d", "some_name", "gone", "here"))


def test_processor_time_counts_what_a_command_leaves_behind(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    leaves = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {busy!r}])"
    took = measured.run(tmp_path, [sys.executable, "-c", leaves])
    assert took.cpu > 0.5
    assert took.peak > 1


def test_a_command_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such class')"]
    with pytest.raises(measured.CommandFailed, match="no such class"):
        measured.run(tmp_path, command)
    assert measured.run(tmp_path, command, may_fail=True).status == 1


def row(grader: str, wall: float, submissions: int = 100, few_wall: float = 10.0) -> Row:
    return Row(STEM, grader, submissions, wall, 2 * wall, 1, few_wall, 2 * few_wall, 100.0, (0.1, 0.2, 0.9))


def a_measurement(ours: float) -> Measured:
    parts = {part: {"wall": 10.0, "cpu": 1.0, "calls": 1.0} for part in ("cells", "gradebook")}
    profile = {"stem": STEM, "submissions": 3, "wall": 20.0, "jailed_cpu": 9.0, "fork_server_cpu": 1.0}
    rows = [row(STOCK, 300.0, few_wall=6.0), row(FIGURES, ours), row(NO_FIGURES, 3.0, few_wall=1.0)]
    sharing = {"resident": 80.0, "own": 20.0}
    profiles = {figures: profile | {"parts": parts, "sharing": sharing} for figures in ("feedback", "none")}
    memory = {"parent": {"resident": 100.0, "own": 60.0}, "submission": {"resident": 80.0, "own": 20.0}}
    wrong = Difference(STEM, "loops-1", "correlate1d-check", 1.0, 2.0, known=False)
    known = Difference(STEM, "loops-1", "correlate2d-check", 4.0, 0.0, known=True)
    return Measured(
        Size(), {"honest class": 3}, rows, [wrong, known], 9, [], 0, "pip: no network", profiles, memory
    )


def test_a_row_parts_the_start_from_what_a_submission_takes() -> None:
    one = row(STOCK, 208.0)
    assert one.each == pytest.approx(2.08)
    assert one.slope == pytest.approx(2.0)
    assert one.start == pytest.approx(8.0)


@pytest.mark.parametrize(("ours", "told"), [(15.0, "20.0; target at least 20: met"), (15.2, "MISSED")])
def test_the_verdict_is_that_of_whole_commands(ours: float, told: str) -> None:
    written = report.text(a_measurement(ours))
    (line,) = [line for line in written.splitlines() if "target at least 20" in line]
    assert told in line


def test_the_report_names_what_differs_and_what_is_missing() -> None:
    written = report.text(a_measurement(15.0))
    assert "9 graded cells compared with stock nbgrader's: 1 DIFFER." in written
    assert "loops-1 correlate1d-check: ours 1.0, theirs 2.0" in written
    assert "Not counted: 1 where stock nbgrader is wrong" in written
    assert "otter-grader is missing: pip: no network" in written
    assert "80 MiB resident, of which 20 MiB are its own; the other 75% are shared" in written
    assert len(report.draw(a_measurement(15.0)).axes) == 2


def test_points_are_compared_cell_by_cell_with_those_of_the_first_copy() -> None:
    student = Student("loops", "honest class", dict, {"b-check": None})
    everybody = {f"loops-{number}": (student, "") for number in range(2)}
    ours = {(name, cell): 1.0 for name in everybody for cell in ("a-check", "b-check", "c-check")}
    theirs = {("loops-0", "a-check"): 1.0, ("loops-0", "b-check"): None, ("loops-0", "c-check"): 0.0}
    found = [(one.student, one.cell, one.known) for one in differences(STEM, everybody, ours, theirs)]
    assert found == [
        ("loops-0", "b-check", True),
        ("loops-0", "c-check", False),
        ("loops-1", "b-check", True),
        ("loops-1", "c-check", False),
    ]


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1, 100), (0.001, 1)])
def test_a_quantile_is_a_value_that_was_measured(share: float, value: int) -> None:
    assert report.quantile(list(range(100, 0, -1)), share) == value


def took(wall: float, peak: float = 100.0) -> measured.Took:
    return measured.Took(wall, wall, peak)


def test_growth_states_what_a_million_costs_from_the_slope() -> None:
    sizes = (10, 100, 1_000, 10_000)
    grown = [
        growth.Grown(
            size, took(5 + 0.036 * size), took(2), took(1), took(size) if size < 5000 else None, 1000 * size
        )
        for size in sizes
    ]
    written = growth.text(grown, growth.Resumed(1000, 41.0, 10.0))
    assert "5.0 s at the start, then 36.0 ms a submission" in written
    assert "10.0 hours with two workers" in written
    assert "1000 bytes a submission" in written
    assert "the grader, MiB at most 100.00; budget 300: met" in written
    assert "The run for the other 100 took 10.0 s, 24% of that" in written
    assert len(growth.draw(grown).axes) == 2


def test_feedback_of_ten_thousand_is_left_out_where_it_would_take_long() -> None:
    thousand = growth.Grown(1_000, took(5), took(2), took(1), took(24), 1000)
    assert growth._pages_seconds(thousand, 10_000) == pytest.approx(growth.MOST_SECONDS)
    without = growth.Grown(1_000, took(5), took(2), took(1), None, 1000)
    assert growth._pages_seconds(without, 10_000) > growth.MOST_SECONDS


def test_growth_needs_two_sizes_for_a_slope() -> None:
    with pytest.raises(ValueError, match="--max must be at least 100, for a slope; got 50"):
        growth.main(50)


def test_efficiency_leaves_the_start_out() -> None:
    found = [
        scaling.Measured(way, workers, 102, [10 + 20 / workers], [10.0], [1.0])
        for way in (scaling.LOCAL, scaling.CLUSTER)
        for workers in scaling.COUNTS
    ]
    assert scaling.efficiency(found, scaling.LOCAL) == pytest.approx(1.0)
    assert "local: efficiency of two workers 1.00; target at least 0.85: met" in scaling.text(found)
    assert len(scaling.draw(found).axes) == 1


def test_waiting_is_told_by_its_quantiles() -> None:
    found = [
        watching.Waited("one after the other", (0.5,) * 18 + (1.5, 3.0)),
        watching.Waited("at once", (4.0,)),
    ]
    written = watching.text(found)
    assert "one after the other, p95 1.50; budget 2: met" in written
    assert len(watching.draw(found).axes) == 1


@pytest.mark.sandbox
@pytest.mark.timeout(900)
def test_two_submissions_get_the_same_points_from_stock_nbgrader_and_from_us(tmp_path: Path) -> None:
    results = grading(Size(blocks=1, most=2, stems=(STEM,), few=2, otter=False))
    (found,) = results.measurements
    assert found["compared"] == 20
    assert found["differences"] == []
    assert {one["grader"]: one["submissions"] for one in found["rows"]} == {
        STOCK: 2,
        FIGURES: 2,
        NO_FIGURES: 2,
    }
    assert {"parent", "foreman", "worker", "fork server", "all"} <= found["memory"].keys()
    for profile in found["profiles"].values():
        assert profile["graded"] == profile["submissions"] == 2
        assert all(part["wall"] > 0 for part in profile["parts"].values())
        assert sum(part["wall"] for part in profile["parts"].values()) == pytest.approx(
            profile["wall"], rel=0.05
        )
        assert 0 < profile["sharing"]["own"] < profile["sharing"]["resident"]
    paths = results.write(tmp_path)
    assert [path.name for path in paths] == ["grading.json", "grading.md", "grading.png"]
    assert "20 graded cells compared with stock nbgrader's: the same." in paths[1].read_text()


@pytest.mark.sandbox
@pytest.mark.timeout(600)
def test_the_small_course_of_growth_gives_points_to_the_right_and_none_to_the_flipped(tmp_path: Path) -> None:
    root = growth.lay_out(tmp_path / "course", range(2))
    growth._grade(root, 1)
    assert scores(root) == {
        ("s000000", "correlate1d-check"): 0.0,
        ("s000001", "correlate1d-check"): 2.0,
    }


@pytest.mark.sandbox
@pytest.mark.timeout(600)
def test_a_cluster_of_the_benchmark_grades(tmp_path: Path) -> None:
    (tmp_path / "cluster").mkdir()
    texts = {name: text for name, (_, text) in students(STEM, 1, 1).items()}
    with scaling.dask_cluster(tmp_path / "cluster", 1) as address:
        graded_by_us(tmp_path / "course", STEM, texts, "--scheduler", address)
    assert sum(points or 0.0 for points in scores(tmp_path / "course").values()) == 11


@pytest.mark.sandbox
@pytest.mark.timeout(600)
def test_feedback_comes_for_what_arrives() -> None:
    results = watching.main(alone=1, burst=1, bursts=1)
    assert [len(one["seconds"]) for one in results.measurements] == [1, 1]
    assert all(
        0 < second < watching.PATIENCE_SECONDS for one in results.measurements for second in one["seconds"]
    )


@pytest.mark.timeout(600)
def test_otter_grader_gives_the_same_points(tmp_path: Path) -> None:
    if not (otter.folder() / "installed").exists():
        pytest.skip("otter-grader is not in the cache; `python -m benchmarks grading` installs it")
    texts = {name: text for name, (_, text) in students(STEM, 1, 2).items()}
    _, given = otter.graded_by_otter(tmp_path / "otter", STEM, texts, seed=7)
    graded = {name: sum(given[name, cell] or 0.0 for who, cell in given if who == name) for name in texts}
    assert graded == {"right-0-0": 11.0, "brightest_spot-0": 8.0}
