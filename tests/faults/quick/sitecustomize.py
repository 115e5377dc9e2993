"""Starts a grader in half the time: nbformat loads a grammar of addresses that nothing here asks."""

import sys

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # to jsonschema it is not installed
