"""The plans of correlate's gradients: a matrix product in tiles, or one thread or block for each output."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from coursekit.reference.cuda.device import Device
from coursekit.reference.cuda.planes import THREADS, as_image, contiguous, geometry, launch_each, number_of
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

SIDE = 16  # threads along each side of a tile
MOST_CHANNELS = 8  # of a group, whose sums one thread keeps in registers
TOGETHER = 264  # blocks that a large GPU runs at once: 2 on each of 132 multiprocessors
WANTED_BLOCKS = 1056  # for which the places of a kernel's gradient are split: 8 on each
LEAST_PLACES = 1024  # of a part, so that adding the parts stays a small matter
FEWEST_PLACES = 256  # of a part of tiles, where all parts together have no more than FEW numbers
FEW = 1 << 20  # 4 MiB of float32, added in a few microseconds
MOST_IN_PARTS = 1 << 24  # numbers in all parts: 64 MiB of float32
MOST_PARTS = 65_535  # blocks of a grid along y or z
# Cycles of a multiprocessor for each place: of a tile per EACH, and of an output with a block of its own.
# Counted from the instructions, not measured.
TILE_CYCLES, TAP_CYCLES = 20, 0.125


def input_gradient(device: Device, given: Operands, windows: Windows, *, each: int | None = None) -> Any:
    """Return the transposed correlation (N, C, *spatial), without bias: what `windows` send to their pixels.

    given : image (N, F, *positions), a number for each window, and kernel (C, F // groups, *taps), as
        `transposed_operands` returns them
    windows : those of the correlation that is transposed
    each : EACH of the product, 1 to 8, or 0 for one thread per pixel; None (default) takes what is fast
    """
    flat = as_image(windows)
    groups, batch = given.groups, given.image.shape[0]
    channels, kernels = given.kernel.shape[0] // groups, given.kernel.shape[1]
    out = device.xp.empty((batch, channels * groups, *windows.spatial), dtype=given.image.dtype)
    if out.size == 0:
        return out
    taps = device.xp.reshape(given.kernel, (groups, channels, kernels, *flat.taps))
    taps = contiguous(device, device.xp.permute_dims(taps, (0, 3, 4, 2, 1)))
    arrays = [contiguous(device, given.image), taps, out]
    defines = {**geometry(flat), "NUMBER": number_of(given.image)}
    if each == 0 or (each is None and channels <= MOST_CHANNELS):
        launch_each(
            device,
            "input_gradient",
            "by_pixel",
            {**defines, "BY_PIXEL": 1, "CHANNELS": channels, "EACH": 1},
            [*arrays, groups, kernels, *flat.positions, *flat.spatial],
            batch * groups * prod(flat.spatial),
        )
        return out
    phases = [min(step, size) for step, size in zip(flat.stride, flat.spatial, strict=True)]
    of_phase = [-(-size // step) for step, size in zip(flat.stride, flat.spatial, strict=True)]
    places = batch * prod(of_phase)
    if each is None:
        each = _each_of_input(channels, places, prod(phases) * groups, given.image)
    tiles = -(-places // (SIDE * each))
    device.launch(
        "input_gradient",
        "by_product",
        {**defines, "BY_PIXEL": 0, "EACH": each, "SLICE": _slice(kernels), "LARGE": 0},
        (tiles * prod(phases), groups * -(-channels // (SIDE * each)), 1),
        (THREADS, 1, 1),
        [
            *arrays,
            *(groups, kernels, channels, *flat.positions, *flat.spatial),
            *(phases[1], *of_phase, tiles, np.int64(places)),
        ],
    )
    return out


def kernel_gradient(
    device: Device,
    gradient: Any,
    image: Any,
    windows: Windows,
    groups: int,
    *,
    each: int | None = None,
    parts: int | None = None,
) -> Any:
    """Return the kernel's gradient (F, C // groups, *taps).

    gradient : (N, F, *positions); image : (N, C, *spatial), in the same dtype, that of the result
    each : EACH of the product, 1 to 8, or 0 for one block per output; None (default) takes what is fast
    parts : into how many the places are split, at most; None (default) takes as many as fill the GPU
    """
    xp, flat = device.xp, as_image(windows)
    (batch, kernels), channels = gradient.shape[:2], image.shape[1] // groups
    out = xp.empty((kernels, channels, *windows.taps), dtype=image.dtype)
    places = batch * windows.position_count
    if places == 0:
        out[...] = 0
        return out
    columns = channels * windows.window_size
    if each is None:
        each = _each_of_kernel(kernels // groups, columns, image)
    down, across = (-(-size // (SIDE * max(each, 1))) for size in (kernels // groups, columns))
    blocks = groups * down * across if each else out.size
    count = _parts(places, blocks, out.size, in_tiles=each > 0) if parts is None else parts
    step = THREADS if each == 0 else SIDE
    length = -(-places // (count * step)) * step
    count = -(-places // length)
    sums = xp.empty((count, out.size), dtype=xp.float64 if number_of(image) == 64 else xp.float32)
    device.launch(
        "kernel_gradient",
        "by_product" if each else "by_tap",
        {**geometry(flat), "NUMBER": number_of(image), "BY_TAP": int(each == 0), "EACH": max(each, 1)},
        (across, groups * down, count) if each else (out.size, count, 1),
        (THREADS, 1, 1),
        [
            *(contiguous(device, gradient), contiguous(device, image), sums),
            *(groups, kernels // groups, channels, *flat.positions, *flat.spatial),
            *(np.int64(places), np.int64(length)),
        ],
    )
    defines = {"NUMBER": number_of(image)}
    launch_each(device, "add_parts", "add_parts", defines, [sums, out, count], out.size)
    return out


def choices(array: Any) -> tuple[int, ...]:
    """Return the values of EACH: 8 x 8 sums in float64 would not fit a thread's registers."""
    return (1, 2, 4) if number_of(array) == 64 else (1, 2, 4, 8)


def _each_of_input(channels: int, places: int, copies: int, array: Any) -> int:
    """Return EACH for the least time: a large tile shares more, but may be half empty or leave GPUs idle."""

    def time(each: int) -> int:
        blocks = copies * -(-channels // (SIDE * each)) * -(-places // (SIDE * each))
        return -(-blocks // TOGETHER) * each

    return min(choices(array), key=time)


def _each_of_kernel(kernels: int, columns: int, array: Any) -> int:
    """Return EACH for the least time, or 0 where a block for each output takes less."""

    def time(each: int) -> int:
        return -(-kernels // (SIDE * each)) * -(-columns // (SIDE * each)) * each

    best = min(choices(array), key=time)
    return 0 if kernels * columns * TAP_CYCLES < time(best) * TILE_CYCLES else best


def _parts(places: int, blocks: int, outputs: int, *, in_tiles: bool) -> int:
    """Return into how many parts the places are split, so that the blocks fill the GPU."""
    wanted = -(-WANTED_BLOCKS // blocks)
    most = places // LEAST_PLACES
    if in_tiles:
        most = max(most, min(places // FEWEST_PLACES, FEW // outputs))
    return max(1, min(wanted, most, MOST_IN_PARTS // outputs, MOST_PARTS))


def _slice(kernels: int) -> int:
    """Return how many kernels a tile takes at a time: 16, or fewer where there are fewer."""
    return 4 if kernels <= 4 else 8 if kernels <= 8 else 16
