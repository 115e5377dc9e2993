"""What the tests of the kernels share: the emulator in the place of a GPU."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from coursekit.emulator import EmulatedDevice
from coursekit.reference.cuda import planes
from tests.coursekit.reference.cuda.wrong import Emulate


@pytest.fixture
def emulate(monkeypatch: pytest.MonkeyPatch) -> Emulate:
    """Return a function after whose call the reference takes NumPy's arrays for those of an emulated GPU."""

    def start(sources: Mapping[str, str] | None = None) -> EmulatedDevice:
        device = EmulatedDevice(sources or {})
        monkeypatch.setattr(planes, "device_of", lambda xp: device)
        return device

    return start
