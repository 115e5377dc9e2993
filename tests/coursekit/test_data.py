"""The images are real, in the promised form, and need no network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursekit import data
from coursekit.errors import ParameterError

SHAPES: dict[str, tuple[int, ...]] = {
    "coins": (303, 384),
    "page": (191, 384),
    "photograph": (512, 512),
    "scan_line": (384,),
}


def test_every_public_function_of_data_is_tested_here() -> None:
    assert sorted(SHAPES) == sorted(data.__all__)


@pytest.mark.parametrize("name", SHAPES)
def test_grey_values_go_from_black_to_white_in_the_promised_shape(name: str) -> None:
    function: Callable[[], Any] = getattr(data, name)
    grey = function()
    assert grey.shape == SHAPES[name]
    assert grey.dtype == np.float64
    assert grey.min() >= 0
    assert grey.max() <= 1
    assert len(np.unique(grey)) > 50, "a real image has many grey values"


@pytest.mark.parametrize("name", SHAPES)
def test_writing_into_an_image_does_not_change_the_next_one(name: str) -> None:
    function: Callable[[], Any] = getattr(data, name)
    first = function()
    kept = first.copy()
    first[...] = 0
    np.testing.assert_array_equal(function(), kept)


@pytest.mark.parametrize("name", SHAPES)
def test_every_docstring_names_the_source_and_the_licence(name: str) -> None:
    text = getattr(data, name).__doc__
    assert "Source" in text
    assert "Licence: " in text


def test_a_scan_line_is_a_row_of_the_page() -> None:
    np.testing.assert_array_equal(data.scan_line(100), data.page()[100])


@pytest.mark.parametrize("row", [-1, 191, 1.5, True, "3"])
def test_a_row_outside_the_page_is_refused(row: Any) -> None:
    with pytest.raises(ParameterError, match="row must be an integer from 0 to 190; got"):
        data.scan_line(row)


def test_no_function_opens_a_socket() -> None:
    calls = "; ".join(f"data.{name}()" for name in SHAPES)
    program = f"""
import sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise OSError(f"network use: {{event}}")
sys.addaudithook(refuse)
from coursekit import data
{calls}
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def test_without_scikit_image_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "skimage", None)
    monkeypatch.setitem(sys.modules, "skimage.data", None)
    with pytest.raises(ImportError, match=r'python -m pip install "scikit-image>=0\.25"'):
        data.page()
