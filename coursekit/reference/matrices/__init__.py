"""Convolution as a matrix: the whole operation written out, one row per output."""

from coursekit.reference.matrices.circulant import circulant, convolve_circular, doubly_block_circulant
from coursekit.reference.matrices.toeplitz import doubly_block_toeplitz, toeplitz

__all__ = ["circulant", "convolve_circular", "doubly_block_circulant", "doubly_block_toeplitz", "toeplitz"]
