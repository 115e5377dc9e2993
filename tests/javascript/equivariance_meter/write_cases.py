"""Cases of the equivariance meter: what the Python reference and NumPy's shifts answer."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from coursekit import reference
from coursekit.widgets.equivariance_meter.examples import KERNELS, LETTER
from coursekit.widgets.equivariance_meter.mapping import output_shift

BORDERS: dict[str, Any] = {"zeros": "constant", "wrap": "wrap", "reflect": "reflect"}
# Image, kernel, stride, pooling, pool size, pool stride: sizes that the step divides and that it does not;
# even kernels; windows that overlap; one row.
FUNCTIONS: list[tuple[tuple[int, int], tuple[int, int], int, str, int, int | None]] = [
    ((6, 8), (3, 3), 1, "none", 2, None),
    ((7, 8), (3, 3), 2, "none", 2, None),
    ((8, 8), (3, 2), 1, "max", 2, None),
    ((8, 6), (2, 3), 1, "average", 2, None),
    ((9, 7), (3, 3), 1, "max", 3, 2),
    ((8, 8), (1, 1), 2, "average", 2, 1),
    ((7, 9), (3, 3), 1, "max", 2, None),
    ((8, 9), (2, 2), 3, "none", 2, None),
    ((3, 12), (1, 3), 1, "average", 2, 1),
]
SHIFTS = [(0, 1), (0, -2), (1, 0), (-3, 2), (4, 4), (0, 0), (0, 8)]
ROUNDINGS = ("floor", "ceil")


def cases() -> dict[str, Any]:
    """Return all cases as JSON values."""
    rng = np.random.default_rng(9)
    compared = []
    settings = product(FUNCTIONS, [*BORDERS, "valid"], ("wrap", "zeros"), (False, True))
    for number, (function, padding, entering, average) in enumerate(settings):
        size, taps, *others = function
        image, kernel = rng.integers(-9, 10, size), rng.integers(-4, 5, taps)
        names = ("stride", "pooling", "pool_size", "pool_stride")
        row = {**dict(zip(names, others, strict=True)), "padding": padding, "global_average": average}
        row |= {"is_flipped": number % 3 == 0, "rounding": ROUNDINGS[number % 2], "entering": entering}
        compared.append(compare(image, kernel, SHIFTS[number % len(SHIFTS)], row))
    return {
        "compare": compared,
        "circular": [circular(rng, size, taps) for size, taps in [((5, 6), (3, 3)), ((4, 7), (2, 3))]],
        "shifts": [
            [pixels, step, output_shift(pixels, step)] for pixels in range(-8, 9) for step in (1, 2, 3, 4, 6)
        ],
        "kernels": [[name, kernel] for name, kernel in KERNELS.items()],
        "letter": [list(row) for row in LETTER],
    }


def padded(image: np.ndarray, taps: tuple[int, ...], padding: str, **options: Any) -> np.ndarray:
    """Return the image with its border, by numpy.pad."""
    if padding == "valid":
        return image
    around = [(tap // 2, (tap - 1) // 2) for tap in taps]
    return np.pad(image, around, **(options or {"mode": BORDERS[padding]}))


def apply(with_border: np.ndarray, kernel: np.ndarray, row: dict[str, Any]) -> np.ndarray:
    """Return the maps of an image that has its border."""
    slide = reference.convolve if row["is_flipped"] else reference.correlate
    out = slide(with_border, kernel, stride=row["stride"])
    if row["pooling"] == "none":
        return out
    pool = reference.max_pool if row["pooling"] == "max" else reference.average_pool
    return pool(out, row["pool_size"], stride=row["pool_stride"], rounding=row["rounding"])


def moved(values: np.ndarray, steps: tuple[int, ...], fills: list[Any]) -> np.ndarray:
    """Return the values rolled on each axis; where a fill is not None it replaces what came round."""
    for axis, (step, fill) in enumerate(zip(steps, fills, strict=True)):
        values = np.roll(values, step, axis)
        if fill is None:
            continue
        places = np.arange(values.shape[axis])
        came = (places < step) | (places >= values.shape[axis] + step)
        values = np.where(came[:, None] if axis == 0 else came, fill, values)
    return values


def compare(
    image: np.ndarray, kernel: np.ndarray, shift: tuple[int, int], row: dict[str, Any]
) -> dict[str, Any]:
    """Return both outputs and, from images of marks, which outputs the border reaches."""
    fill = None if row["entering"] == "wrap" else 0
    step = row["stride"] * (1 if row["pooling"] == "none" else row["pool_stride"] or row["pool_size"])
    after = moved(image, shift, [fill] * 2)
    output, direct = (apply(padded(one, kernel.shape, row["padding"]), kernel, row) for one in (image, after))
    steps = tuple(output_shift(pixels, step) for pixels in shift)
    fills = [
        None if row["entering"] == "wrap" and output.shape[axis] * step == image.shape[axis] else np.nan
        for axis in (0, 1)
    ]
    shifted_output = moved(output, steps, fills)
    reached = near_border(image.shape, kernel.shape, (0, 0), row)
    near = near_border(image.shape, kernel.shape, shift, row) | (moved(reached, steps, fills) > 0)
    if row["global_average"]:
        output, direct = output.mean(keepdims=True), direct.mean(keepdims=True)
        shifted_output = output
    return {
        **row,
        "image": image.tolist(),
        "kernel": kernel.tolist(),
        "shift": shift,
        "moved": after.tolist(),
        "output": output.round(9).tolist(),
        "direct": direct.round(9).tolist(),
        "shifted_output": [
            [None if np.isnan(one) else round(float(one), 9) for one in line] for line in shifted_output
        ],
        "near": None if row["global_average"] else near.astype(int).tolist(),
    }


def near_border(
    size: tuple[int, ...], taps: tuple[int, ...], shift: tuple[int, int], row: dict[str, Any]
) -> np.ndarray:
    """Return which outputs read beyond the image, what a shift brought in, or hang over the far end.

    Found by marks: ones where nothing of the image stands, summed by a kernel of ones.
    """
    marks = 1 - moved(np.ones(size, int), shift, [0, 0])
    if row["padding"] == row["entering"] == "wrap":
        marks[:] = 0  # image and borders go round: nothing lies beyond
        with_border = padded(marks, taps, "zeros")
    else:
        with_border = padded(marks, taps, row["padding"], constant_values=1)
    average = {**row, "pooling": row["pooling"].replace("max", "average")}
    read = apply(with_border, np.ones(taps, int), average) > 0
    if row["pooling"] != "none":
        sums = apply(with_border, np.ones(taps, int), {**row, "pooling": "none"}).shape
        apart = row["pool_stride"] or row["pool_size"]
        over = [
            np.arange(length) * apart + row["pool_size"] > end
            for length, end in zip(read.shape, sums, strict=True)
        ]
        read = read | over[0][:, None] | over[1]
    return read


def circular(rng: np.random.Generator, size: tuple[int, int], taps: tuple[int, int]) -> dict[str, Any]:
    """Return a circular convolution, turned back by what the border puts before the image."""
    image, kernel = rng.integers(-9, 10, size), rng.integers(-4, 5, taps)
    turn = [-((tap - 1) // 2) for tap in taps]
    output = np.roll(reference.convolve_circular(image, kernel), turn, (0, 1))
    return {"image": image.tolist(), "kernel": kernel.tolist(), "output": output.tolist()}
