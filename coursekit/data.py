"""The real images and signals of the lectures and exercises, all available without a network.

Every function returns a new array each time: grey values as float64 from 0 (black) to 1 (white),
rows before columns. Nothing is stored here: the files lie inside the scikit-image package, so each
docstring says who made them and under which licence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.errors import ParameterError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Grey = npt.NDArray[np.float64]

__all__ = ["coins", "page", "photograph", "scan_line"]


def photograph() -> Grey:
    """Return a photograph of a man at a camera on a tripod: fine grass, hard edges, soft sky.

    Returns
    -------
    array of shape (512, 512), float64 from 0 (black) to 1 (white)

    Raises
    ------
    ImportError
        scikit-image is not installed.

    Notes
    -----
    Source: photograph by Lav Varshney; `skimage.data.camera`. Licence: CC0 1.0.
    """
    return _grey("camera")


def coins() -> Grey:
    """Return a photograph of 24 Greek coins from Pompeii, whose relief shows from which side light comes.

    Returns
    -------
    array of shape (303, 384), float64 from 0 (black) to 1 (white)

    Raises
    ------
    ImportError
        scikit-image is not installed.

    Notes
    -----
    Source: Brooklyn Museum; `skimage.data.coins`. Licence: no known copyright restrictions.
    """
    return _grey("coins")


def page() -> Grey:
    """Return a printed page photographed in uneven light: dark at the lower left, bright at the upper right.

    The word "markers" stands on it three times in the same type, "the" five times.

    Returns
    -------
    array of shape (191, 384), float64 from 0 (black) to 1 (white)

    Raises
    ------
    ImportError
        scikit-image is not installed.

    Notes
    -----
    Source: a page of the scikit-image documentation; `skimage.data.page`.
    Licence: BSD-3-Clause, as the package that carries it.
    """
    return _grey("page")


def scan_line(row: int = 22) -> Grey:
    """Return one row of `page`, as a line scanner measures it: a signal that dips where it crosses ink.

    Parameters
    ----------
    row : int from 0 to 190; row 22, the default, crosses the heading "Region-based segmentation"

    Returns
    -------
    array of shape (384,), float64 from 0 (black) to 1 (white), one sample per pixel

    Raises
    ------
    ParameterError
        There is no such row.
    ImportError
        scikit-image is not installed.

    Notes
    -----
    Source and licence are those of `page`. Licence: BSD-3-Clause.
    """
    image = page()
    if isinstance(row, bool) or row not in range(image.shape[0]):
        raise ParameterError(f"row must be an integer from 0 to {image.shape[0] - 1}; got {row!r}")
    samples: Grey = image[row].copy()
    return samples


def _grey(name: str) -> Grey:
    """Read the 8-bit image `name` that scikit-image carries, scaled from 0..255 to 0..1."""
    try:
        import skimage.data
    except ModuleNotFoundError as error:
        raise ImportError(
            f"this image is carried by scikit-image, which is not installed ({error}); "
            'run: python -m pip install "scikit-image>=0.25"',
            name=error.name,
        ) from error
    pixels: npt.NDArray[np.uint8] = getattr(skimage.data, name)()
    grey: Grey = pixels / 255.0
    return grey
