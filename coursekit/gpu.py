"""Whether CuPy can compute here, and what to do where it cannot.

>>> from coursekit.gpu import require_cupy

`import cupy` works without any GPU, and its own errors name neither the cause nor the remedy.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from coursekit.errors import BackendError

INSTALL = "pip install 'cupy-cuda13x[ctk]'"
INSUFFICIENT_DRIVER, NO_DEVICE = 35, 100  # cudaErrorInsufficientDriver, cudaErrorNoDevice
OLDEST_DRIVER = {12: 525, 13: 580}  # of Linux, for each CUDA that CuPy is built for


def require_cupy() -> Any:
    """Return the module `cupy`, which can compute here.

    Raises
    ------
    BackendError
        It cannot; the message is that of `why_no_gpu`.
    """
    reason = why_no_gpu()
    if reason:
        raise BackendError(reason)
    import cupy

    return cupy


def why_no_gpu() -> str:
    """Return why CuPy cannot compute here and what to do, in a sentence, or '' if it can.

    Found out by use: it is imported, asked for a device, and made to compile and run a small sum.
    """
    try:
        import cupy

        runtime = cupy.cuda.runtime  # not there where `cupy` is a folder that an uninstalled CuPy left
    except Exception as error:  # noqa: BLE001 - an extension built for other libraries raises what it likes
        return why_not_imported(error)
    try:
        if runtime.getDeviceCount() < 1:
            return NO_GPU
    except Exception as error:  # noqa: BLE001 - CuPy's errors are of many classes, and it may be unable to name them
        return why_no_device(error, driver=runtime.driverGetVersion(), built_for=runtime.runtimeGetVersion())
    try:
        total = int(cupy.arange(4).sum())
    except Exception as error:  # noqa: BLE001 - as above
        return why_no_sum(error)
    return "" if total == 6 else f"CuPy gives wrong numbers on this GPU: 0 + 1 + 2 + 3 = {total}; {LOOK}"


LOOK = "see what the command nvidia-smi says, and update the driver"
NO_GPU = (
    "CuPy finds no GPU: it needs an NVIDIA card, given to this machine, container or job; if there is one, "
    "the command nvidia-smi lists it, and the environment variable CUDA_VISIBLE_DEVICES must not hide it"
)


def why_not_imported(error: Exception) -> str:
    """Return what `error`, which `import cupy` raised, means."""
    if isinstance(error, ModuleNotFoundError) and error.name == "cupy":
        if sys.platform == "darwin":
            return "CuPy is not installed, and there is none for macOS: it needs a machine with an NVIDIA GPU"
        return f"CuPy is not installed; with an NVIDIA GPU in this machine, run: {INSTALL}"
    cause = f"{type(error.__cause__ or error).__name__}: {_last_line(error.__cause__ or error)}"
    return (
        f"CuPy is installed but cannot be imported ({cause}); remove all packages named cupy..., "
        f"which pip list tells, then run: {INSTALL}"
    )


def why_no_device(error: Exception, *, driver: int, built_for: int) -> str:
    """Return what `error`, which CuPy raised when it was asked for its devices, means.

    `driver` and `built_for` are versions of CUDA, 13020 for 13.2: what the driver can do, 0 where there is no
    driver, and what CuPy was built for.
    """
    status = getattr(error, "status", None)
    if status == NO_DEVICE:
        return NO_GPU
    if status != INSUFFICIENT_DRIVER:
        return f"CuPy cannot use the GPU ({_last_line(error)}); {LOOK}"
    if driver == 0:
        return (
            "there is no NVIDIA driver on this machine, or it is not given to this container; "
            "with an NVIDIA GPU, install its driver until the command nvidia-smi lists the card"
        )
    major = built_for // 1000
    oldest = f" (version {OLDEST_DRIVER[major]} or newer)" if major in OLDEST_DRIVER else ""
    other = ""
    if driver // 1000 in OLDEST_DRIVER:  # CuPy 14 has no builds for older ones
        other = (
            f", or take the CuPy of its CUDA: pip uninstall cupy-cuda{major}x, "
            f"then pip install 'cupy-cuda{driver // 1000}x[ctk]'"
        )
    return (
        f"the NVIDIA driver is too old: it serves CUDA {version(driver)}, and CuPy is built for "
        f"CUDA {version(built_for)}; update the driver{oldest}{other}"
    )


def why_no_sum(error: Exception) -> str:
    """Return what `error`, which CuPy raised when it computed on a GPU that is there, means."""
    missing = re.search(r"lib(nvrtc|cudart|cublas|cufft)\w*\.|(nvrtc|cudart|cublas|cufft)64_", str(error))
    if missing is not None:
        return f"CuPy misses the library {missing[1] or missing[2]} of CUDA; run: {INSTALL}"
    if "CUDA headers" in str(error):  # what it looks for first
        return f"CuPy misses the headers of CUDA, by which it compiles; run: {INSTALL}"
    if isinstance(error, MemoryError) or "cudaErrorMemoryAllocation" in str(error):
        return "the memory of the GPU is full; end the programs that hold it, which nvidia-smi lists"
    if "cudaErrorNoKernelImageForDevice" in str(error) or "invalid value for --gpu-architecture" in str(
        error
    ):
        return (
            "this GPU is too old or too new for the CuPy installed "
            f"({_last_line(error)}); for another CuPy see https://docs.cupy.dev/en/stable/install.html"
        )
    return f"CuPy cannot compute on this GPU ({type(error).__name__}: {_last_line(error)}); {LOOK}"


def version(number: int) -> str:
    """Return a version of CUDA as people write it: '13.2' for 13020.

    >>> version(12080)
    '12.8'
    """
    return f"{number // 1000}.{number % 1000 // 10}"


def _last_line(error: BaseException) -> str:
    """Return the last line of an error that says something: CuPy's have frames and advice around it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip(" =\t")]
    return lines[-1] if lines else "no reason given"
