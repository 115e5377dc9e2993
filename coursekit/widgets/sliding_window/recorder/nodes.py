"""Where a number comes from: which pixels and taps were multiplied and added to make it."""

from __future__ import annotations

import numbers
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Cell = tuple[int, int]

LONGEST_SUM = 100_000
"""Steps that are followed back from one number. Beyond, its origin counts as unknown."""


class Node:
    """One number with its origin. NumPy adds and multiplies arrays of these as it does any objects.

    kind : "image" or "kernel", read at `cell`; "add" and "multiply" of `parents`; "scale", times `factor`;
        "changed", by the function `name`; "unknown", where it could not be followed
    event : the number of the recorded event that made it
    """

    __slots__ = ("cell", "clock", "event", "factor", "kind", "name", "parents")

    def __init__(
        self,
        kind: str,
        clock: Any,
        *parents: Any,
        factor: float = 1.0,
        cell: Cell = (0, 0),
        name: str = "",
    ) -> None:
        self.kind, self.clock, self.parents = kind, clock, parents
        self.factor, self.cell, self.name = factor, cell, name
        self.event: int = len(clock)

    def __add__(self, other: Any) -> Any:
        if _is_number(other) and other == 0:
            return self
        return Node("add", self.clock, self, other)

    def __radd__(self, other: Any) -> Any:
        if _is_number(other) and other == 0:
            return self
        return Node("add", self.clock, other, self)

    def __sub__(self, other: Any) -> Any:
        return self + -1 * other

    def __rsub__(self, other: Any) -> Any:
        return other + -1 * self

    def __mul__(self, other: Any) -> Any:
        if _is_number(other):
            return Node("scale", self.clock, self, factor=float(other))
        return Node("multiply", self.clock, self, other)

    def __rmul__(self, other: Any) -> Any:
        if _is_number(other):
            return Node("scale", self.clock, self, factor=float(other))
        return Node("multiply", self.clock, other, self)

    def __truediv__(self, other: Any) -> Any:
        if _is_number(other) and other != 0:
            return Node("scale", self.clock, self, factor=1 / float(other))
        return self.changed("divide")

    def __rtruediv__(self, _other: Any) -> Any:
        return self.changed("divide")

    def __pow__(self, _power: Any) -> Any:
        return self.changed("power")

    def __neg__(self) -> Any:
        return Node("scale", self.clock, self, factor=-1.0)

    def __pos__(self) -> Any:
        return self

    def conjugate(self) -> Any:
        """Return itself, as real numbers do: `np.vdot` asks for it."""
        return self

    def changed(self, name: str) -> Node:
        """Return this number after a function that is neither a sum nor a product."""
        return Node("changed", self.clock, self, name=name)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Number)  # NumPy registers its scalars there


class Product(NamedTuple):
    """One term of a sum: factor × pixel × tap. No pixel: the tap met a number that is none, as padding."""

    pixel: Cell | None
    tap: Cell | None
    factor: float
    event: int


@dataclass
class Origin:
    """What a number is made of, in the order in which it was multiplied."""

    products: list[Product] = field(default_factory=list)
    constant: float = 0.0
    changes: set[str] = field(default_factory=set)
    """Names of functions that the sum, or a part of it, went through."""
    followed: bool = True


def origin(value: Any) -> Origin:
    """Return where a number comes from; a plain number comes from itself."""
    found = Origin()
    _collect(value, found, [LONGEST_SUM], depth=0)
    found.products.sort(key=lambda product: product.event)
    return found


def _collect(value: Any, found: Origin, left: list[int], depth: int) -> None:
    """Walk down the sums with a list instead of by recursion: they are as long as a kernel has taps."""
    waiting: list[tuple[Any, float]] = [(value, 1.0)]
    while waiting:
        node, factor = waiting.pop()
        left[0] -= 1
        if left[0] < 0:
            found.followed = False
            return
        if not isinstance(node, Node):
            found.constant += factor * float(node)
        elif node.kind in ("image", "kernel"):
            pixel, tap = (node.cell, None) if node.kind == "image" else (None, node.cell)
            found.products.append(Product(pixel, tap, factor, node.event))
        elif node.kind == "multiply":
            _multiply(node, factor, found, left, depth)
        elif node.kind == "unknown":
            found.followed = False
        else:
            if node.kind == "changed":
                found.changes.add(node.name)
            waiting.extend((parent, factor * node.factor) for parent in reversed(node.parents))


def _multiply(node: Node, factor: float, found: Origin, left: list[int], depth: int) -> None:
    if depth > 50:
        found.followed = False
        return
    one, other = Origin(), Origin()
    for parent, side in zip(node.parents, (one, other), strict=True):
        _collect(parent, side, left, depth + 1)
    found.changes |= one.changes | other.changes
    found.followed = found.followed and one.followed and other.followed
    sides = [
        [*side.products, *([Product(None, None, side.constant, 0)] if side.constant else [])]
        for side in (one, other)
    ]
    left[0] -= len(sides[0]) * len(sides[1])
    if left[0] < 0:
        found.followed = False
        return
    for a in sides[0]:
        for b in sides[1]:
            if (a.pixel and b.pixel) or (a.tap and b.tap):
                found.followed = False  # a pixel times a pixel is no product of a cross-correlation
                return
            event = max(node.event, a.event, b.event)
            found.products.append(
                Product(a.pixel or b.pixel, a.tap or b.tap, factor * a.factor * b.factor, event)
            )
