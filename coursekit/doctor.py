"""Whether this machine has what the course needs, found out by using it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from importlib import metadata

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
    _try_gpu(say)
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


def _try_gpu(say: Callable[[str], None]) -> None:
    """Tell whether CuPy can be used; the course does not need it."""
    try:
        import cupy

        say(f"CuPy {cupy.__version__} on {cupy.cuda.runtime.getDeviceCount()} GPU(s)")
    except ImportError:
        say("no CuPy: the GPU parts show NumPy instead (to install it: pip install --editable '.[gpu]')")
    except Exception as error:  # noqa: BLE001 - CuPy raises many classes where the driver is missing
        say(f"CuPy is installed but cannot use a GPU: {error}")
