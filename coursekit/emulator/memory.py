"""The memories of a GPU: global arrays, shared ones of a block, a thread's own. Every access is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.emulator.accesses import NOBODY, Accesses
from coursekit.emulator.counts import ArrayCounts
from coursekit.emulator.lanes import Lanes, Mask, is_own, of_active, spread
from coursekit.emulator.types import Type

if TYPE_CHECKING:
    from coursekit.emulator.machine import Machine


class Memory:
    """An array that lanes read and write by flat index. `name` is what errors call it."""

    def __init__(self, name: str, element: Type, size: int) -> None:
        self.name, self.element, self.size = name, element, size

    def read(self, machine: Machine, index: Lanes, mask: Mask, line: int) -> Lanes:
        """Return the numbers at `index`, one for each lane, in the type that they are computed in."""
        raise NotImplementedError

    def write(self, machine: Machine, index: Lanes, numbers: Lanes, mask: Mask, line: int) -> None:
        """Set the numbers at `index`."""
        raise NotImplementedError

    def _within(self, machine: Machine, index: Lanes, mask: Mask, line: int) -> Any:
        """Return the indices of the lanes that run; KernelError if one is outside."""
        places = of_active(index, mask)
        wrong = (places < 0) | (places >= self.size)
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            place = self._written_out(int(places[first]))
            machine.fail(
                "bounds", f"{place} is outside: {self.name} has {self._sizes()}", line, mask.where[first]
            )
        return places

    def _written_out(self, place: int) -> str:
        return f"{self.name}[{place}]"

    def _sizes(self) -> str:
        return f"{self.size} numbers"

    def _out(self, numbers: Any, mask: Mask) -> Any:
        """Return what was read, in the type that is computed in, for all lanes."""
        return spread(numbers.astype(np.int64) if self.element.kind == "int" else numbers, mask)


class GlobalArray(Memory):
    """An array of the caller's, which all threads see."""

    def __init__(self, name: str, element: Type, array: Any, counts: ArrayCounts, accesses: Accesses) -> None:
        super().__init__(name, element, array.size)
        self._numbers = array.reshape(-1).view(element.dtype)  # a half as its bits
        self.counts, self._accesses = counts, accesses

    def read(self, machine: Machine, index: Lanes, mask: Mask, line: int) -> Lanes:
        places = self._within(machine, index, mask, line)
        clash = self._accesses.read(places, machine.threads[mask.where], machine.epochs(mask))
        if clash is not None:
            machine.fail_race(f"{self.name}[{int(places[clash][0])}]", "reads", line, mask.where[clash][0])
        self.counts.read(places, machine.warps[mask.where], machine.wants_details)
        return self._out(self._numbers[places], mask)

    def write(self, machine: Machine, index: Lanes, numbers: Lanes, mask: Mask, line: int) -> None:
        places = self._within(machine, index, mask, line)
        clash = self._accesses.write(places, machine.threads[mask.where], machine.epochs(mask))
        if clash is not None:
            machine.fail_race(f"{self.name}[{int(places[clash][0])}]", "writes", line, mask.where[clash][0])
        self.counts.write(places, machine.warps[mask.where], machine.wants_details)
        self._numbers[places] = of_active(numbers, mask).astype(self._numbers.dtype)

    def add(self, machine: Machine, index: Lanes, numbers: Lanes, mask: Mask, line: int) -> Lanes:
        """Add atomically, lane by lane; return what was there before. It meets no other access in a race."""
        places = self._within(machine, index, mask, line)
        self.counts.read(places, machine.warps[mask.where], machine.wants_details)
        self.counts.write(places, machine.warps[mask.where], machine.wants_details)
        added = of_active(numbers, mask).astype(self._numbers.dtype)
        before = np.empty_like(added)
        for lane, (place, number) in enumerate(zip(places, added, strict=True)):
            before[lane] = self._numbers[place]
            self._numbers[place] += number
        return self._out(before, mask)


