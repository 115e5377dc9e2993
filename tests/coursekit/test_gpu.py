"""Why CuPy cannot compute, in sentences that say what to do: its own errors, made to mean something."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coursekit import doctor
from coursekit.errors import BackendError
from coursekit.gpu import require_cupy, version, why_no_device, why_no_gpu, why_no_sum, why_not_imported

REPOSITORY = Path(__file__).resolve().parents[2]
WITHOUT_GPU = pytest.mark.skipif(why_no_gpu() == "", reason="there is a GPU")


def raised(statement: str, among: Path) -> ImportError:
    """Return the error of an `import` among the packages of a folder, as it is where it is raised."""
    sys.path.insert(0, str(among))
    try:
        exec(statement, {})
    except ImportError as error:
        return error
    finally:
        sys.path.remove(str(among))
    raise AssertionError("it can be imported")


def runtime_error(status: int) -> Exception:
    """Return the error that CuPy raises for a status of CUDA's runtime."""
    cupy: Any = pytest.importorskip("cupy")
    with pytest.raises(cupy.cuda.runtime.CUDARuntimeError) as caught:
        cupy.cuda.runtime.check_status(status)
    return caught.value


@WITHOUT_GPU
def test_who_asks_for_cupy_is_told_why_there_is_none() -> None:
    with pytest.raises(BackendError) as caught:
        require_cupy()
    assert str(caught.value) == why_no_gpu()


def test_without_cupy_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = ModuleNotFoundError("No module named 'cupy'", name="cupy")
    monkeypatch.setattr(sys, "platform", "linux")
    assert why_not_imported(missing).endswith("run: pip install 'cupy-cuda13x[ctk]'")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "there is none for macOS" in why_not_imported(missing)


