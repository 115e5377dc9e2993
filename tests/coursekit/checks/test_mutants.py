"""The generator of mutants makes the slips that it promises, and nothing else."""

from __future__ import annotations

import ast

import pytest

from coursekit.checks.registry import all_tasks
from tools.mutants.generate import mutants_of
from tools.mutants.operators import OPERATORS
from tools.mutants.solutions import solution_of


def changes(body: str, operator: str, parameters: str = "x, n") -> set[str]:
    """Return what one operator makes of the last line of a function."""
    source = f"def f({parameters}):\n" + "\n".join(f"    {line}" for line in body.split("\n"))
    last = ast.unparse(ast.parse(source)).split("\n")[-1].strip()
    return {m.after for m in mutants_of(source) if m.operator == operator and m.before.endswith(last)}


@pytest.mark.parametrize(
    ("operator", "body", "wanted"),
    [
        ("number changed", "return 2", {"return 3", "return 1", "return 0"}),
        ("number changed", "return 0.5", {"return 1.5", "return -0.5", "return 0.0"}),
        ("number changed", "return x.shape[0]", {"return x.shape[1]", "return x.shape[-1]"}),
        ("number changed", "return True", {"return False"}),
        ("word changed", "y = 'same'\nreturn 'full'", {"return 'same'", "return ''"}),
        ("place off by one", "return range(n)", {"return range(n + 1)", "return range(n - 1)"}),
        ("place off by one", "return x[n:]", {"return x[n + 1:]", "return x[n - 1:]"}),
        ("place off by one", "return x[n]", {"return x[n + 1]", "return x[n - 1]"}),
        ("place off by one", "return x[0, n]", {"return x[0, n + 1]", "return x[0, n - 1]"}),
        ("name changed", "return x[0]", {"return n[0]"}),
        ("entries swapped", "return (1, x, n)", {"return (x, 1, n)", "return (1, n, x)"}),
        ("entries swapped", "h, w = x.shape", {"w, h = x.shape"}),
        ("arguments swapped", "return f(x, n)", {"return f(n, x)"}),
        ("arguments swapped", "return np.maximum(x, n)", set()),
        ("operands swapped", "return x - n", {"return n - x"}),
        ("operands swapped", "return x + n", set()),
        ("operator changed", "return x + n", {"return x - n", "return x * n"}),
        ("operator changed", "return x // n", {"return x / n", "return x * n", "return -(-x // n)"}),
        ("operator changed", "x += n", {"x -= n", "x *= n"}),
        ("operand left out", "return x * n", {"return x", "return n"}),
        ("operand left out", "return -x", {"return x"}),
        ("operand left out", "return x and n", {"return x", "return n"}),
        ("comparison changed", "return x < n", {"return x <= n", "return x >= n"}),
        ("comparison changed", "return x == n", {"return x != n"}),
        ("condition changed", "return 1 if x else 2",
         {"return 1 if not x else 2", "return 1 if True else 2", "return 1 if False else 2"}),
        ("condition changed", "return [a for a in x if a]",
         {"return [a for a in x if not a]", "return [a for a in x]"}),
        ("and or swapped", "return x and n", {"return x or n"}),
        ("slice left out", "return x[1:n:2]",
         {"return x[:n:2]", "return x[1::2]", "return x[1:n]", "return x"}),
        ("argument left out", "return x.sum(axis=0)", {"return x.sum()"}),
        ("argument left out", "return range(1, n)", {"return range(n)", "return range(1)"}),
        ("call left out", "return np.sqrt(x)", {"return x"}),
        ("call left out", "return x.copy()", {"return x"}),
        ("call left out", "return len(x)", set()),
        ("function changed", "return min(x)", {"return max(x)"}),
        ("function changed", "return np.sum(x)", {"return np.mean(x)"}),
        ("function changed", "return np.zeros(n)", {"return np.ones(n)"}),
        ("statement left out", "x[0] = 1", {"pass"}),
        ("sum replaced", "x[n] += 1", {"x[n] = 1"}),
        ("loop changed", "while n:\n    break", {"continue"}),
    ],
)  # fmt: skip
def test_an_operator_makes_these_changes(operator: str, body: str, wanted: set[str]) -> None:
    assert changes(body, operator) == wanted


def test_every_operator_is_tested_above_and_says_what_it_does() -> None:
    marks = test_an_operator_makes_these_changes.pytestmark[0]  # type: ignore[attr-defined]
    tested = {operator for operator, _, _ in marks.args[1]}
    assert {operator.__name__.replace("_", " ") for operator in OPERATORS} == tested
    for operator in OPERATORS:
        assert operator.__doc__ and operator.__doc__.endswith(".")


def test_mutants_differ_from_the_original_and_from_each_other_and_compile() -> None:
    for task in all_tasks().values():
        solution = solution_of(task)
        assert solution is not None
        texts = [mutant.source for mutant in mutants_of(solution.source)]
        assert len(texts) >= 7, task.name  # `relu` is one line
        assert len(set(texts)) == len(texts)
        assert ast.unparse(ast.parse(solution.source)) not in texts
        for text in texts:
            compile(text, "mutant", "exec")


def test_signatures_docstrings_and_messages_are_left_alone() -> None:
    source = 'def f(x: int = 1) -> int:\n    """Return 2."""\n    raise ValueError(f"{x + 3} is 4")'
    assert [mutant.after for mutant in mutants_of(source)] == ["pass"]
