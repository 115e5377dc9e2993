"""The wire: everything that may travel arrives unchanged, and nothing else is ever built from bytes."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_array_equal

from autograder.sandbox import wire
from coursekit.checks.calling import plain as plain_answer
from coursekit.checks.values import NotNumbers, as_numbers

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=50)
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=4), max_leaves=20)
dtypes = st.sampled_from([np.dtype(code) for code in sorted(wire.ARRAY_DTYPES)])
arrays = hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))


def there_and_back(value: object) -> object:
    tree, blob = wire.encode(value)
    return wire.decode(json.loads(json.dumps(tree)), blob)


@given(values)
def test_numbers_texts_and_lists_arrive_as_they_were_sent(value: object) -> None:
    assert there_and_back(value) == value


@given(arrays)
def test_arrays_arrive_with_their_values_shape_and_dtype(array: np.ndarray) -> None:
    received = there_and_back(array)
    assert isinstance(received, np.ndarray)
    assert received.dtype == array.dtype
    assert_array_equal(received, array)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.0, 5e-324, 1 + 2j, (1, [2.5, ()]), 10**500])
def test_unusual_numbers_arrive_exactly(value: object) -> None:
    assert repr(there_and_back(value)) == repr(value)


@pytest.mark.parametrize("stored", [">f8", ">i4", "F", "reversed", "broadcast"])
def test_the_layout_of_an_array_in_memory_does_not_matter(stored: str) -> None:
    array = np.arange(12.0).reshape(3, 4)
    sent = {
        "F": np.asfortranarray(array),
        "reversed": array[::-1, ::-1],
        "broadcast": np.broadcast_to(array[0], (3, 4)),
    }.get(stored)
    sent = array.astype(stored) if sent is None else sent
    assert_array_equal(there_and_back(sent), sent)


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1: 2},
        {1, 2},
        b"bytes",
        np.array([object()]),
        np.array(["text"]),
        np.zeros(2, "i4,f8"),
        len,
        10**4000,
    ],
)
def test_what_is_not_numbers_travels_as_a_name_only(value: object) -> None:
    assert isinstance(there_and_back(value), wire.Foreign)


def test_a_list_without_end_travels_as_a_name_only() -> None:
    endless: list[object] = []
    endless.append(endless)
    received = there_and_back(endless)
    while isinstance(received, list):
        received = received[0]
    assert isinstance(received, wire.Foreign)


class Count(int):
    """A number of a student's own class, whose text says something else."""

    def __str__(self) -> str:
        return "many"


class Axis(IntEnum):
    ROWS = 1


class Share(float):
    def __float__(self) -> float:
        return 0.5


