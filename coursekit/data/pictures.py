"""Photographs, a printed page and its scan lines, a scan of a head, textures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit.data.files import colour, grey, matplotlib_sample, sklearn_photograph
from coursekit.errors import ParameterError

if TYPE_CHECKING:
    from coursekit.data.files import Numbers


def photograph() -> Numbers:
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
    return grey("camera.png")


def coins() -> Numbers:
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
    return grey("coins.png")


def page() -> Numbers:
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
    return grey("page.png")


def scan_line(row: int = 22) -> Numbers:
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
    samples: Numbers = image[row].copy()
    return samples


def cat() -> Numbers:
    """Return a colour photograph of a cat's face: fine fur, round eyes, a soft background.

    Returns
    -------
    array of shape (3, 300, 451), float64 from 0 to 1: red, green, blue, then rows, then columns

    Raises
    ------
    ImportError
        scikit-image is not installed.

    Notes
    -----
    Source: photograph by Stefan van der Walt; `skimage.data.chelsea`. Licence: CC0 1.0.
    """
    return colour("chelsea.png")


def gallery() -> dict[str, Numbers]:
    """Return nine small colour photographs, one for each of nine words.

    Returns
    -------
    dict from a word to an array of shape (3, H, W), float64 from 0 to 1; H lies between 100 and 160

    Raises
    ------
    ImportError
        scikit-image or scikit-learn is not installed.

    Notes
    -----
    Each is made smaller by averaging square blocks of pixels.
    Source: "cat" Stefan van der Walt, "coffee" Rachel Michetti, "astronaut" and "galaxies" NASA,
    "rocket" SpaceX, "tissue" Center for Microscopy and Molecular Imaging, "retina" Mikael Häggström, all
    in `skimage.data`; "temple" (danielbuechele) and "flower" (vultilion) in
    `sklearn.datasets.load_sample_images`.
    Licence: CC0 1.0 or public domain; "temple" and "flower" CC BY 2.0; "tissue" no known copyright
    restrictions.
    """
    whole = {
        "cat": colour("chelsea.png"),
        "coffee": colour("coffee.png"),
        "temple": sklearn_photograph("china.jpg"),
        "astronaut": colour("astronaut.png"),
        "flower": sklearn_photograph("flower.jpg"),
        "rocket": colour("rocket.jpg"),
        "galaxies": colour("hubble_deep_field.jpg"),
        "retina": colour("retina.jpg"),
        "tissue": colour("ihc.png"),
    }
    return {name: _smaller(image, image.shape[1] // 100) for name, image in whole.items()}


def textures() -> dict[str, Numbers]:
    """Return five grey photographs of nature and of buildings, for learning what images are made of.

    Returns
    -------
    dict from a word to an array of shape (H, W), float64 from 0 (black) to 1 (white)

    Raises
    ------
    ImportError
        scikit-image or scikit-learn is not installed.

    Notes
    -----
    Source: "grass" (linolafett), "gravel" and "brick" (CC0Textures) in `skimage.data`; "temple"
    (danielbuechele) and "flower" (vultilion) in `sklearn.datasets.load_sample_images`, the mean of their
    three channels. Licence: CC0 1.0; "temple" and "flower" CC BY 2.0.
    """
    pictures = {name: grey(f"{name}.png") for name in ("grass", "gravel", "brick")}
    for name, file in (("temple", "china.jpg"), ("flower", "flower.jpg")):
        pictures[name] = sklearn_photograph(file).mean(axis=0)
    return pictures


def mri() -> Numbers:
    """Return one slice of a head, from a magnetic resonance scanner.

    Returns
    -------
    array of shape (256, 256), float64 from 0 (no signal) to 1 (the strongest)

    Raises
    ------
    ImportError
        matplotlib is not installed.

    Notes
    -----
    Source: `s1045.ima.gz` of matplotlib's sample data. Licence: that of matplotlib, which carries it.
    """
    levels = np.frombuffer(matplotlib_sample("s1045.ima.gz"), np.uint16).reshape(256, 256)
    scan: Numbers = levels / levels.max()
    return scan


def _smaller(image: Numbers, block: int) -> Numbers:
    """Average blocks of `block` x `block` pixels of `image` (C, H, W); what is left over is cut off."""
    channels, height, width = image.shape
    rows, columns = height // block, width // block
    blocks = image[:, : rows * block, : columns * block].reshape(channels, rows, block, columns, block)
    means: Numbers = blocks.mean(axis=(2, 4))
    return means
