"""The code that the demos print for NumPy, SciPy, PyTorch and CuPy: every line of it is run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coursekit import (
    average_pool,
    conv_transpose,
    convolve,
    correlate,
    global_average_pool,
    global_max_pool,
    max_pool,
    maxout,
)
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.node

ROUNDINGS, OPERATIONS, ORDERS = ("floor", "ceil"), ("correlation", "convolution"), ("first", "last")
WINDOWS: list[dict[str, Any]] = [
    {},
    {"stride": 2},
    {"stride": (3, 2), "padding": (1, 2)},
    {"dilation": 2},
    {"stride": (2, 3), "padding": 1, "dilation": (1, 2)},
    {"stride": 4},
]


def cases() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield operations and conventions."""
    base = {"operation": "correlation", "channels": "first", "rounding": "floor", "ties": "first"}
    for settings, rounding, operation in product(WINDOWS, ROUNDINGS, OPERATIONS):
        given = base | {"rounding": rounding, "operation": operation}
        yield {"kind": "correlate", "axes": 2, "input": [8, 9], "taps": [3, 2], **settings}, given
        for order in ORDERS:
            with_channels = {
                "kind": "correlate",
                "axes": 2,
                "input": [8, 9],
                "taps": [2, 3],
                "channels": True,
            }
            yield with_channels | settings, given | {"channels": order}
    for mode, operation, taps in product(("valid", "same", "full"), OPERATIONS, (1, 2, 3, 4)):
        yield (
            {"kind": "correlate", "axes": 1, "input": [9], "taps": [taps], "mode": mode},
            base | {"operation": operation},
        )
    for mode, operation in product(("same", "full"), OPERATIONS):
        longer = {"kind": "correlate", "axes": 1, "input": [3], "taps": [5], "mode": mode}
        yield longer, base | {"operation": operation}
    for settings, rounding in product(({"stride": 2}, {"stride": 3, "padding": 2, "dilation": 2}), ROUNDINGS):
        yield (
            {"kind": "correlate", "axes": 1, "input": [10], "taps": [3], **settings},
            base | {"rounding": rounding},
        )
    for mode, settings, rounding, order in product(("max", "average"), POOLS, ROUNDINGS, (None, *ORDERS)):
        plain = {"kind": "pool", "mode": mode, "axes": 2, "input": [7, 8], **settings}
        yield (
            plain | {"channels": order is not None},
            base | {"rounding": rounding, "channels": order or "first"},
        )
    for mode, order in product(("global max", "global average", "maxout"), ORDERS):
        yield (
            {
                "kind": "pool",
                "mode": mode,
                "axes": 2,
                "input": [5, 4],
                "taps": [5, 4],
                "channels": True,
                "groups": 2,
            },
            base | {"channels": order},
        )
    for settings in TRANSPOSED:
        yield {"kind": "transposed", "axes": 2, "input": [3, 4], "taps": [3, 2], **settings}, base
        yield {"kind": "transposed", "axes": 1, "input": [4], "taps": [3], **settings}, base


POOLS: list[dict[str, Any]] = [
    {"taps": [2, 2]},
    {"taps": [3, 2], "stride": 2},
    {"taps": [3, 3], "stride": 2, "padding": 1},
    {"taps": [2, 3], "stride": [3, 1]},
]
TRANSPOSED: list[dict[str, Any]] = [
    {},
    {"stride": 2},
    {"stride": 3, "padding": 1, "output_padding": 2},
    {"stride": 2, "dilation": 2},
]
CASES = list(cases())


def arrays(operation: dict[str, Any], order: str) -> tuple[np.ndarray, np.ndarray]:
    """Return an image and a kernel of whole numbers, with 4 channels in the asked order if there are any."""
    rng = np.random.default_rng(7)
    shapes = [tuple(operation["input"]), tuple(operation["taps"])]
    if operation.get("channels"):
        shapes = [(4, *shape) for shape in shapes]
    image, kernel = (rng.integers(-9, 10, shape).astype(float) for shape in shapes)
    if operation.get("channels") and order == "last":
        image, kernel = (np.moveaxis(array, 0, -1) for array in (image, kernel))
    return image, kernel


