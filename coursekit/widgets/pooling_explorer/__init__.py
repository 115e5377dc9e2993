"""Pooling: what a window keeps of its pixels, and where the gradient goes back to."""
