"""Sizes: how long the output of a window is, how that comes about, and what makes it impossible."""