def expected(operation: dict[str, Any], conventions: dict[str, Any]) -> np.ndarray:
    """Return what the reference answers: with channels in the order of the conventions."""
    image, kernel = arrays(operation, "first")
    settings = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in operation.items()
        if name in ("stride", "padding", "dilation", "mode", "output_padding")
    }
    if operation["kind"] == "transposed":
        return conv_transpose(image, kernel, **settings)
    if operation["kind"] == "pool":
        return pooled(image, operation, settings, conventions)
    function = convolve if conventions["operation"] == "convolution" else correlate
    if conventions["rounding"] == "ceil" and settings.get("mode", "valid") == "valid":
        image, settings = padded_up(image, operation, settings)
    if operation.get("channels"):
        return function(image, kernel[None], **settings)[0]
    return function(image, kernel, **settings)


def pooled(image: Any, operation: Any, settings: dict[str, Any], conventions: Any) -> np.ndarray:
    """Return the pooled image, its channels where the conventions want them."""
    mode = settings.pop("mode")
    if mode == "maxout":
        result = maxout(image, operation["groups"])
    elif mode.startswith("global"):
        return (global_max_pool if mode == "global max" else global_average_pool)(image)
    else:
        function = max_pool if mode == "max" else average_pool
        result = function(image, tuple(operation["taps"]), **settings, rounding=conventions["rounding"])
    is_last = operation["channels"] and conventions["channels"] == "last"
    return np.moveaxis(result, 0, -1) if is_last else result


def padded_up(image: Any, operation: Any, settings: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Pad so that rounding down gives the windows that rounding up would."""
    from coursekit.shapes import output_shape, per_axis

    shape, taps = tuple(operation["input"]), tuple(operation["taps"])
    count = output_shape(shape, taps, **settings, rounding="ceil")
    axes = len(shape)
    stride, padding, dilation = (
        per_axis(name, settings.get(name, default), axes, least=0)
        for name, default in (("stride", 1), ("padding", 0), ("dilation", 1))
    )
    ends = []
    for axis in range(axes):
        reach = (count[axis] - 1) * stride[axis] + dilation[axis] * (taps[axis] - 1) + 1
        after = max(padding[axis], reach - shape[axis] - padding[axis])
        ends.append((padding[axis], after))
    ends = [(0, 0)] * (image.ndim - axes) + ends
    return np.pad(image, ends), {name: value for name, value in settings.items() if name != "padding"}


@pytest.fixture(scope="module")
def printed() -> list[list[dict[str, str]]]:
    """What the browser prints for each case."""
    script = REPOSITORY / "tests" / "javascript" / "print_calls.mjs"
    ran = subprocess.run(
        ["node", str(script)], input=json.dumps(CASES), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    answer: list[list[dict[str, str]]] = json.loads(ran.stdout)
    return answer


def run(call: dict[str, str], image: Any, kernel: Any) -> np.ndarray:
    """Run a printed call. CuPy's is run with NumPy and SciPy in its place: it has their functions."""
    imports, code = call["imports"], call["code"]
    if call["library"] == "CuPy":
        imports = imports.replace("cupyx.scipy", "scipy").replace("cupy", "numpy")
    if call["library"] == "PyTorch":
        import torch

        image, kernel = torch.tensor(image), torch.tensor(kernel)
    names = {"image": image, "kernel": kernel}
    exec(f"{imports}\n{code}", names)
    return np.asarray(names["output"])


@pytest.mark.parametrize("library", ["coursekit", "NumPy", "SciPy", "CuPy"])
def test_every_printed_call_gives_what_the_reference_gives(printed, library):
    ran = 0
    for (operation, conventions), calls in zip(CASES, printed, strict=True):
        for call in (call for call in calls if call["library"] == library and call["code"]):
            result = run(call, *arrays(operation, conventions["channels"]))
            context = f"{operation} {conventions}\n{call['code']}"
            assert_allclose(result, expected(operation, conventions), atol=1e-9, err_msg=context)
            ran += 1
    assert ran > 80


@pytest.mark.torch
def test_every_printed_call_of_pytorch_gives_what_the_reference_gives(printed):
    ran = 0
    for (operation, conventions), calls in zip(CASES, printed, strict=True):
        for call in (call for call in calls if call["library"] == "PyTorch" and call["code"]):
            result = run(call, *arrays(operation, conventions["channels"]))
            context = f"{operation} {conventions}\n{call['code']}"
            assert_allclose(result, expected(operation, conventions), atol=1e-9, err_msg=context)
            ran += 1
    assert ran > 80


def test_what_a_library_lacks_is_said(printed):
    for calls in printed:
        for call in calls:
            assert call["code"] or call["note"]


def test_lines_are_short_enough_for_a_projector(printed):
    longest = max(
        (line for calls in printed for call in calls for line in call["code"].splitlines()), key=len
    )
    assert len(longest) <= 125, longest
