"""The examples in the docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["output", "transposed", "same", "receptive_field", "counting", "inverse"])
def test_the_examples_give_what_they_say(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"coursekit.shapes.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
