"""A student's own function, recorded: every read of image and kernel, every product, every write."""

from coursekit.widgets.sliding_window.recorder.findings import Finding
from coursekit.widgets.sliding_window.recorder.message import message
from coursekit.widgets.sliding_window.recorder.record import Trace, record

__all__ = ["Finding", "Trace", "message", "record"]
