"""The same tests run on every array library that is here."""

from __future__ import annotations

import ast
import importlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import IN_CI

left_out: dict[str, str] = {}  # files, and the package that each misses


@pytest.fixture(params=["numpy", "array_api_strict", pytest.param("cupy", marks=pytest.mark.gpu)])
def xp(request: pytest.FixtureRequest) -> Any:
    """An array library: NumPy, the strict array API, and CuPy where there is a device."""
    if request.param == "numpy":
        return np
    return importlib.import_module(request.param) if IN_CI else pytest.importorskip(request.param)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out, but never in CI, a file that imports a package which a bare machine with a GPU lacks."""
    if IN_CI or collection_path.suffix != ".py" or not collection_path.name.startswith("test_"):
        return None
    missing = _missing(collection_path)
    if missing is None:
        return None
    left_out[collection_path.name] = missing
    return True


def _missing(file: Path) -> str | None:
    """Return the first package that `file` imports at its top and that is not installed."""
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        names = [alias.name for alias in statement.names] if isinstance(statement, ast.Import) else []
        if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            names = [statement.module]
        for name in names:
            package = name.partition(".")[0]
            if importlib.util.find_spec(package) is None:
                return package
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which files were left out, and what they miss."""
    for package in sorted(set(left_out.values())):
        files = sorted(file for file, missing in left_out.items() if missing == package)
        terminalreporter.write_line(f"NOT TESTED, {package} is not installed: {', '.join(files)}")
