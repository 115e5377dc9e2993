"""Write the cases that the demos' JavaScript is tested with: what the Python reference answers.

Each folder beside this file may hold a `write_cases.py` with a function `cases()` that returns lists of JSON
values by name. Run `python tests/javascript/write_cases.py` after a change: a test compares the committed
`cases.json` with fresh ones. Names of folders limit it to these.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path

JAVASCRIPT = Path(__file__).parent


def stems() -> list[str]:
    """Return the folders that have cases."""
    return sorted(path.parent.name for path in JAVASCRIPT.glob("*/write_cases.py"))


def as_text(stem: str) -> str:
    """Return the content of a folder's file: one case a line."""
    path = JAVASCRIPT / stem / "write_cases.py"
    spec = importlib.util.spec_from_file_location(f"write_cases_{stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    groups = [
        f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]"
        for name, rows in module.cases().items()
    ]
    return "{\n" + ",\n".join(groups) + "\n}\n"


def write(chosen: list[str]) -> Iterator[Path]:
    """Write the files of the chosen folders, or of all; yield their paths."""
    for stem in chosen or stems():
        path = JAVASCRIPT / stem / "cases.json"
        path.write_text(as_text(stem), encoding="utf-8")
        yield path


if __name__ == "__main__":
    for written in write(sys.argv[1:]):
        print(f"wrote {written}")