def test_without_cupy_the_whole_question_is_answered_so(tmp_path: Path) -> None:
    """In a process that finds no CuPy, whatever is installed here."""
    program = (
        "import sys; sys.modules['cupy'] = None; from coursekit.gpu import why_no_gpu; print(why_no_gpu())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("CuPy is not installed")


def test_a_cupy_that_cannot_be_imported_is_told_with_its_cause(tmp_path: Path) -> None:
    """As CuPy does it: what its extension raises is the cause of a long text about installing."""
    (tmp_path / "broken_cupy.py").write_text(
        "try:\n    import a_library_of_another_cuda\n"
        "except ImportError as error:\n"
        "    raise ImportError('=====\\nFailed to import CuPy.\\n=====\\n') from error\n"
    )
    told = why_not_imported(raised("import broken_cupy", tmp_path))
    assert "CuPy is installed but cannot be imported (ModuleNotFoundError: No module named" in told
    assert "a_library_of_another_cuda" in told
    assert "pip install 'cupy-cuda13x[ctk]'" in told
    assert "====" not in told


def test_a_folder_that_an_uninstalled_cupy_left_is_told_as_one(tmp_path: Path) -> None:
    """Python imports it as a package without anything in it."""
    (tmp_path / "cupy").mkdir()
    program = (
        f"import sys; sys.path[:] = [{str(tmp_path)!r}, *(p for p in sys.path if '-packages' not in p)]; "
        "from coursekit.gpu import why_no_gpu; print(why_no_gpu())"
    )
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert "CuPy is installed but cannot be imported (AttributeError: " in done.stdout
    assert "remove all packages named cupy" in done.stdout


def test_versions_of_cuda_are_written_as_people_do() -> None:
    assert [version(number) for number in (13020, 12080, 11000)] == ["13.2", "12.8", "11.0"]


def test_no_driver_and_one_too_old_are_two_things() -> None:
    insufficient = runtime_error(35)
    assert "there is no NVIDIA driver" in why_no_device(insufficient, driver=0, built_for=13020)
    old = why_no_device(insufficient, driver=12080, built_for=13020)
    assert (
        "serves CUDA 12.8, and CuPy is built for CUDA 13.2; update the driver (version 580 or newer)" in old
    )
    assert "pip uninstall cupy-cuda13x, then pip install 'cupy-cuda12x[ctk]'" in old
    older = why_no_device(insufficient, driver=11080, built_for=13020)
    assert older.endswith("update the driver (version 580 or newer)"), "CuPy 14 is not built for CUDA 11"


def test_no_device_and_one_that_fails_are_two_things() -> None:
    assert "CUDA_VISIBLE_DEVICES" in why_no_device(runtime_error(100), driver=13020, built_for=13020)
    busy = why_no_device(runtime_error(46), driver=13020, built_for=13020)
    assert "cudaErrorDevicesUnavailable" in busy
    assert "nvidia-smi" in busy


def test_a_gpu_that_cannot_compute_is_told_with_its_remedy() -> None:
    assert "memory of the GPU is full" in why_no_sum(runtime_error(2))
    assert "too old or too new for the CuPy" in why_no_sum(runtime_error(209))
    assert "cannot compute on this GPU (CUDARuntimeError: cudaErrorUnknown" in why_no_sum(runtime_error(999))


def test_a_missing_library_of_cuda_is_named() -> None:
    """Each raised by CuPy where it was installed without [ctk] on a machine without CUDA's toolkit."""
    for error in (
        RuntimeError('Failure finding "libnvrtc.so.13 or libnvrtc.so.12": No such file: libnvrtc.so.13'),
        ImportError('Failure finding "libcublasLt.so.13 or libcublasLt.so.12": No such file'),
        RuntimeError('Failure finding "nvrtc64_130_0.dll": No such file: nvrtc64_130_0.dll'),
    ):
        told = why_no_sum(error)
        assert told.startswith("CuPy misses the library ")
        assert told.split()[4] in ("nvrtc", "cublas")
        assert told.endswith("run: pip install 'cupy-cuda13x[ctk]'")


def test_missing_headers_of_cuda_have_the_same_remedy() -> None:
    """Raised by CuPy without [ctk] where there is no toolkit, before it looks for NVRTC: for another CUDA."""
    error = RuntimeError(
        "Failed to find CUDA headers. Please install CUDA toolkit headers "
        "(e.g., pip install cupy-cuda12x[ctk]) or specify CUDA_PATH environment variable."
    )
    told = why_no_sum(error)
    assert told == (
        "CuPy misses the headers of CUDA, by which it compiles; run: pip install 'cupy-cuda13x[ctk]'"
    )


def test_the_library_that_cupy_really_misses_here_is_named() -> None:
    cupy: Any = pytest.importorskip("cupy")
    try:
        cupy.cuda.nvrtc.getVersion()
    except (RuntimeError, ImportError) as error:
        assert why_no_sum(error).startswith("CuPy misses the library nvrtc of CUDA")
    else:
        pytest.skip("NVRTC is there")


@WITHOUT_GPU
def test_doctor_says_why_there_is_no_gpu_and_counts_it_as_no_problem() -> None:
    said: list[str] = []
    assert doctor._try_gpu(said.append) == []
    assert said == [f"no GPU, the GPU parts show NumPy instead: {why_no_gpu()}"]


@WITHOUT_GPU
def test_doctor_works_without_numpy(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['numpy'] = None; import coursekit.doctor as d; d.examine_machine(print)"
    )
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "PROBLEM: numpy cannot be imported" in done.stdout
    assert "no GPU, the GPU parts show NumPy instead" in done.stdout


def test_doctor_goes_on_after_a_card_that_others_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> tuple[int, int]:
        raise RuntimeError("cudaErrorDevicesUnavailable: CUDA-capable device(s) is/are busy or unavailable")

    class Device(contextlib.nullcontext[None]):
        compute_capability = "90"

    runtime = SimpleNamespace(getDeviceProperties=lambda number: {"name": b"A card"}, memGetInfo=refused)
    told = doctor._card(SimpleNamespace(cuda=SimpleNamespace(Device=Device, runtime=runtime)), 1)
    assert told.startswith("GPU 1: A card, compute capability 9.0, which cannot be used: CuPy cannot compute")
    assert "cudaErrorDevicesUnavailable" in told
    runtime.memGetInfo = lambda: (2**30, 2**31)
    told = doctor._card(SimpleNamespace(cuda=SimpleNamespace(Device=Device, runtime=runtime)), 1)
    assert told == "GPU 1: A card, compute capability 9.0, 1.0 GiB of 2.0 GiB free"


def test_a_trial_tells_what_works_what_is_wrong_and_what_fails() -> None:
    said: list[str] = []
    assert doctor._tried("a product", doctor._try_product, np, said.append) == []
    assert said == ["a product works on the GPU"]
    (wrong,) = doctor._tried("a product", lambda xp: False, np, said.append)
    assert "a product gives wrong numbers on the GPU" in wrong

    def missing(xp: Any) -> bool:
        raise ImportError('Failure finding "libcublasLt.so.13"')

    (fails,) = doctor._tried("cuBLAS", missing, np, said.append)
    assert fails.startswith("cuBLAS cannot be used on the GPU: CuPy misses the library cublas of CUDA")
    assert len(said) == 1


def test_the_trial_of_a_kernel_asks_for_one_that_only_a_gpu_runs() -> None:
    """On NumPy it is refused: nothing falls back to the CPU unseen."""
    (refused,) = doctor._tried("a kernel", doctor._try_kernel, np, print)
    assert "algorithm" in refused


@pytest.mark.gpu
def test_doctor_tells_card_versions_and_what_works(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    assert doctor._try_gpu(said.append) == []
    told = "\n".join(said)
    assert "the driver serves CUDA" in told
    assert "GPU 0: " in told
    assert "compute capability" in told
    assert "a kernel of the course works on the GPU" in told
    assert "cuBLAS, which multiplies matrices, works on the GPU" in told
