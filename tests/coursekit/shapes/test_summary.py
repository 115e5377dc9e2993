"""The table of a network: the counts of its layers, side by side."""

from __future__ import annotations

import pytest

from coursekit.errors import ParameterError
from coursekit.shapes import (
    Convolution,
    Dense,
    Flatten,
    Layer,
    Pooling,
    ReLU,
    alexnet,
    count_connections,
    count_macs,
    count_parameters,
    lenet5,
    summarise,
)
from tests.coursekit.shapes.written import assert_true_as_written

LAYERS = [Convolution(6, 5), ReLU(), Pooling(2), Flatten(), Dense(10)]


def test_a_summary_is_a_table() -> None:
    summary = summarise(LAYERS, (3, 32, 32))
    assert str(summary).splitlines() == [
        "   layer                      output   parameters  connections     MACs   bytes",
        "   Input                      3×32×32",
        "0  Convolution 6 @ 5×5        6×28×28         456      352,800  352,800  18,816",
        "1  ReLU                       6×28×28           0            0        0       0",
        "2  Max pooling 2×2, stride 2  6×14×14           0        4,704        0   4,704",
        "3  Flatten                    1176              0            0        0       0",
        "4  Dense 10                   10           11,770       11,760   11,760      40",
        "   Total                                   12,226      369,264  364,560  23,560",
    ]
    assert repr(summary) == str(summary)
    html = summary._repr_html_()
    assert html.count("<tr>") == 8
    assert "<td style='white-space:nowrap;text-align:right'>11,770</td>" in html
    assert "<th style='white-space:nowrap;text-align:right'>12,226</th>" in html


@pytest.mark.parametrize("network", [lenet5(), alexnet()])
def test_the_rows_add_up_to_the_counts_of_the_network(network: tuple[list[Layer], tuple[int, ...]]) -> None:
    summary = summarise(*network)
    assert summary.parameters == count_parameters(*network) == sum(row.parameters for row in summary.rows)
    assert summary.connections == count_connections(*network) == sum(row.connections for row in summary.rows)
    assert summary.macs == count_macs(*network) == sum(row.macs for row in summary.rows)
    assert summary.activation_bytes == sum(row.activation_bytes for row in summary.rows)
    for part in (summary, *summary.rows):
        for count in (part.parameters, part.connections, part.macs, part.activation_bytes):
            assert_true_as_written(count.derivation)


def test_memory_is_that_of_every_map_which_is_not_written_over() -> None:
    summary = summarise(LAYERS, (3, 32, 32), bytes_per_number=8)
    assert [row.activation_bytes for row in summary.rows] == [8 * 6 * 28 * 28, 0, 8 * 6 * 14 * 14, 0, 8 * 10]
    with pytest.raises(ParameterError, match="bytes_per_number must be an integer >= 1; got 0"):
        summarise(LAYERS, (3, 32, 32), bytes_per_number=0)


def test_an_empty_network_is_its_input() -> None:
    assert [line.split() for line in str(summarise([], (3, 4))).splitlines()[1:]] == [
        ["Input", "3×4"],
        ["Total", "0", "0", "0", "0"],
    ]
