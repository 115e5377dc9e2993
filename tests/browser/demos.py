"""Every demo with an example that shows much of it: what the tests that are the same for all of them open."""

from __future__ import annotations

DEMOS = {
    "SlidingWindow": "SlidingWindow(np.arange(12).reshape(3, 4), [[0, 1], [2, 3]], padding=1)",
    "SignalConvolver": "SignalConvolver([1, 4, 2, 3, 5, 0, 2, 1], [1, 0, -1])",
    "KernelPlayground": "KernelPlayground(data.coins()[:96, :120])",
    "ShapeExplorer": "ShapeExplorer(9, 3, padding=1, stride=2)",
    "PoolingExplorer": "PoolingExplorer(np.arange(42).reshape(6, 7) % 10, 3, stride=2)",
    "ReceptiveField": "ReceptiveField()",
    "ParameterCounter": "ParameterCounter()",
    "EquivarianceMeter": "EquivarianceMeter()",
    "Conventions": "Conventions()",
}
"""Python that makes each, with numpy as np and coursekit.data as data."""

IMPORTS = f"import numpy as np\nfrom coursekit import data\nfrom coursekit.widgets import {', '.join(DEMOS)}"


def stem_of(name: str) -> str:
    """Return the class of the demo's root: SlidingWindow is .ck-sliding-window."""
    if name == "Conventions":
        return "conventions-switch"
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")


def made(name: str) -> object:
    """Return a fresh demo, made in this process."""
    import numpy as np

    import coursekit.widgets as demos
    from coursekit import data

    return eval(DEMOS[name], {"np": np, "data": data, name: getattr(demos, name)})
