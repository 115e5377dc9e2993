"""nbgrader reads this file; the course's settings live in autograder/nbgrader_config.py."""

from pathlib import Path

load_subconfig(str(Path(__file__).resolve().parent / "autograder" / "nbgrader_config.py"))  # noqa: F821 - traitlets defines it
