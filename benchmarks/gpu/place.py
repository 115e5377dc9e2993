"""Where is measured: the libraries, the card, and what keeps a comparison from being made."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.gpu.clock import Clock, DeviceClock
from benchmarks.results import CannotMeasureError
from coursekit.gpu import require_cupy, version, why_no_gpu

STORY = ("naive", "shared_tile", "implicit_gemm", "im2col", "fft", "winograd", "depthwise")


@dataclass(frozen=True)
class Place:
    """Where arrays live and what computes on them; a test computes on the CPU, with NumPy.

    xp : the library of our arrays; torch : the module, whose tensors are on `device`
    algorithms : of `correlate`, each measured on its own
    described : card and versions, in words
    """

    xp: Any
    torch: Any
    device: str
    clock: Clock
    algorithms: tuple[str, ...] = STORY
    described: Mapping[str, str] = field(default_factory=dict)

    def tensor(self, array: Any) -> Any:
        """Return a NumPy array as a tensor on the device."""
        return self.torch.from_numpy(array).to(self.device)

    def set_tf32(self, allowed: bool) -> None:
        """Say whether PyTorch may round the factors of products to ten bits after the point."""
        self.torch.backends.cudnn.allow_tf32 = allowed
        self.torch.backends.cuda.matmul.allow_tf32 = allowed


def what_is_missing() -> list[str]:
    """Return, in a sentence each, what this machine lacks for the comparison; nothing if it can be made."""
    missing = [reason] if (reason := why_no_gpu()) else []
    if importlib.util.find_spec("torch") is None:
        missing.append("PyTorch is not installed; take a build for CUDA, as https://pytorch.org tells")
        return missing
    torch = importlib.import_module("torch")
    if torch.backends.cudnn.version() is None:
        missing.append(f"PyTorch {torch.__version__} has no cuDNN that it can use; take a build for CUDA")
    elif not torch.cuda.is_available():
        missing.append(
            f"PyTorch {torch.__version__} for CUDA {torch.version.cuda} finds no GPU that it can use"
        )
    if importlib.util.find_spec("matplotlib") is None:
        missing.append("matplotlib, which draws the plot, is not installed; run: pip install matplotlib")
    return missing


def this_gpu() -> Place:
    """Return the current GPU of this machine.

    Raises
    ------
    CannotMeasureError
        Something is missing; the message names all of it.
    """
    missing = what_is_missing()
    if missing:
        raise CannotMeasureError(
            "it compares CuPy with cuDNN on a GPU:\n" + "\n".join(f"- {m}" for m in missing)
        )
    import torch

    cupy = require_cupy()
    torch.backends.cudnn.benchmark = True  # cuDNN tries its algorithms and keeps the fastest
    return Place(cupy, torch, "cuda", DeviceClock(cupy, torch), described=_described(cupy, torch))


def _described(cupy: Any, torch: Any) -> dict[str, str]:
    runtime = cupy.cuda.runtime
    card = runtime.getDeviceProperties(cupy.cuda.Device().id)
    capability = cupy.cuda.Device().compute_capability
    return {
        "card": card["name"].decode(),
        "memory": f"{card['totalGlobalMem'] / 2**30:.0f} GiB",
        "multiprocessors": str(card["multiProcessorCount"]),
        "compute capability": f"{capability[:-1]}.{capability[-1]}",
        "driver": f"{_driver()}, CUDA {version(runtime.driverGetVersion())}",
        "CuPy": f"{cupy.__version__}, CUDA {version(runtime.runtimeGetVersion())}",
        "PyTorch": f"{torch.__version__}, CUDA {torch.version.cuda}",
        "cuDNN": str(torch.backends.cudnn.version()),
    }


def _driver() -> str:
    """Return the driver's version: as the kernel tells it, or as nvidia-smi does."""
    told = Path("/proc/driver/nvidia/version")
    if told.exists():
        words = told.read_text(encoding="utf-8").splitlines()[0].split()
        return next((word for word in words if word[0].isdigit() and "." in word), "unknown")
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.split()[0] if done.stdout.split() else "unknown"
