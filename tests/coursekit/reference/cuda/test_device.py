"""What a kernel is launched with is checked before any GPU sees it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coursekit.emulator import EmulatedDevice
from coursekit.errors import BackendError, ParameterError
from coursekit.reference.cuda.device import FOLDER, CupyDevice, _function, check_launch, passed, source_text


def test_whole_numbers_are_passed_in_32_bits() -> None:
    assert passed(7).dtype == np.int32
    assert passed(np.int64(7)).dtype == np.int64, "for a long long"
    with pytest.raises(ParameterError, match="a size must fit in 32 bits for a kernel; got 2147483648"):
        passed(2**31)


def test_arrays_are_passed_as_they_are_if_their_numbers_lie_in_order() -> None:
    array = np.zeros((4, 6))
    assert passed(array) is array
    with pytest.raises(ParameterError, match="an array must be C-contiguous for a kernel; got strides"):
        passed(array[:, ::2])


@pytest.mark.parametrize(
    ("grid", "block", "message"),
    [
        ((1, 70_000), (32,), r"a grid must have 1 to \(.*65535\) blocks along x, y and z; got \(1, 70000\)"),
        ((0,), (32,), r"got \(0,\)"),
        ((1,), (64, 32), r"a block must have 1 to 1024 threads; got \(64, 32\) = 2048"),
    ],
)
def test_a_grid_that_no_card_takes_is_refused(grid: Any, block: Any, message: str) -> None:
    check_launch((2**31 - 1, 65_535), (32, 32))
    with pytest.raises(ParameterError, match=message):
        check_launch(grid, block)
    with pytest.raises(ParameterError, match=message):
        EmulatedDevice().launch("naive", "naive", {}, grid, block, ())


def test_what_a_source_includes_stands_in_its_place() -> None:
    for path in FOLDER.glob("*.cu"):
        text = source_text(path.stem)
        assert "#include" not in text, path.name
        assert "#define guard(condition)" in text, path.name


class Missing:
    """A CuPy that cannot compile."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def RawModule(self, **how: Any) -> Any:
        raise self.error


def test_what_cupy_misses_to_compile_is_told_as_a_missing_backend() -> None:
    with pytest.raises(BackendError, match=r"naive.cu could not be made for this GPU: Failed to find CUDA"):
        _function(Missing(RuntimeError("Failed to find CUDA headers.")), "naive", "naive", ())
    with pytest.raises(ValueError, match="ours"):
        _function(Missing(ValueError("ours")), "naive", "naive", ())


def test_a_launch_names_the_kernel_whose_array_is_on_another_gpu() -> None:
    far = type("OnGpu", (), {"device": SimpleNamespace(id=1)})()
    runtime = SimpleNamespace(getDevice=lambda: 0)
    cupy = SimpleNamespace(ndarray=type(far), cuda=SimpleNamespace(runtime=runtime))
    with pytest.raises(
        ParameterError, match="an array for arrange must be on CuPy's current GPU, 0; it is on 1"
    ):
        CupyDevice(cupy).launch("implicit_gemm", "arrange", {}, (1,), (32,), (np.int32(3), far))


@pytest.mark.gpu
def test_arrays_of_another_gpu_are_refused() -> None:
    cupy: Any = pytest.importorskip("cupy")
    if cupy.cuda.runtime.getDeviceCount() < 2:
        pytest.skip("needs two GPUs")
    with cupy.cuda.Device(1):
        far = cupy.zeros(4, "float32")
    with cupy.cuda.Device(0), pytest.raises(ParameterError, match=r"inside `with cupy.cuda.Device\(1\):`"):
        CupyDevice(cupy).launch("naive", "naive", {}, (1,), (32,), (far,))