class SharedArray(Memory):
    """An array of a block: one copy for every block that runs."""

    def __init__(self, name: str, element: Type, dims: tuple[int, ...], machine: Machine) -> None:
        super().__init__(name, element, int(np.prod(dims)))
        self._dims = dims
        self._numbers = np.zeros(self.size * machine.blocks, dtype=element.dtype)
        self._accesses = Accesses(self._numbers.size, machine.threads_in_block, is_shared=False)

    def read(self, machine: Machine, index: Lanes, mask: Mask, line: int) -> Lanes:
        inside = self._within(machine, index, mask, line)
        places = inside + machine.block_of_lane[mask.where] * self.size
        never = self._accesses.writer[places] == NOBODY
        if never.any():
            self._fail(
                machine,
                "never written",
                "{place} is read, but no thread of the block has written it",
                inside,
                never,
                mask,
                line,
            )
        clash = self._accesses.read(places, machine.threads[mask.where], machine.epochs(mask))
        if clash is not None:
            machine.fail_race(self._written_out(int(inside[clash][0])), "reads", line, mask.where[clash][0])
        machine.counts.shared.read(inside, machine.warps[mask.where], self.element, machine.wants_details)
        return self._out(self._numbers[places], mask)

    def write(self, machine: Machine, index: Lanes, numbers: Lanes, mask: Mask, line: int) -> None:
        inside = self._within(machine, index, mask, line)
        places = inside + machine.block_of_lane[mask.where] * self.size
        clash = self._accesses.write(places, machine.threads[mask.where], machine.epochs(mask))
        if clash is not None:
            machine.fail_race(self._written_out(int(inside[clash][0])), "writes", line, mask.where[clash][0])
        machine.counts.shared.write(inside, machine.warps[mask.where], self.element, machine.wants_details)
        self._numbers[places] = of_active(numbers, mask).astype(self._numbers.dtype)

    def _fail(
        self, machine: Machine, rule: str, text: str, places: Any, wrong: Any, mask: Mask, line: int
    ) -> None:
        place = self._written_out(int(places[wrong][0]))
        machine.fail(rule, text.format(place=place), line, mask.where[wrong][0])

    def _written_out(self, place: int) -> str:
        return self.name + "".join(f"[{index}]" for index in _unraveled(place, self._dims))

    def _sizes(self) -> str:
        return " by ".join(map(str, self._dims)) + " numbers"


class LocalArray(Memory):
    """An array of each thread's own. Numbers are kept as (size, lanes): most are asked for by one index."""

    def __init__(self, name: str, element: Type, dims: tuple[int, ...], lanes: int) -> None:
        super().__init__(name, element, int(np.prod(dims)))
        self._dims, self._lanes = dims, lanes
        dtype = np.int64 if element.kind == "int" else element.dtype
        self._numbers = np.zeros((self.size, lanes), dtype=dtype)
        self._is_written = np.zeros((self.size, lanes), dtype=bool)

    def read(self, machine: Machine, index: Lanes, mask: Mask, line: int) -> Lanes:
        place = self._place(machine, index, mask, line)
        never = ~self._is_written[place][mask.where] if not is_own(index) else ~self._is_written[place]
        if never.any():
            machine.fail(
                "never written",
                f"{self.name} is read where this thread has written nothing",
                line,
                mask.where[np.flatnonzero(never)[0]],
            )
        return self._numbers[place].copy() if not is_own(index) else spread(self._numbers[place], mask)

    def write(self, machine: Machine, index: Lanes, numbers: Lanes, mask: Mask, line: int) -> None:
        place = self._place(machine, index, mask, line)
        if not is_own(index):
            place = (place, slice(None)) if mask.is_full else (place, mask.where)
            numbers = of_active(numbers, mask) if is_own(numbers) else numbers
        else:
            numbers = of_active(numbers, mask)
        self._numbers[place] = numbers
        self._is_written[place] = True

    def fill(self, numbers: Any, mask: Mask) -> None:
        """Set all numbers of the lanes that run, flat, as an initialiser does."""
        self._numbers[:, mask.where] = np.asarray(numbers)[:, None]
        self._is_written[:, mask.where] = True

    def _place(self, machine: Machine, index: Lanes, mask: Mask, line: int) -> Any:
        if is_own(index):
            return self._within(machine, index, mask, line), mask.where
        if not 0 <= index < self.size:
            self._within(machine, index, mask, line)
        return int(index)

    def _sizes(self) -> str:
        return " by ".join(map(str, self._dims)) + " numbers"


def _unraveled(place: int, dims: tuple[int, ...]) -> tuple[int, ...]:
    """Return the index along each axis; the first may be outside."""
    index: list[int] = []
    for size in reversed(dims[1:]):
        index.insert(0, place % size)
        place //= size
    return (place, *index)
