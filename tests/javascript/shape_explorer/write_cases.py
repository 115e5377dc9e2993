"""Cases of the shape explorer: what coursekit.shapes answers. See tests/javascript/write_cases.py."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import numpy as np

from coursekit.errors import CourseError
from coursekit.reference import conv_transpose, correlate
from coursekit.shapes import Derivation, find_windows, output_size, same_padding, transposed_size
from coursekit.widgets.shape_explorer.shape_explorer import DILATIONS

PADDINGS: list[Any] = [0, 1, 2, (0, 1), (2, 1), (0, 5)]

FORWARD = [
    (size, kernel, stride, padding, dilation)
    for size, kernel, stride, padding, dilation in product(
        (1, 4, 7, 8), (1, 2, 3, 4), (1, 2, 3), PADDINGS, (1, 2)
    )
    if (size + kernel + stride + dilation + PADDINGS.index(padding)) % 5 == 0  # a fifth of them is enough
] + [(224, 7, 2, 3, 1), (28, 5, 1, 0, 1), (3, 1, 5, 2, 1), (2, 3, 7, 4, 3), (1, 1, 1, 0, 1), (5, 2, 4, 3, 1)]

TRANSPOSED = [
    (size, kernel, stride, padding, dilation, extra)
    for size, kernel, stride, padding, dilation, extra in product(
        (1, 3, 4), (1, 2, 3, 4), (1, 2, 3), (0, 1, (2, 1), 3), (1, 2), (0, 1, 2)
    )
    if (size + kernel + stride + dilation + extra) % 5 == 0
]

INVERSE = [
    (size, wanted, rounding)
    for size, wanted in [
        *[(7, wanted) for wanted in range(1, 14)],
        *[
            (1, 1),
            (1, 2),
            (2, 5),
            (8, 4),
            (28, 14),
            (28, 9),
            (32, 32),
            (100, 7),
            (224, 112),
            (224, 3),
            (50, 500),
        ],
        *[(40, 2), (300, 11), (3, 30), (64, 62)],
    ]
    for rounding in ("floor", "ceil")
]


def cases() -> dict[str, Any]:
    """Return all cases as JSON values."""
    return {
        "forward": [forward(*row, rounding) for row in FORWARD for rounding in ("floor", "ceil")],
        "transposed": [transposed(*row) for row in TRANSPOSED],
        "same": [same(kernel, dilation) for kernel, dilation in product(range(1, 8), (1, 2, 3))],
        "inverse": [inverse(*row) for row in INVERSE],
        "undoing": [undoing(*row) for row in [(4, 7), (4, 8), (3, 6), (1, 5), (14, 28), (5, 5), (6, 3)]],
        "unread": [row for given in FORWARD if (row := unread(*given)) is not None],
        "slips": [row for given in FORWARD if (row := slips(*given)) is not None],
    }


def problem(
    size: int, kernel: int, stride: int, padding: Any, dilation: int, **others: Any
) -> dict[str, Any]:
    """Return the parameters as the browser has them."""
    ends = [padding, padding] if isinstance(padding, int) else list(padding)
    named = {"size": size, "kernel": kernel, "stride": stride, "padding": ends, "dilation": dilation}
    return named | others


def steps(derivation: Derivation) -> list[list[Any]]:
    """Return the steps as name, formula, text and value."""
    return [[step.name, step.formula, step.text, step.value] for step in derivation]


def forward(
    size: int, kernel: int, stride: int, padding: Any, dilation: int, rounding: Any
) -> dict[str, Any]:
    """Return a case of a sliding window: its size and steps, or the numbers of the reason."""
    given = problem(size, kernel, stride, padding, dilation, rounding=rounding)
    try:
        answer = output_size(
            size, kernel, stride=stride, padding=padding, dilation=dilation, rounding=rounding
        )
    except CourseError as error:
        return {"problem": given, "reason": spans(str(error))}
    return {"problem": given, "value": int(answer), "steps": steps(answer.derivation)}


def spans(message: str) -> list[int]:
    """Return what the kernel spans and what the padded input has, as the error says them."""
    found = re.search(r"spans [^=]*= .* = (\d+), the input has .* = (\d+)$", message)
    assert found is not None, message
    return [int(number) for number in found.groups()]


def transposed(
    size: int, kernel: int, stride: int, padding: Any, dilation: int, extra: int
) -> dict[str, Any]:
    """Return a case of a transposed window, and the outputs that no pixel reaches, from ones."""
    given = problem(size, kernel, stride, padding, dilation, transposed=True, outputPadding=extra)
    ends = padding if isinstance(padding, int) else (tuple(padding),)
    options: dict[str, Any] = {"stride": stride, "dilation": dilation, "output_padding": extra}
    try:
        answer = transposed_size(size, kernel, padding=padding, **options)
    except CourseError as error:
        return {"problem": given, "error": type(error).__name__}
    ones = np.ones(size, int), np.ones(kernel, int)
    reached = conv_transpose(*ones, padding=ends, **options)
    empty = [int(index) for index in np.flatnonzero(reached == 0)]
    forward_sizes = list(answer.forward_sizes)
    written = {"value": int(answer), "steps": steps(answer.derivation)}
    return {"problem": given, **written, "forward": forward_sizes, "empty": empty}


def same(kernel: int, dilation: int) -> dict[str, Any]:
    """Return a case of padding "same"."""
    answer = same_padding(kernel, dilation)
    padding = [int(zeros) for zeros in answer]
    return {"kernel": kernel, "dilation": dilation, "padding": padding, "steps": steps(answer.derivation)}


def inverse(size: int, wanted: int, rounding: Any) -> dict[str, Any]:
    """Return a case of the inverse question: the first twenty answers and how many there are."""
    found = find_windows(size, wanted, dilations=DILATIONS, rounding=rounding)
    rows = [[row.kernel_size, row.stride, row.padding, row.dilation, row.unread] for row in found]
    asked = {"size": size, "wanted": wanted, "rounding": rounding, "reason": found.reason}
    return asked | {"number": len(rows), "first": rows[:20], "last": rows[-1:]}


def undoing(size: int, wanted: int) -> dict[str, Any]:
    """Return transposed windows that take `size` to `wanted`, each checked by `transposed_size`."""
    rows = []
    for window in find_windows(wanted, size, dilations=DILATIONS):
        kernel, stride, padding = window.kernel_size, window.stride, window.padding
        options: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": window.dilation}
        base = (size - 1) * stride - 2 * padding + window.dilation * (kernel - 1) + 1
        extra = wanted - base
        assert transposed_size(size, kernel, output_padding=extra, **options) == wanted
        rows.append([kernel, stride, padding, window.dilation, extra])
    return {"size": size, "wanted": wanted, "found": rows[:30]}


def unread(size: int, kernel: int, stride: int, padding: Any, dilation: int) -> dict[str, Any] | None:
    """Return the pixels that change no output, found by changing each."""
    ends = padding if isinstance(padding, int) else (tuple(padding),)
    options: dict[str, Any] = {"stride": stride, "padding": ends, "dilation": dilation}
    ones = np.ones(kernel, int)
    try:
        outputs = [correlate(row, ones, **options) for row in np.eye(size, dtype=int)]
    except CourseError:
        return None
    never = [pixel for pixel, output in enumerate(outputs) if not output.any()]
    return {"problem": problem(size, kernel, stride, padding, dilation), "unread": never}


def slips(size: int, kernel: int, stride: int, padding: Any, dilation: int) -> dict[str, Any] | None:
    """Return the answers that a reader gets by forgetting one thing, as the right one to another question."""
    ends = padding if isinstance(padding, tuple) else (padding, padding)
    right = {"stride": stride, "padding": ends, "dilation": dilation, "rounding": "floor"}
    changes: dict[str, dict[str, Any]] = {
        "ceil": {"rounding": "ceil"},
        "padding once": {"padding": (ends[0], 0)},
        "no padding": {"padding": 0},
        "no dilation": {"dilation": 1},
        "no stride": {"stride": 1},
    }
    try:
        value = int(output_size(size, kernel, **right))  # type: ignore[arg-type]
    except CourseError:
        return None
    wrong: dict[str, int] = {"one too few": value - 1}
    for name, change in changes.items():
        try:
            wrong[name] = int(output_size(size, kernel, **(right | change)))  # type: ignore[arg-type]
        except CourseError:
            continue
    told_apart = {name: number for name, number in wrong.items() if number not in (value, 0)}
    return {"problem": problem(size, kernel, stride, padding, dilation), "value": value, "slips": told_apart}
