"""Live demonstrations for JupyterLab, Notebook 7 and slides. They need anywidget (the extra `lab`).

How they are made stands in the README of this folder.
"""

from coursekit.widgets.conventions_switch.conventions_switch import Conventions, conventions
from coursekit.widgets.sliding_window.sliding_window import SlidingWindow

__all__ = ["Conventions", "SlidingWindow", "conventions"]
