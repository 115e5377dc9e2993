"""Live demonstrations for JupyterLab, Notebook 7 and slides. They need anywidget (the extra `lab`)."""

from coursekit.widgets.sliding_window import SlidingWindow

__all__ = ["SlidingWindow"]
