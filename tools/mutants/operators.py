"""The mutation operators: each takes a node of a syntax tree and yields what may stand in its place.

One function is one kind of slip. Its name, with spaces, is the operator's name in reports. What it yields
shares its children with the tree: it is for `ast.unparse`, not for further change.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Surroundings:
    """What an operator may need to know of the function around a node."""

    neighbours: Mapping[str, str] = field(
        default_factory=dict
    )  # a variable -> one it is easily mixed up with
    words: Sequence[str] = ()  # the strings in the function


Operator = Callable[[ast.AST, Surroundings], Iterable[ast.AST]]

BOUNDARIES: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OTHER_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
# A sum and a product are the same both ways round.
ORDER_MATTERS = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
ORDER_DOES_NOT_MATTER = {"max", "min", "maximum", "minimum", "add", "multiply", "array_equal", "allclose"}

# Of several siblings of one function, the first pair counts.
SIBLING_PAIRS = (
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("amin", "amax"),
    ("floor", "ceil"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("any", "all"),
    ("sum", "mean"),
    ("prod", "sum"),
    ("hstack", "vstack"),
    ("flipud", "fliplr"),
    ("append", "extend"),
)
SIBLINGS = {one: other for pair in reversed(SIBLING_PAIRS) for one, other in (pair[::-1], pair)}

# Without these a program cannot run, or gives an equal value of another type, which every rule accepts.
CALLS_TO_KEEP = {"range", "zip", "enumerate", "len", "tuple", "list", "float", "bool", "asarray", "float64"}
NOT_AN_ARRAY = (ast.Starred, ast.GeneratorExp, ast.ListComp, ast.List)
LIBRARIES = {"np", "numpy", "math", "itertools"}


def number_changed(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """2 becomes 3, 1 and 0; True becomes False."""
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        for other in (node.value + 1, node.value - 1, type(node.value)(0)):
            yield ast.Constant(other)


def word_changed(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """'same' becomes the next word of the function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in around.words:
        following = around.words.index(node.value) + 1
        yield ast.Constant(around.words[following] if following < len(around.words) else around.words[0])
        yield ast.Constant("")


