"""Numbers in sentences."""

from __future__ import annotations

import pytest

from coursekit.digits import three_digits
from coursekit.reference.algorithms.choice import least


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (0.01234, "0.0123"), (8.128, "8.13"), (999.4, "999"), (999.5, "1000"), (1536, "1536")],
)
def test_three_digits_and_no_power_of_ten_for_large_numbers(number: float, words: str) -> None:
    assert three_digits(number) == words


def test_a_choice_writes_long_times_out() -> None:
    choice = least({"im2col": 1460.2, "direct": 25_000.4}, {})
    assert choice.reason == "it is estimated to take 1460 ms; the next, direct, 25000 ms"
    assert str(choice).splitlines()[1].endswith("      1460 ms (estimate)")
