"""What Python recorded of a few functions, and what is to be seen of it at every step."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from coursekit.widgets.sliding_window.recorder import Trace, message, record
from coursekit.widgets.sliding_window.recorder.sums import Task

IMAGE = np.array([[1, 2, 3], [4, -5, 6], [7, 8, 9]])
KERNEL = np.array([[1, -2], [0.5, 3]])


def loops(image: Any, kernel: Any) -> Any:
    output = np.zeros((2, 2))
    for i, j in np.ndindex(output.shape):
        total = 0
        for u, v in np.ndindex(kernel.shape):
            total += image[i + u, j + v] * kernel[u, v]
        output[i, j] = total
    return output


def into_the_output(image: Any, kernel: Any) -> Any:
    output = np.zeros((2, 2), dtype=int)
    for i, j in np.ndindex(output.shape):
        for u, v in np.ndindex(kernel.shape):
            output[i, j] += image[i + u - 1, j + v] * kernel[u, v]
    return output


def windows(image: Any, kernel: Any) -> Any:
    padded = np.pad(image, 1)
    return [[(padded[i : i + 2, j : j + 2] * kernel).sum() for j in range(4)] for i in range(4)]


def at_once(image: Any, kernel: Any) -> Any:
    return np.einsum("ijuv,uv->ij", np.lib.stride_tricks.sliding_window_view(image, kernel.shape), kernel)


def stops(image: Any, kernel: Any) -> Any:
    output = np.empty((2, 2))
    output[1, 1] = image[0, 0] * kernel[0, 0]
    return output[image[2, 9]]


FUNCTIONS = (loops, into_the_output, windows, at_once, stops)


def as_json(value: Any) -> Any:
    """Buffers as base64, everything else as it is."""
    if isinstance(value, memoryview):
        return {"base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, dict):
        return {name: as_json(part) for name, part in value.items()}
    return [as_json(part) for part in value] if isinstance(value, list) else value


def target(trace: Trace, step: int) -> int:
    """Return the output that an event works for: the next one that is written, if it is written alone."""
    written = (e.cells for e in trace.events[step:] if e.kind == "write" and e.name == "output" and e.cells)
    cells = next(written, [])
    return cells[0] if len(cells) == 1 else -1


def output(trace: Trace, step: int) -> list[float | None]:
    """Return the output after a step, None where nothing is written yet."""
    values: list[float | None] = [None] * (0 if trace.output is None else trace.output.size)
    for event in trace.events[: step + 1]:
        if event.kind == "write" and event.name == "output":
            for cell, value in zip(event.cells, event.values, strict=True):
                values[cell] = value
    return values


def stray(trace: Trace, step: int) -> list[int]:
    """Return the pixels that are read now and do not belong to the window of the output."""
    event, at = trace.events[step], target(trace, step)
    pixels = event.cells[::2] if event.kind == "multiply" else event.cells if event.name == "image" else []
    if at < 0 or trace.output is None:
        return []
    task = Task.of(trace.image, trace.kernel, trace.operation, **trace.parameters)
    row, column = divmod(at, trace.output.shape[1])
    if row >= task.shape[0] or column >= task.shape[1]:
        return []  # there should be no output
    window = {task.pixel((row, column), tap) for tap in task.taps()}
    return [pixel for pixel in pixels if pixel >= 0 and divmod(pixel, trace.image.shape[1]) not in window]


def window(trace: Trace, cell: tuple[int, int]) -> list[list[int]]:
    """Return the pixels that an output should read, in the order of the taps."""
    task = Task.of(trace.image, trace.kernel, trace.operation, **trace.parameters)
    return [list(task.pixel(cell, tap)) for tap in task.taps()]


def cases() -> dict[str, list[Any]]:
    """Return a trace of each function, as it is sent and as it is to be read."""
    traces = [record(function, IMAGE, KERNEL) for function in FUNCTIONS]
    turned = record(loops, IMAGE, KERNEL, operation="convolution")
    wide = record(lambda image, kernel, **_: image, IMAGE, KERNEL, stride=2, padding=1, dilation=2)
    return {
        "traces": [as_json({"message": message(trace), **expected(trace)}) for trace in traces],
        "windows": [
            {"message": as_json(message(trace)), "cell": cell, "pixels": window(trace, tuple(cell))}
            for trace in (traces[0], turned, wide)
            for cell in ([0, 0], [1, 1])
        ],
    }


def expected(trace: Trace) -> dict[str, Any]:
    """Return what the browser must read from the message of a trace."""
    steps = range(len(trace.events))
    return {
        "events": [[e.kind, e.line, e.name, e.cells, e.values, e.negative, e.cut] for e in trace.events],
        "targets": [target(trace, step) for step in steps],
        "outputs": [output(trace, step) for step in steps],
        "stray": [stray(trace, step) for step in steps],
    }
