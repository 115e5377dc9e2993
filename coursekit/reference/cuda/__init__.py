"""The CuPy backend: kernels as `.cu` sources, and the plans that launch them. README.md tells their story."""