def place_off_by_one(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """range(n), x[n:m] and x[n] become range(n + 1), range(n - 1), x[n + 1:m] and so on."""
    if isinstance(node, ast.Call) and _name(node.func) == "range":
        for place, bound in enumerate(node.args):
            for moved in _moved(bound):
                yield ast.Call(node.func, _with(node.args, place, moved), [])
    elif isinstance(node, ast.Slice):
        for moved in _moved(node.lower):
            yield ast.Slice(moved, node.upper, node.step)
        for moved in _moved(node.upper):
            yield ast.Slice(node.lower, moved, node.step)
    elif isinstance(node, ast.Subscript):
        for moved in _moved(node.slice):
            yield ast.Subscript(node.value, moved, node.ctx)
        if isinstance(node.slice, ast.Tuple):
            for place, index in enumerate(node.slice.elts):
                for moved in _moved(index):
                    entries = ast.Tuple(_with(node.slice.elts, place, moved), ast.Load())
                    yield ast.Subscript(node.value, entries, node.ctx)


def comparison_changed(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """< becomes <= and >=; == becomes !=."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in BOUNDARIES[type(operator)]:
                yield ast.Compare(node.left, _with(node.ops, place, other()), node.comparators)


def condition_changed(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A condition is negated, always true, or always false."""
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        for other in (ast.UnaryOp(ast.Not(), node.test), ast.Constant(True), ast.Constant(False)):
            yield _changed(node, test=other)
    elif isinstance(node, ast.comprehension):
        for place, condition in enumerate(node.ifs):
            yield _changed(node, ifs=_with(node.ifs, place, ast.UnaryOp(ast.Not(), condition)))
            yield _changed(node, ifs=_without(node.ifs, place))


def and_or_swapped(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """And becomes or, or becomes and."""
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def operator_changed(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """+ becomes - and *; // becomes / and a division that rounds up; += becomes -=."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for other in OTHER_OPERATORS.get(type(node.op), ()):
            yield _changed(node, op=other())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        negative = ast.BinOp(ast.UnaryOp(ast.USub(), node.left), ast.FloorDiv(), node.right)
        yield ast.UnaryOp(ast.USub(), negative)


def operand_left_out(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A + b becomes a, and b; -a becomes a; `a and b` becomes a, and b."""
    if isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.BoolOp):
        for place in range(len(node.values)):
            rest = _without(node.values, place)
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def operands_swapped(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A - b becomes b - a."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ORDER_MATTERS):
        yield ast.BinOp(node.right, node.op, node.left)


def entries_swapped(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Two neighbours in an index, a shape or any other tuple or list change places."""
    if isinstance(node, (ast.Tuple, ast.List)):
        for entries in _neighbours_swapped(node.elts):
            yield type(node)(entries, node.ctx)


def arguments_swapped(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """F(a, b) becomes f(b, a)."""
    if isinstance(node, ast.Call) and _name(node.func) not in ORDER_DOES_NOT_MATTER:
        for arguments in _neighbours_swapped(node.args):
            yield ast.Call(node.func, arguments, node.keywords)


def argument_left_out(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """F(a, b, key=c) becomes f(a, key=c), f(b, key=c) and f(a, b)."""
    if isinstance(node, ast.Call):
        if len(node.args) > 1:
            for place in range(len(node.args)):
                yield ast.Call(node.func, _without(node.args, place), node.keywords)
        for place in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, _without(node.keywords, place))


def call_left_out(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """np.sqrt(x) and x.copy() become x."""
    if not isinstance(node, ast.Call) or _name(node.func) in CALLS_TO_KEEP:
        return
    if isinstance(node.func, ast.Attribute) and _name(node.func.value) not in LIBRARIES:
        yield node.func.value
    elif node.args and not isinstance(node.args[0], NOT_AN_ARRAY):
        yield node.args[0]


def function_changed(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Min becomes max; zeros become ones."""
    if isinstance(node, ast.Call) and _name(node.func) in SIBLINGS:
        other = SIBLINGS[_name(node.func)]
        if isinstance(node.func, ast.Attribute):
            yield _changed(node, func=ast.Attribute(node.func.value, other, ast.Load()))
        elif other != "mean":  # Python has no built-in function of this name
            yield _changed(node, func=ast.Name(other, ast.Load()))


def slice_left_out(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """x[a:b:c] becomes x[:b:c], x[a::c], x[a:b], and x."""
    if isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield _changed(node, **{part: None})
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _has_slices(node.slice):
        yield node.value


def name_changed(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A variable becomes its neighbour: `height` becomes `width`, i becomes j."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in around.neighbours:
        yield ast.Name(around.neighbours[node.id], ast.Load())


def statement_left_out(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """A simple statement becomes `pass`."""
    simple = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Raise, ast.Assert, ast.Return)
    if isinstance(node, (*simple, ast.Break, ast.Continue)):
        yield ast.Pass()


def sum_replaced(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """+= becomes =."""
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=0)


def loop_changed(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Break becomes continue, continue becomes break."""
    if isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Continue):
        yield ast.Break()


OPERATORS: tuple[Operator, ...] = (
    number_changed,
    place_off_by_one,
    name_changed,
    entries_swapped,
    arguments_swapped,
    operands_swapped,
    operator_changed,
    operand_left_out,
    comparison_changed,
    condition_changed,
    and_or_swapped,
    slice_left_out,
    argument_left_out,
    call_left_out,
    function_changed,
    statement_left_out,
    sum_replaced,
    loop_changed,
    word_changed,
)


def _name(node: ast.AST) -> str:
    """Return the last part of a dotted name, "" for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _moved(place: ast.expr | None) -> Iterator[ast.expr]:
    """Yield `place` plus and minus one. A constant is left to `number_changed`."""
    if place is not None and not isinstance(place, (ast.Constant, ast.Slice, ast.Tuple, ast.Starred)):
        for sign in (ast.Add(), ast.Sub()):
            yield ast.BinOp(place, sign, ast.Constant(1))


def _has_slices(index: ast.expr) -> bool:
    entries = index.elts if isinstance(index, ast.Tuple) else [index]
    return any(isinstance(entry, ast.Slice) for entry in entries)


def _neighbours_swapped(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for place, (one, other) in enumerate(pairwise(items)):
        yield [*items[:place], other, one, *items[place + 2 :]]


def _with(items: list[Any], place: int, item: ast.AST) -> list[Any]:
    return [*items[:place], item, *items[place + 1 :]]


def _without(items: list[Any], place: int) -> list[Any]:
    return [*items[:place], *items[place + 1 :]]


def _changed(node: ast.AST, **parts: object) -> ast.AST:
    """Return a copy of `node` with other parts."""
    other = copy(node)
    for name, part in parts.items():
        setattr(other, name, part)
    return other
