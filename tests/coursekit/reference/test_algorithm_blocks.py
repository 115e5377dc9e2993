"""Work in blocks: whatever is cut, and wherever, the numbers stay the same.

The limits that cut large arrays into blocks are made small here, so that small arrays are cut everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.reference import correlate
from coursekit.reference.algorithms import columns, fft, im2col, winograd
from coursekit.reference.algorithms.columns import Columns, as_volume
from coursekit.reference.algorithms.fft import block_shape, work_of
from coursekit.reference.algorithms.im2col import band_rows
from coursekit.reference.windows import Windows
from tests.coursekit.libraries import as_numpy, whole_numbers
from tests.coursekit.reference.definition import correlation_by_definition, random_cases
from tests.coursekit.reference.test_correlate_channels import check


@pytest.mark.parametrize(("buffer", "wanted", "most"), [(1, 4, 3), (2_000, 8, 4), (20_000, 16, 2)])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_im2col_may_cut_images_rows_and_columns(
    xp: Any, axes: int, buffer: int, wanted: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(im2col, "BUFFER", buffer)
    monkeypatch.setattr(columns, "WANTED_WINDOWS", wanted)
    monkeypatch.setattr(columns, "MOST_WINDOWS", most)
    for case in random_cases(25, axes, seed=1):
        check(case, xp, "im2col")


def test_small_limits_do_cut_images_rows_and_columns(xp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "WANTED_WINDOWS", 8)
    monkeypatch.setattr(columns, "MOST_WINDOWS", 4)
    image = xp.asarray(whole_numbers((5, 1, 2, 1, 9, 9)))  # images, groups, channels, depth, rows, columns
    volume = as_volume(Windows.of((9, 9), (3, 3), padding=1))
    blocks = Columns(xp, image, volume, kernels=3, band=2, limit=2_500, wanted=1 << 20).blocks()
    assert {block.images for block in blocks} == {(0, 2), (2, 4), (4, 5)}
    assert {block.columns for block in blocks} == {(0, 4), (4, 8), (8, 9)}
    assert {block.rows for block in blocks} == {(0, 2), (2, 4), (4, 6), (6, 8), (8, 9)}
    assert len(set(blocks)) == len(blocks) == 3 * 3 * 5


@pytest.mark.parametrize("limit", [1, 5_000, 50_000])
@pytest.mark.parametrize("dilation", [1, 2])
def test_a_buffer_stays_below_its_limit_or_holds_one_band(limit: int, dilation: int) -> None:
    image = whole_numbers((5, 1, 4, 1, 40, 300))
    volume = as_volume(Windows.of((40, 300), (3, 5), dilation=dilation))
    made = Columns(np, image, volume, kernels=3, band=1, limit=limit, wanted=1 << 20)
    taps = 4 * 5
    size = 8 * taps * made.size.images * made.size.width * made.buffer_rows(made.size.rows)
    smallest = made.size.images == 1 and made.size.width <= 64 and made.size.rows == 1
    assert size <= limit or smallest


@pytest.mark.parametrize(
    ("kernels", "rows"), [(1, 8), (2, 4), (3, 2), (4, 2), (5, 1), (8, 1), (9, 1)], ids=lambda n: str(n)
)
@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (3, 2)])
def test_a_band_of_output_rows_matches_the_definition(
    xp: Any, stride: tuple[int, int], kernels: int, rows: int
) -> None:
    for height in range(3, 33, 4):
        image, kernel = whole_numbers((2, 2, height, 6)), whole_numbers((kernels, 2, 3, 2), 1)
        windows = Windows.of((height, 6), (3, 2), stride=stride, padding=((2, 1), (0, 1)))
        assert band_rows(kernels, as_volume(windows)) == min(rows, windows.positions[0])
        expected = correlation_by_definition(
            image, kernel, stride=stride, ends=((2, 1), (0, 1)), dilation=(1, 1)
        )
        got = correlate(
            xp.asarray(image),
            xp.asarray(kernel),
            stride=stride,
            padding=((2, 1), (0, 1)),
            algorithm="im2col",
        )
        assert_array_equal(as_numpy(got), expected)


def test_there_are_no_bands_where_the_rows_of_a_window_are_apart() -> None:
    windows = as_volume(Windows.of((20, 20), (3, 3), dilation=(2, 1)))
    assert band_rows(1, windows) == 1


@pytest.mark.parametrize("tile_rows", [1, 2, 3])
def test_winograd_may_cut_rows_of_tiles(xp: Any, tile_rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cuts = []
    monkeypatch.setattr(
        winograd, "run_blocks", lambda work, blocks, threads: (cuts.append(len(blocks)), work(blocks))
    )
    for height, width in [(3, 3), (4, 9), (11, 4), (12, 7)]:
        image, kernel = whole_numbers((2, 2, height, width)), whole_numbers((4, 1, 3, 3), 1)
        tile_columns = -(-width // 2)
        monkeypatch.setattr(winograd, "BUFFER", tile_rows * 16 * (2 + 4) * (tile_columns + 1) * 8)
        monkeypatch.setattr(winograd, "WANTED_TILES", 0)
        expected = correlation_by_definition(
            image, kernel, stride=(1, 1), ends=((0, 2), (1, 1)), dilation=(1, 1), groups=2
        )
        got = correlate(
            xp.asarray(image),
            xp.asarray(kernel),
            padding=((0, 2), (1, 1)),
            groups=2,
            algorithm="winograd",
        )
        assert_array_equal(as_numpy(got), expected)
        assert cuts.pop() == 2 * math.ceil(math.ceil(height / 2) / tile_rows)


@pytest.mark.parametrize("more", [0, 1, 2, 5])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_fft_may_cut_every_axis(xp: Any, axes: int, more: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def block(spatial: Sequence[int], spans: Sequence[int], kernels: int, *limits: float) -> tuple[int, ...]:
        return tuple(span + more for span in spans)  # more + 1 positions of a block per axis

    monkeypatch.setattr(fft, "block_shape", block)
    for case in random_cases(15, axes, seed=2):
        check(case, xp, "fft")


@pytest.mark.parametrize(
    ("spatial", "spans"), [((1000,), (17,)), ((100, 7), (3, 7)), ((30, 20, 9), (5, 1, 2)), ((3,), (3,))]
)
def test_a_block_holds_the_kernel_and_costs_no_more_than_the_whole_image_at_once(
    spatial: tuple[int, ...], spans: tuple[int, ...]
) -> None:
    block = block_shape(spatial, spans, 1)
    assert all(length >= span for length, span in zip(block, spans, strict=True))
    at_once = tuple(1 << (size - 1).bit_length() for size in spatial)
    assert work_of(block, spatial, spans) <= work_of(at_once, spatial, spans)


def test_blocks_shrink_so_that_the_spectra_of_many_kernels_fit() -> None:
    spatial, spans = (2000, 2000), (9, 9)
    sizes = [math.prod(block_shape(spatial, spans, kernels)) * 16 * kernels for kernels in (1, 100, 4096)]
    assert all(size <= fft.SPECTRA for size in sizes)
    assert block_shape(spatial, spans, 10**9) == (10, 10)  # the smallest there is