ANSWERS: list[Any] = [
    Count(3),
    Share(0.25),
    Axis.ROWS,
    [Axis.ROWS, Share(2.5)],
    np.longdouble(1.5),
    np.arange(4).reshape(2, 2).view(np.matrix),
    np.ma.array([1.0, 2.0], mask=[True, False]),
    np.float16(0.5),
    Fraction(1, 2),
    Decimal(2),
    range(3),
    {1: 2},
    np.array([1, 2], dtype=object),
    "text",
    None,
    [[1, 2], [3]],
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{type(answer).__name__}-{answer!r:.20}")
def test_an_answer_counts_at_home_as_it_counts_over_the_wire(answer: object) -> None:
    def numbers(value: object) -> list[Any] | None:
        try:
            array = as_numbers(value)
        except NotNumbers:
            return None
        return [array.shape, *array.ravel().tolist()]

    assert numbers(plain_answer(answer)) == numbers(there_and_back(answer))


ARRAY = {"t": "array", "dtype": "<f8", "shape": [2]}
MALFORMED: list[Any] = [
    None,
    [],
    {"t": "pickle", "v": "x"},
    {"t": "int", "v": 5},
    {"t": "int", "v": "1_0"},
    {"t": "int", "v": "٣"},
    {"t": "int", "v": "9" * 5000},
    {"t": "float", "v": "1.0; import os"},
    {"t": "float", "v": 1.5},
    {"t": "bool", "v": 1},
    {"t": "list", "v": "abc"},
    {"t": "complex", "v": ["0x0p+0"]},
    {"t": "str", "v": "x" * 20_000},
    ARRAY | {"dtype": "|O"},
    ARRAY | {"dtype": "<U9"},
    ARRAY | {"dtype": "i4,f8"},
    ARRAY | {"shape": [-1]},
    ARRAY | {"shape": [3]},
    ARRAY | {"shape": [2.0]},
    ARRAY | {"shape": [True]},
    ARRAY | {"shape": [2**40]},
    ARRAY | {"shape": [2**61, 2**61]},
    ARRAY | {"shape": [0, 2**61, 2**61]},
    ARRAY | {"shape": [1] * 40},
    ARRAY | {"shape": [1]},
    {"t": "list", "v": [ARRAY, ARRAY]},
    {"t": "none"},
]


@pytest.mark.parametrize("tree", MALFORMED, ids=lambda tree: json.dumps(tree)[:40])
def test_a_malformed_value_is_refused_with_a_wire_error(tree: object) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(tree, bytes(16))


def test_the_same_bytes_cannot_be_two_arrays_so_that_a_small_message_takes_little_memory() -> None:
    many = {"t": "list", "v": [ARRAY | {"shape": [1 << 20]}] * 2000}
    with pytest.raises(wire.WireError, match="beyond"):
        wire.decode(many, bytes(8 << 20))


def test_lone_surrogates_travel_as_question_marks() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire.send(theirs, {"text": "a\ud800b"})
        assert wire.receive(ours, 1000)[0] == {"text": "a?b"}


def test_a_longdouble_travels_with_64_bits() -> None:
    assert there_and_back(np.array([0.5], np.longdouble)) == 0.5


def test_deep_nesting_is_refused_before_it_exhausts_the_stack() -> None:
    tree: dict[str, Any] = {"t": "none"}
    for _ in range(500):
        tree = {"t": "list", "v": [tree]}
    with pytest.raises(wire.WireError, match="nested"):
        wire.decode(tree, b"")


json_like = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["t", "v", "dtype", "shape"]), inner)
    ),
    max_leaves=25,
)


@given(json_like, st.binary(max_size=64))
def test_any_json_is_decoded_or_refused_and_nothing_else_happens(tree: object, blob: bytes) -> None:
    with contextlib.suppress(wire.WireError):
        wire.decode(tree, blob)


def receive_bytes(data: bytes, limit: int = 1 << 20) -> dict[str, Any]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        return wire.receive(ours, limit, time.monotonic() + 5)[0]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_wire_error(data: bytes) -> None:
    with contextlib.suppress(wire.WireError):
        assert isinstance(receive_bytes(data), dict)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"[1]", "not an object"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"1" * 5000, "not JSON"),
        (b"\xff\xfe", "not JSON"),
    ],
)
def test_a_frame_that_is_no_json_object_is_refused(text: bytes, says: str) -> None:
    with pytest.raises(wire.WireError, match=says):
        receive_bytes(wire.HEADER.pack(len(text), 0) + text)


def test_a_frame_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(wire.WireError, match="at most 100"):
        receive_bytes(wire.HEADER.pack(2**31, 2**31), limit=100)


def test_a_frame_that_never_comes_to_its_end_is_a_timeout() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(wire.HEADER.pack(100, 0) + b"{")
        with pytest.raises(wire.WireTimeout):
            wire.receive(ours, 1 << 20, time.monotonic() + 0.05)


def test_a_hung_up_wire_is_told_apart_from_a_malformed_one() -> None:
    with pytest.raises(wire.WireClosed):
        receive_bytes(b"\x00\x00")
