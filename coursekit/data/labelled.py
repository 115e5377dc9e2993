"""Small images with labels, for learning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit.data.files import file_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from coursekit.data.files import Numbers

    Labels = npt.NDArray[np.int64]


def digits() -> tuple[Numbers, Labels]:
    """Return handwritten digits and which digit each is.

    Returns
    -------
    images : array of shape (1797, 1, 8, 8), float64 from 0 (paper) to 1 (ink)
    labels : array of shape (1797,), int64 from 0 to 9

    Raises
    ------
    ImportError
        scikit-learn is not installed.

    Notes
    -----
    Source: E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits", UCI Machine Learning
    Repository, 1998; `sklearn.datasets.load_digits`. Licence: CC BY 4.0.
    """
    table = np.loadtxt(file_of("sklearn", "scikit-learn", "datasets/data/digits.csv.gz"), delimiter=",")
    images: Numbers = table[:, :-1].reshape(-1, 1, 8, 8) / 16.0
    return images, table[:, -1].astype(np.int64)


def faces() -> tuple[Numbers, Labels]:
    """Return small pictures of faces and of backgrounds, and which is which.

    Returns
    -------
    images : array of shape (200, 1, 25, 25), float64 from 0 (black) to 1 (white)
    labels : array of shape (200,), int64: 1 for a face, 0 for none; the 100 faces come first

    Raises
    ------
    ImportError
        scikit-image is not installed.

    Notes
    -----
    Source: a part of Labeled Faces in the Wild (G. Huang, M. Mattar, H. Lee, E. Learned-Miller, 2012);
    `skimage.data.lfw_subset`. Licence: as scikit-image, which carries it; the photographs are from the news.
    """
    pixels = np.load(file_of("skimage", "scikit-image", "data/lfw_subset.npy")).astype(np.float64)
    images: Numbers = pixels[:, None] / (255.0 if pixels.max() > 1 else 1.0)
    return images, np.repeat(np.array([1, 0], dtype=np.int64), 100)
