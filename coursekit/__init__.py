"""What the notebooks of the course import.

>>> from coursekit import check, correlate, output_size

The public names are flat, and each loads its module when it is first used: `import coursekit`
itself loads neither NumPy, matplotlib, anywidget, IPython nor CuPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from coursekit.errors import BackendError, CourseError, ParameterError, ShapeError

if TYPE_CHECKING:
    import coursekit.data as data
    import coursekit.figures as figures
    from coursekit.checks import check
    from coursekit.reference import convolve, correlate
    from coursekit.shapes import output_shape, output_size
    from coursekit.widgets import SlidingWindow

__all__ = [
    "BackendError",
    "CourseError",
    "ParameterError",
    "ShapeError",
    "SlidingWindow",
    "check",
    "convolve",
    "correlate",
    "data",
    "figures",
    "output_shape",
    "output_size",
]

# public name: the module that holds it (for a module, itself)
_HOME = {
    "SlidingWindow": "coursekit.widgets",
    "check": "coursekit.checks",
    "convolve": "coursekit.reference",
    "correlate": "coursekit.reference",
    "data": "coursekit.data",
    "figures": "coursekit.figures",
    "output_shape": "coursekit.shapes",
    "output_size": "coursekit.shapes",
}


def __getattr__(name: str) -> object:
    """Load the module that holds `name` at its first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'coursekit' has no attribute {name!r}")
    home = _HOME[name]
    try:
        module = importlib.import_module(home)
    except ModuleNotFoundError as error:
        if error.name != home:
            raise
        # ImportError, not AttributeError: `from coursekit import correlate` shows this sentence as it is.
        raise ImportError(
            f"coursekit.{name} is not available here: {home} is absent. "
            "It is left out while your work is graded; use your own function instead.",
            name=home,
        ) from None
    value: object = module if home == f"coursekit.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not, beside what the module holds already."""
    return sorted({*globals(), *__all__})
