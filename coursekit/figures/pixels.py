"""A figure as pixels, drawn once: `savefig` draws twice wherever a layout or a tight crop is wanted."""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from coursekit.figures.ticks import worked_out_once

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

OPAQUE = 255
COMPRESSION = 2  # of 9: what more makes smaller is little, and a page is looked at once or twice
# What the PNG specification calls things: its first bytes, the filter "Up", a colour type by channels.
SIGNATURE, UP, COLOURS = b"\x89PNG\r\n\x1a\n", 2, {1: 0, 3: 2, 4: 6}


class OnceDrawn(FigureCanvasAgg):
    """A canvas that is drawn on once, for a file: what is animated is shown as it stands."""

    def is_saving(self) -> bool:
        """Say what a canvas says while `savefig` uses it."""
        return True

    @property
    def pixels(self) -> Pixels:
        """What was drawn, (H, W, 4): red, green, blue, opacity. A view, good for as long as the canvas."""
        return np.asarray(self.buffer_rgba())  # type: ignore[no-untyped-call]  # matplotlib's is untyped


@contextlib.contextmanager
def drawn(figure: Figure, dpi: float) -> Iterator[OnceDrawn]:
    """Draw `figure` at `dpi` dots per inch and yield its canvas; afterwards it has its own canvas back.

    That one holds what was drawn, if it can, as after `savefig`. Whatever drawing raises passes through.
    """
    canvas: Any = figure.canvas
    resolution = figure.dpi
    once: Any = OnceDrawn(figure)
    try:
        figure.dpi = dpi
        with worked_out_once(figure):
            once.draw()
            yield once
        if isinstance(canvas, FigureCanvasAgg):
            canvas.renderer = once.renderer
        figure.stale = False  # to ask for its extent says that it has changed
    finally:
        figure.dpi = resolution  # after which it must be drawn anew if that is another one
        figure.set_canvas(canvas)


def png(pixels: Pixels, dpi: float) -> bytes:
    """Return `pixels`, (H, W, 4), as PNG; without opacity and colour where there is none.

    Most rows of a figure are the row above once more, so every row is written as its difference to that
    one. An encoder for all pictures tries every filter on every row, and then finds little more.
    """
    channels = 4
    if (pixels[..., 3] == OPAQUE).all():
        grey = all((pixels[..., 0] == pixels[..., channel]).all() for channel in (1, 2))
        channels = 1 if grey else 3
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels[..., :channels]).reshape(height, -1)
    lines = np.full((height, 1 + rows.shape[1]), UP, np.uint8)
    lines[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=lines[1:, 1:])
    per_metre = round(dpi / 0.0254)
    chunks = {
        b"IHDR": struct.pack(">2I5B", width, height, 8, COLOURS[channels], 0, 0, 0),
        b"pHYs": struct.pack(">2IB", per_metre, per_metre, 1),
        b"IDAT": zlib.compress(lines.data, COMPRESSION),
        b"IEND": b"",
    }
    return SIGNATURE + b"".join(_chunk(*chunk) for chunk in chunks.items())


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
