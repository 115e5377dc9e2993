"""The ways to compute a cross-correlation, one a file: each gives the same numbers at another price."""
