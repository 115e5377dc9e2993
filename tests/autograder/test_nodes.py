"""The parts of a graded notebook are those that nbformat makes."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbformat import v4

from autograder import nodes

PICTURE = {"text/plain": "a figure", "image/png": "iVBORw0KGgo="}
OUTPUTS: list[dict[str, Any]] = [
    {"output_type": "stream", "name": "stderr", "text": "a warning"},
    {"output_type": "display_data", "data": PICTURE, "metadata": {"image/png": {"alt": "a figure"}}},
    {"output_type": "execute_result", "data": PICTURE, "metadata": {}, "execution_count": None},
    {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["line 1", "no"]},
]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (nodes.code_cell("x = 1", "one"), v4.new_code_cell("x = 1", id="one")),
        (nodes.markdown_cell("*x*", "one"), v4.new_markdown_cell("*x*", id="one")),
        (nodes.stream("text"), v4.new_output("stream", name="stdout", text="text")),
        (nodes.shown_value(PICTURE), v4.new_output("execute_result", data=PICTURE)),
        (nodes.failure("E", "no"), v4.new_output("error", ename="E", evalue="no", traceback=["no"])),
        *((nodes.output(clean), v4.new_output(**clean)) for clean in OUTPUTS),
    ],
)  # fmt: skip
def test_a_part_is_the_one_that_nbformat_makes(ours: Any, theirs: Any) -> None:
    cell = v4.new_code_cell(id="one", outputs=[ours] if "output_type" in ours else [])
    notebook = v4.new_notebook(cells=[cell if "output_type" in ours else ours])
    nbformat.validate(notebook)
    assert ours == theirs
