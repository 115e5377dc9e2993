"""The same tests run on every array library that is here."""

from __future__ import annotations

from typing import Any

import array_api_strict
import numpy as np
import pytest


@pytest.fixture(params=["numpy", "array_api_strict", pytest.param("cupy", marks=pytest.mark.gpu)])
def xp(request: pytest.FixtureRequest) -> Any:
    """An array library: NumPy, the strict array API, and CuPy where there is a device."""
    if request.param == "cupy":
        return pytest.importorskip("cupy")
    return np if request.param == "numpy" else array_api_strict
