"""The pictures of the playground: any real image as a grey one of a size that a browser computes live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit import data
from coursekit.errors import ParameterError, ShapeError
from coursekit.widgets.shared.traits import real_array

Array = np.ndarray[Any, Any]

LONGEST_SIDE = 384
"""Pixels on the longer side of a picture that is shown; larger ones are averaged down."""

LUMINANCE = (0.2126, 0.7152, 0.0722)
"""What red, green and blue add to the grey value (ITU-R BT.709)."""

COURSE = {"coins": data.coins, "photograph": data.photograph, "page": data.page}


@dataclass(frozen=True, eq=False)
class Picture:
    """A grey picture of shape (H, W) under its name.

    `note` says what was done to it, "" if nothing. `is_bytes`: every value is a whole number of 255ths, as
    in a file of 8 bits, and can be sent as such.
    """

    name: str
    pixels: Array
    note: str = ""
    is_bytes: bool = False

    def message(self) -> dict[str, Any]:
        """Return what the browser is sent: one byte a pixel where that loses nothing, else float64."""
        scaled, kind = (np.rint(self.pixels * 255), "u1") if self.is_bytes else (self.pixels, "<f8")
        return {
            "name": self.name,
            "note": self.note,
            "bytes": self.is_bytes,
            "shape": list(self.pixels.shape),
            "data": memoryview(scaled.astype(kind).tobytes()),
        }


def grey_picture(name: str, image: Any) -> Picture:
    """Return any real image as a grey picture.

    Parameters
    ----------
    name : what the reader chooses it by
    image : array of shape (H, W); or in colour, (H, W, 3) or (3, H, W), with or without a fourth channel of
        transparency, which is dropped
        Bytes (uint8) from 0 to 255 become 0 to 1; other numbers stay as they are.

    Raises
    ------
    ShapeError, ParameterError
        Another shape, or values that are not real and finite numbers.
    """
    array, done, is_bytes = _grey(name, image)
    factor = -(-max(array.shape) // LONGEST_SIDE)
    if factor > 1:
        before = " × ".join(map(str, array.shape))
        array = _averaged(array, min(factor, array.shape[0]), min(factor, array.shape[1]))
        after = " × ".join(map(str, array.shape))
        done.append(f"averaged from {before} down to {after} pixels")
    if is_bytes:
        array = np.rint(array * 255) / 255
    array = real_array(name, array, 2)
    return Picture(name, array, "; ".join(done), is_bytes)


def pictures(image: Any, images: Mapping[str, Any] | None) -> tuple[Picture, ...]:
    """Return what the reader can choose from: the lecturer's own first, then those of the course.

    Raises
    ------
    ParameterError, ShapeError
        A name that is no text, or an image that cannot be shown.
    ImportError
        No image was given, and scikit-image, which carries the course's, is not installed.
    """
    given = [] if image is None else [grey_picture("your image", image)]
    if images is not None and not isinstance(images, Mapping):
        raise ParameterError(f"images must be a dict of names to arrays; got {type(images).__name__}")
    for name, array in (images or {}).items():
        if not isinstance(name, str) or not name.strip():
            raise ParameterError(f"images must have names that are text; got {name!r}")
        given.append(grey_picture(name, array))
    taken = {one.name for one in given}
    try:
        given += [grey_picture(name, load()) for name, load in COURSE.items() if name not in taken]
    except ImportError:
        if not given:
            raise
    return tuple(given)


def _grey(name: str, image: Any) -> tuple[Array, list[str], bool]:
    """Return the image as an array of two axes, what was done to it, and whether it was made of bytes."""
    try:
        array = np.asarray(image)
    except (ValueError, TypeError):
        return real_array(name, image, 2), [], False  # it names what is wrong
    if array.dtype.kind not in "biuf" or array.size == 0 or array.ndim not in (2, 3):
        return real_array(name, array, 2), [], False
    if not np.isfinite(array).all():
        raise ParameterError(f"{name} must hold numbers that are finite; it holds NaN or infinity")
    if array.dtype == np.uint8:
        array = array / 255
    is_bytes = array.dtype.kind == "f" and _is_of_bytes(array)
    if array.ndim == 2:
        return array, [], is_bytes
    if array.shape[2] not in (3, 4):
        if array.shape[0] not in (3, 4):
            raise ShapeError(
                f"{name} must have shape (H, W), or in colour (H, W, 3) or (3, H, W); got shape {array.shape}"
            )
        array = np.moveaxis(array, 0, 2)
    return array[..., :3] @ np.array(LUMINANCE), ["colour turned into grey"], is_bytes


def _is_of_bytes(array: Array) -> bool:
    """True if all values are 255ths from 0 to 1."""
    if array.min() < 0 or array.max() > 1:
        return False
    return bool(np.abs(np.rint(array * 255) - array * 255).max() < 1e-6)


def _averaged(array: Array, down: int, across: int) -> Array:
    """Return the means of blocks of `down` x `across` pixels; what is left over at the end is dropped."""
    rows, columns = array.shape[0] // down, array.shape[1] // across
    blocks = array[: rows * down, : columns * across].reshape(rows, down, columns, across)
    means: Array = blocks.mean(axis=(1, 3))
    return means
