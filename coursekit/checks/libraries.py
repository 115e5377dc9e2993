"""Library routines that do a task themselves, by name, for `Task.forbids`."""

# Whole packages. NumPy's FFT and linear algebra are no convolution by themselves and stay allowed.
PACKAGES = (
    "coursekit.reference",
    "coursekit.shapes",
    "scipy",
    "skimage",
    "torch",
    "tensorflow",
    "jax",
    "cv2",
)
CONVOLUTIONS = (
    "numpy.convolve",
    "numpy.correlate",
    "numpy.polymul",
    "coursekit.figures.pictures.both_operations",  # its pixels are the answer
    *PACKAGES,
)
