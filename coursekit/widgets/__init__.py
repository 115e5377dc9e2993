"""Live demonstrations for JupyterLab, Notebook 7 and slides. They need anywidget (the extra `lab`).

A widget is three files of one stem: state in Python, its view in JavaScript, its style sheet.

sliding_window.py, .js, .css
  parts.js, gestures.js, panels.js, words.js   its parts on the page, the pointer, the drawing, the sentences
  playback.js                                  where the window goes next, and the clock
  fallback.py                                  the picture where no widget runs
arithmetic.js, grid.js                         for every widget: window arithmetic; numbers, colours, cells
traits.py                                      for every widget: arrays, parameters and positions as state
esm.py                                         joins the JavaScript files into one module for the browser
"""

from coursekit.widgets.sliding_window import SlidingWindow

__all__ = ["SlidingWindow"]
