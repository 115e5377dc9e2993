"""The exceptions of the course, as one tree.

CourseError
  ShapeError     (ValueError)    wrong number or size of axes
  ParameterError (ValueError)    stride, padding, dilation, mode or a name out of range
  BackendError   (RuntimeError)  CuPy was asked for and cannot be used
"""


class CourseError(Exception):
    """Root of every exception that this project raises on purpose."""


class ShapeError(CourseError, ValueError):
    """An array has the wrong number or size of axes."""


class ParameterError(CourseError, ValueError):
    """A parameter (stride, padding, dilation, mode, a name) is out of its range."""


class BackendError(CourseError, RuntimeError):
    """CuPy was asked for and cannot be used."""
