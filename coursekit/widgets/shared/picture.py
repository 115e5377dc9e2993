"""The picture shown where no widget runs: nbconvert, GitHub, untrusted notebooks."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE = "#2166ac", "#d95f02"


def png_of(draw: Callable[[Figure], None], size: tuple[float, float]) -> str | None:
    """Return what `draw` draws on an empty figure of `size`, in inches, as a PNG in base64.

    None without matplotlib.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return None
    figure = Figure(figsize=size, dpi=100)  # not pyplot: its list of figures is the student's
    FigureCanvasAgg(figure)
    draw(figure)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode("ascii")
