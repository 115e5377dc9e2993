"""Equivariance: whether a shift of the input is a shift of the output, and what breaks it."""
