"""Names of a function while it is compiled, and their values while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from coursekit.emulator.errors import KernelError
from coursekit.emulator.lanes import Lanes, Mask
from coursekit.emulator.machine import Machine
from coursekit.emulator.memory import Memory
from coursekit.emulator.source import Source
from coursekit.emulator.types import Type


@dataclass(frozen=True)
class Pointer:
    """A place in a memory: lanes may point at different numbers, but of the same memory."""

    memory: Memory
    offset: Lanes


@dataclass
class Frame:
    """The values of one call of a function, for all lanes: its variables, by slot, and what it returned."""

    machine: Machine
    slots: list[Any]
    declared: list[Mask | None]
    broken: Mask
    continued: Mask
    returned: Mask
    result: Any = None


Code = Callable[[Frame, Mask], Any]


@dataclass(frozen=True)
class Expression:
    """An expression, compiled: its type, and how the running lanes compute it."""

    type: Type
    run: Code
    constant: Any = None  # its value where that is known now


@dataclass(frozen=True)
class Variable:
    """A name of a function: its type and the slot of its value."""

    name: str
    type: Type
    slot: int


@dataclass
class Scope:
    """The names that are known where a statement stands."""

    source: Source
    compiled: dict[str, Any]  # functions, by name
    slots: list[str] = field(default_factory=list)
    names: list[dict[str, Variable]] = field(default_factory=lambda: [{}])
    result: Type | None = None  # what the function returns
    is_kernel: bool = False

    def declare(self, name: str, kind: Type, line: int) -> Variable:
        """Make a variable in the innermost block."""
        if name in self.names[-1]:
            self.fail(f"{name} is declared twice", line)
        variable = Variable(name, kind, len(self.slots))
        self.slots.append(name)
        self.names[-1][name] = variable
        return variable

    def find(self, name: str) -> Variable | None:
        """Return the variable that a name means here."""
        return next((names[name] for names in reversed(self.names) if name in names), None)

    def fail(self, message: str, line: int) -> NoReturn:
        """Raise KernelError for text that is no C or not known here."""
        raise KernelError("source", f"{self.source.file}, line {line}: {message}")


def line_of(node: Any) -> int:
    """Return the line of the source where a part of the tree stands."""
    return int(node.coord.line) if node.coord else 0


def new_frame(machine: Machine, slots: int) -> Frame:
    """Return a frame in which nothing has a value yet."""
    nobody = machine.nobody
    return Frame(machine, [None] * slots, [None] * slots, nobody, nobody, nobody)
