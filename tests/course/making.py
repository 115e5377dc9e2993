"""Small made-up cells, for tests that show a rule to bite."""

from __future__ import annotations

import base64
import struct
from typing import Any

import nbformat


def markdown(name: str, text: str, slide: str = "") -> Any:
    """Return a Markdown cell with this id."""
    return named(nbformat.v4.new_markdown_cell(text), name, slide)


def code(name: str, text: str, *bundles: dict[str, Any], slide: str = "", tags: tuple[str, ...] = ()) -> Any:
    """Return a code cell with this id that has shown these MIME bundles."""
    outputs = [nbformat.v4.new_output("display_data", bundle) for bundle in bundles]
    cell = named(nbformat.v4.new_code_cell(text, outputs=outputs), name, slide)
    if tags:
        cell.metadata["tags"] = list(tags)
    return cell


def named(cell: Any, name: str, slide: str) -> Any:
    cell.id = name
    if slide:
        cell.metadata["slideshow"] = {"slide_type": slide}
    return cell


def png(width: int, height: int) -> str:
    """Return a data: address that begins as a PNG of this size does."""
    start = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + struct.pack(">II", width, height) + bytes(24)
    return "data:image/png;base64," + base64.b64encode(start).decode()


def image(alt: str, width: int = 900, height: int = 500, *, shown_at: int | None = None) -> str:
    """Return the HTML of a picture of so many image pixels."""
    stated = f' width="{shown_at}"' if shown_at else ""
    return f'<img alt="{alt}"{stated} src="{png(width, height)}">'
