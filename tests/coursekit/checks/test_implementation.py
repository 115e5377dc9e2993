"""Implementations that are asked together: what a call computes does not depend on which one is called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coursekit.checks import find_task, fresh_cases
from coursekit.checks.implementation import MOST_REMEMBERED, Company, Implementation

ONES = np.ones((2, 2))


def company() -> tuple[list[str], dict[str, Implementation]]:
    """Three implementations that write down who was computed."""
    computed: list[str] = []

    def doubles(image: Any) -> Any:
        computed.append("doubles")
        return 2 * image

    def fails(image: Any) -> Any:
        computed.append("fails")
        raise IndexError("out of bounds")

    def writes(image: Any) -> Any:
        computed.append("writes")
        image.fill(9)
        return image

    functions = [doubles, writes, fails]
    together = Company(functions)
    made = {
        function.__name__: Implementation(function, ("image",), company=together) for function in functions
    }
    return computed, made


@pytest.mark.parametrize("name", ["doubles", "fails", "writes"])
def test_a_call_computes_all_in_one_order_whichever_is_called(name: str) -> None:
    computed, made = company()
    for _ in range(2):
        try:
            made[name](ONES)
        except IndexError as error:
            assert str(error) == "out of bounds" and name == "fails"
    assert computed == ["doubles", "writes", "fails"]


def test_an_answer_from_memory_is_a_copy_of_the_first_one() -> None:
    _, made = company()
    made["writes"](ONES)
    first = made["doubles"](ONES)
    first.fill(0)
    assert made["doubles"](ONES).tolist() == [[2, 2], [2, 2]]
    assert made["writes"](ONES).tolist() == [[9, 9], [9, 9]] and ONES.sum() == 4


def test_questions_that_look_alike_are_not_confused() -> None:
    _, made = company()
    for image in (np.zeros(4), np.zeros((2, 2)), np.zeros(4, "int64"), np.zeros(4, "float32")):
        answer = made["doubles"](image)
        assert answer.shape == image.shape and answer.dtype == image.dtype


def test_only_so_many_questions_are_remembered() -> None:
    computed, made = company()
    for number in range(MOST_REMEMBERED + 1):
        made["doubles"](np.array([number]))
    computed.clear()
    made["doubles"](np.array([1]))
    assert computed == []
    made["doubles"](np.array([0]))
    assert len(computed) == 3


def test_a_students_test_is_asked_about_implementations_of_one_company() -> None:
    cases = [case for seed in (1, 2) for case in fresh_cases(find_task("test_correlate2d"), seed, "")]
    companies = {case.arguments[0].company for case in cases}
    assert len(companies) == 2 and None not in companies
    sizes = {len(one._functions) for one in companies if one is not None}
    assert sizes == {15}  # those too that were not drawn
