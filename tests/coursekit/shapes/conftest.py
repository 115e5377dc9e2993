"""What the tests of shapes compare with."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def torch() -> Any:
    """PyTorch, loaded once and before a test's clock runs."""
    return pytest.importorskip("torch")
