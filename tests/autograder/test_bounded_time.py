"""Files and texts that would keep a worker busy: the time that they take grows no faster than they do.

Where each took hours, a limit on processor time of a child process tells; the honest twin takes milliseconds.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable

import pytest

from autograder.advice import INSTALLING, hint, why_not_defined
from autograder.run import OUTPUT_CELLS, run_notebook
from autograder.sandbox.trusted.jail import Jail
from autograder.sandbox.trusted.session import MAX_OUTPUTS
from autograder.submission import InvalidSubmission, StudentCell, make_code_short, parse_submission, repair
from autograder.submission.mending import holds_more_parts
from autograder.submission.reading import MAX_CELLS, MOST_PARTS
from tests.autograder.conftest import AssignmentNotebook, answered, cells_of

SECONDS = 15  # of processor time, where at most two are needed


def quotes_without_end() -> None:
    with pytest.raises(InvalidSubmission, match="not JSON"):
        parse_submission(b'{"cells": ["' + b'\\"' * 900_000)


def empty_lines_in_a_cell() -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": "error"}
    assert hint("print(1)" + "\n" * 1_000_000, [printed]) == ""


def blanks_that_are_just_too_short() -> None:
    from nbformat.v4 import new_code_cell, new_notebook

    notebook = new_notebook(cells=[new_code_cell((" " * 119 + "x") * 30_000) for _ in range(40)])
    make_code_short(notebook, new_notebook())
    assert len(notebook.cells[0].source) < 20_000


def millions_of_names_that_are_nearly_right() -> None:
    from nbformat.v4 import new_code_cell

    lines = "\n".join(f"def corelate2d{number}(" for number in range(100_000))
    assert why_not_defined("correlate2d", [new_code_cell(lines)] * 40, []) == ""


def _within(seconds: int, action: Callable[[], None]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    action()


@pytest.mark.parametrize(
    "action",
    [
        quotes_without_end,
        empty_lines_in_a_cell,
        blanks_that_are_just_too_short,
        millions_of_names_that_are_nearly_right,
    ],
)
def test_a_text_made_to_stall_the_worker_does_not(action: Callable[[], None]) -> None:
    process = multiprocessing.get_context("fork").Process(target=_within, args=(SECONDS, action))
    process.start()
    process.join()
    assert process.exitcode == 0


def test_an_installation_is_told_whatever_stands_before_it() -> None:
    failed = {"output_type": "stream", "name": "stdout", "text": "ERROR: no matching distribution"}
    for source in ("%pip install torch", "\n\n  ! pip3 install torch", "x = 1\n%  conda install torch"):
        assert hint(source, [failed]) == INSTALLING


def test_more_lists_than_a_notebook_has_are_not_read() -> None:
    with pytest.raises(InvalidSubmission, match="Clear the outputs"):
        parse_submission(b'{"cells": [], "x": [' + b"[]," * MOST_PARTS + b"[]]}")


def test_brackets_in_quotes_are_no_parts() -> None:
    assert not holds_more_parts('{"text": "[[[[{{{{\\"[[["}', 1)
    assert holds_more_parts('{"text": ["[["]}', 1)


def test_a_script_has_no_more_cells_than_a_notebook() -> None:
    script = "def correlate1d(signal, kernel):\n    pass\n" + "# %%\n0\n" * (MAX_CELLS + 1)
    with pytest.raises(InvalidSubmission, match=f"at most {MAX_CELLS} are read"):
        parse_submission(script.encode())


@pytest.mark.sandbox
def test_a_notebook_has_a_bounded_number_of_outputs_however_empty_they_are(
    jail: Jail, assignment: AssignmentNotebook
) -> None:
    many = "for _ in range(500): print(end='a'); import sys; print(end='b', file=sys.stderr)"
    cells = [*cells_of(answered(assignment, {})), *[StudentCell("code", many, None)] * (OUTPUT_CELLS + 4)]
    notebook = repair(cells, assignment).notebook
    run_notebook(notebook, assignment, jail, 1, "somebody")
    shown = [len(cell.outputs) for cell in notebook.cells if cell.cell_type == "code" and cell.source == many]
    assert shown[0] > 900 and shown[-1] == 1 and len(shown) == OUTPUT_CELLS + 4
    assert sum(shown) <= OUTPUT_CELLS * MAX_OUTPUTS + len(shown)
