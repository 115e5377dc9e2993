"""Live demonstrations for JupyterLab, Notebook 7 and slides. They need anywidget (the extra `lab`).

Each loads when it is first named. How they are made stands in the README of this folder.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursekit.widgets.conventions_switch.conventions_switch import Conventions, conventions
    from coursekit.widgets.equivariance_meter.equivariance_meter import EquivarianceMeter
    from coursekit.widgets.kernel_playground.kernel_playground import KernelPlayground
    from coursekit.widgets.parameter_counter.parameter_counter import ParameterCounter
    from coursekit.widgets.pooling_explorer.pooling_explorer import PoolingExplorer
    from coursekit.widgets.receptive_field.receptive_field import ReceptiveField
    from coursekit.widgets.shape_explorer.shape_explorer import ShapeExplorer
    from coursekit.widgets.signal_convolver.signal_convolver import SignalConvolver
    from coursekit.widgets.sliding_window.sliding_window import SlidingWindow

STEMS = {
    "Conventions": "conventions_switch",
    "EquivarianceMeter": "equivariance_meter",
    "KernelPlayground": "kernel_playground",
    "ParameterCounter": "parameter_counter",
    "PoolingExplorer": "pooling_explorer",
    "ReceptiveField": "receptive_field",
    "ShapeExplorer": "shape_explorer",
    "SignalConvolver": "signal_convolver",
    "SlidingWindow": "sliding_window",
    "conventions": "conventions_switch",
}
"""The folder of each public name."""

__all__ = [
    "Conventions",
    "EquivarianceMeter",
    "KernelPlayground",
    "ParameterCounter",
    "PoolingExplorer",
    "ReceptiveField",
    "ShapeExplorer",
    "SignalConvolver",
    "SlidingWindow",
    "conventions",
]


def __getattr__(name: str) -> Any:
    if name not in STEMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    stem = STEMS[name]
    return getattr(importlib.import_module(f"{__name__}.{stem}.{stem}"), name)
