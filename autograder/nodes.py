"""TRUSTED: the parts of a graded notebook, as nbformat makes them, without asking its schema about each part.

A schema is asked once, about the whole, when the notebook is written.
"""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict


def code_cell(source: str, name: str) -> Any:
    """A code cell with the id `name`, as `nbformat.v4.new_code_cell` makes it."""
    return NotebookNode(
        id=name, cell_type="code", metadata=NotebookNode(), execution_count=None, source=source, outputs=[]
    )


def markdown_cell(source: str, name: str) -> Any:
    """A Markdown cell with the id `name`, as `nbformat.v4.new_markdown_cell` makes it."""
    return NotebookNode(id=name, cell_type="markdown", metadata=NotebookNode(), source=source)


def stream(text: str) -> Any:
    """What a cell prints, as `nbformat.v4.new_output` makes it."""
    return NotebookNode(output_type="stream", name="stdout", text=text)


def shown_value(data: dict[str, str]) -> Any:
    """The value of a cell's last expression in its forms, as `nbformat.v4.new_output` makes it."""
    return NotebookNode(
        output_type="execute_result", metadata=NotebookNode(), data=NotebookNode(data), execution_count=None
    )


def failure(name: str, text: str) -> Any:
    """An exception that ended a cell, as `nbformat.v4.new_output` makes it."""
    return NotebookNode(output_type="error", ename=name, evalue=text, traceback=[text])


def output(clean: dict[str, Any]) -> Any:
    """A cell's output, of which `sandbox.trusted.session.clean_output` has seen to all that must be there."""
    return from_dict(clean)
