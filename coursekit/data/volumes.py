"""Data with three axes: a volume, and a video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit.data.files import channels_first, file_of

if TYPE_CHECKING:
    from coursekit.data.files import Numbers

# Each row: brightness to add; half axes along x, y, z; centre x, y, z; turn about z in degrees.
ELLIPSOIDS = (
    (1.0, 0.69, 0.92, 0.81, 0.0, 0.0, 0.0, 0),
    (-0.8, 0.6624, 0.874, 0.78, 0.0, -0.0184, 0.0, 0),
    (-0.2, 0.11, 0.31, 0.22, 0.22, 0.0, 0.0, -18),
    (-0.2, 0.16, 0.41, 0.28, -0.22, 0.0, 0.0, 18),
    (0.1, 0.21, 0.25, 0.41, 0.0, 0.35, -0.15, 0),
    (0.1, 0.046, 0.046, 0.05, 0.0, 0.1, 0.25, 0),
    (0.1, 0.046, 0.046, 0.05, 0.0, -0.1, 0.25, 0),
    (0.1, 0.046, 0.023, 0.05, -0.08, -0.605, 0.0, 0),
    (0.1, 0.023, 0.023, 0.02, 0.0, -0.606, 0.0, 0),
    (0.1, 0.023, 0.046, 0.02, 0.06, -0.605, 0.0, 0),
)


def volume() -> Numbers:
    """Return a head as a computed tomography scanner would see it: a phantom, made of ten ellipsoids.

    Returns
    -------
    array of shape (48, 64, 64), float64 from 0 (air) to 1 (bone): slices from the neck up, rows, columns

    Notes
    -----
    Source: made here, after the head phantom of L. Shepp and B. Logan, "The Fourier reconstruction of a
    head section", IEEE Transactions on Nuclear Science 21(3), 1974, with ellipsoids in place of ellipses
    and more contrast. Licence: that of this course.
    """
    axes = [np.linspace(-1, 1, size) for size in (48, 64, 64)]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    y = -y  # rows run from the forehead down
    head = np.zeros(z.shape)
    for brightness, a, b, c, x0, y0, z0, degrees in ELLIPSOIDS:
        cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        along, across = (x - x0) * cosine + (y - y0) * sine, (y - y0) * cosine - (x - x0) * sine
        head[(along / a) ** 2 + (across / b) ** 2 + ((z - z0) / c) ** 2 <= 1] += brightness
    return head.clip(0, 1)


def video() -> Numbers:
    """Return a very small colour video of somebody who turns away.

    Returns
    -------
    array of shape (3, 24, 25, 14), float64 from 0 to 1: red, green, blue, then frames, rows, columns;
        70 milliseconds from one frame to the next

    Raises
    ------
    ImportError
        scikit-image is not installed.

    Notes
    -----
    Source: `no_time_for_that_tiny.gif` of scikit-image's sample data.
    Licence: BSD-3-Clause, as the package that carries it.
    """
    path = file_of("skimage", "scikit-image", "data/no_time_for_that_tiny.gif")
    from PIL import Image, ImageSequence  # comes with matplotlib and with scikit-image

    with Image.open(path) as animation:
        frames = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(animation)]
    return channels_first(np.stack(frames))
