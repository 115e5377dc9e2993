"""Whether this machine has what the course needs, found out by using it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from importlib import metadata
from typing import Any

from coursekit.gpu import INSTALL, require_cupy, version, why_no_gpu, why_no_sum

NEEDED = (
    "numpy",
    "matplotlib",
    "skimage",
    "sklearn",
    "jupyterlab",
    "notebook",
    "ipywidgets",
    "anywidget",
    "nbgrader",
)
PACKAGE = {"skimage": "scikit-image", "sklearn": "scikit-learn"}


def examine_machine(say: Callable[[str], None]) -> list[str]:
    """Try everything that lectures and exercises rest on; tell each finding; the problems found."""
    problems = [problem for name in NEEDED if (problem := _try_package(name, say))]
    if not problems:
        problems += _try_course(say)
    problems += _try_gpu(say)
    for problem in problems:
        say(f"PROBLEM: {problem}")
    say("All there: run coursekit lab." if not problems else "Then run: coursekit doctor")
    return problems


def _try_package(name: str, say: Callable[[str], None]) -> str | None:
    package = PACKAGE.get(name, name)
    try:
        importlib.import_module(name)
    except ImportError as error:
        return f"{package} cannot be imported ({error}); run: pip install --editable '.[lab]'"
    say(f"{package} {metadata.version(package)}")
    return None


def _try_course(say: Callable[[str], None]) -> list[str]:
    """Compute something small with each part of the course."""
    import numpy as np

    import coursekit

    image, kernel = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
    problems = []
    if coursekit.correlate(image, kernel).tolist() != [[19, 25], [37, 43]]:
        problems.append("correlate gives wrong numbers on this machine")
    try:
        coursekit.data.photograph()
        coursekit.SlidingWindow(image, kernel)._repr_mimebundle_()
    except Exception as error:  # noqa: BLE001 - whatever fails here is the finding
        problems.append(f"{type(error).__name__}: {error}")
    if not problems:
        say(f"Python {sys.version.split()[0]}: the reference, the images and the widget work")
    return problems


def _try_gpu(say: Callable[[str], None]) -> list[str]:
    """Tell whether CuPy can compute here; the course does not need it. What fails on a GPU is a problem."""
    reason = why_no_gpu()
    if reason:
        say(f"no GPU, the GPU parts show NumPy instead: {reason}")
        return []
    cupy = require_cupy()
    runtime = cupy.cuda.runtime
    say(
        f"CuPy {cupy.__version__} for CUDA {version(runtime.runtimeGetVersion())}; "
        f"the driver serves CUDA {version(runtime.driverGetVersion())}"
    )
    for number in range(runtime.getDeviceCount()):
        say(_card(cupy, number))
    return [
        *_tried("a kernel of the course", _try_kernel, cupy, say),
        *_tried("cuBLAS, which multiplies matrices,", _try_product, cupy, say),
    ]


def _card(cupy: Any, number: int) -> str:
    """Return the name of card `number`, what it can do, and its memory."""
    from coursekit.device_memory import amount

    name = cupy.cuda.runtime.getDeviceProperties(number)["name"].decode()
    capability = cupy.cuda.Device(number).compute_capability
    card = f"GPU {number}: {name}, compute capability {capability[:-1]}.{capability[-1]}"
    try:
        with cupy.cuda.Device(number):
            free, total = cupy.cuda.runtime.memGetInfo()
    except Exception as error:  # noqa: BLE001 - a card that others hold for themselves; the first one works
        return f"{card}, which cannot be used: {why_no_sum(error)}"
    return f"{card}, {amount(free)} of {amount(total)} free"


def _tried(what: str, trial: Callable[[Any], bool], xp: Any, say: Callable[[str], None]) -> list[str]:
    """Tell that `what` works on library `xp`, or return the problem."""
    try:
        right = trial(xp)
    except Exception as error:  # noqa: BLE001 - whatever fails here is the finding
        return [f"{what} cannot be used on the GPU: {why_no_sum(error)}"]
    if not right:
        return [f"{what} gives wrong numbers on the GPU; update the driver, then CuPy: {INSTALL}"]
    say(f"{what} works on the GPU")
    return []


def _try_kernel(xp: Any) -> bool:
    """Compile and run a kernel of coursekit/reference/cuda; whether its numbers are right."""
    import coursekit

    image = xp.reshape(xp.arange(9, dtype=xp.float32), (3, 3))
    kernel = xp.reshape(xp.arange(4, dtype=xp.float32), (2, 2))
    out = coursekit.correlate(image, kernel, algorithm="naive")
    return bool(out.tolist() == [[19, 25], [37, 43]])


def _try_product(xp: Any) -> bool:
    """Multiply two matrices; whether the product is right."""
    counted = xp.reshape(xp.arange(4, dtype=xp.float32), (2, 2))
    return bool(xp.matmul(counted, counted).tolist() == [[2, 3], [6, 11]])
