"""What a kernel did: numbers read and written, trips to memory, operations and barriers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursekit.digits import three_digits
from coursekit.emulator.types import Type

SECTOR_BYTES = 32  # global memory travels in pieces of this size
BANKS, BANK_BYTES = 32, 4  # shared memory answers so many words at once, one of each bank


@dataclass
class ArrayCounts:
    """What a kernel did with an array of the caller's.

    reads, writes : numbers, counted for every thread
    times_read : array of the array's shape, how often each number was read; None without details
    read_sectors, write_sectors : pieces of 32 bytes that a warp asked for at once; without details 0
    """

    name: str
    size: int
    item_bytes: int
    shape: tuple[int, ...] = ()
    reads: int = 0
    writes: int = 0
    read_sectors: int = 0
    write_sectors: int = 0
    _times: Any = field(default=None, repr=False)

    @property
    def times_read(self) -> Any:
        """How often each number was read, in the array's shape; None where no details were kept."""
        return None if self._times is None else self._times.reshape(self.shape)

    @property
    def reads_per_number(self) -> float:
        """How often a number of the array was read on average."""
        return self.reads / self.size if self.size else 0.0

    @property
    def bytes_used(self) -> int:
        """Bytes that threads asked for."""
        return (self.reads + self.writes) * self.item_bytes

    @property
    def bytes_moved(self) -> int:
        """Bytes of the sectors that travelled for them, if no cache helped from one access to the next."""
        return (self.read_sectors + self.write_sectors) * SECTOR_BYTES

    def read(self, places: Any, warps: Any, details: bool) -> None:
        """Count a read of one number by each lane."""
        self.reads += len(places)
        if details:
            if self._times is None:
                self._times = np.zeros(self.size, dtype=np.int64)
            np.add.at(self._times, places, 1)
            self.read_sectors += self._sectors(places, warps)

    def write(self, places: Any, warps: Any, details: bool) -> None:
        """Count a write of one number by each lane."""
        self.writes += len(places)
        if details:
            self.write_sectors += self._sectors(places, warps)

    def _sectors(self, places: Any, warps: Any) -> int:
        return _different(warps, places * self.item_bytes // SECTOR_BYTES)


@dataclass
class SharedCounts:
    """What a kernel did with its shared memory.

    reads, writes : numbers, counted for every thread
    rounds : in which the banks answered warps; at best one for each access of a warp; without details 0
    accesses : of warps; without details 0
    """

    reads: int = 0
    writes: int = 0
    rounds: int = 0
    accesses: int = 0

    def read(self, places: Any, warps: Any, element: Type, details: bool) -> None:
        """Count a read of one number by each lane."""
        self.reads += len(places)
        if details:
            self._ask_banks(places, warps, element)

    def write(self, places: Any, warps: Any, element: Type, details: bool) -> None:
        """Count a write of one number by each lane."""
        self.writes += len(places)
        if details:
            self._ask_banks(places, warps, element)

    def _ask_banks(self, places: Any, warps: Any, element: Type) -> None:
        if not len(places):
            return
        words = places * np.dtype(element.dtype).itemsize // BANK_BYTES
        span = int(words.max()) + 1
        pairs = np.unique(warps * span + words)  # threads of a warp that want the same word share it
        asked, words = pairs // span, pairs % span
        seen, warp = np.unique(asked, return_inverse=True)
        per_bank = np.bincount(warp * BANKS + words % BANKS, minlength=len(seen) * BANKS)
        self.rounds += int(per_bank.reshape(-1, BANKS).max(axis=1).sum())
        self.accesses += len(seen)


@dataclass(repr=False)
class Counts:
    """What a kernel did, all blocks and threads together.

    arrays : of the caller, by the name of the kernel's parameter
    operations : additions and multiplications of floats; a fused one counts two
    barriers : passed, counted once for a block
    """

    arrays: dict[str, ArrayCounts] = field(default_factory=dict)
    shared: SharedCounts = field(default_factory=SharedCounts)
    operations: int = 0
    barriers: int = 0
    threads: int = 0
    blocks: int = 0

    @property
    def global_bytes(self) -> int:
        """Bytes that threads asked of global memory, read and written."""
        return sum(array.bytes_used for array in self.arrays.values())

    @property
    def intensity(self) -> float:
        """Floating-point operations for each byte asked of global memory; infinity where none was."""
        return self.operations / self.global_bytes if self.global_bytes else float("inf")

    def __str__(self) -> str:
        lines = [f"{self.blocks} blocks, {self.threads} threads, {self.operations} floating-point operations"]
        for array in self.arrays.values():
            done = [f"read {array.reads} times"] if array.reads else []
            done += [f"written {array.writes} times"] if array.writes else []
            each = (
                f"; each of its {array.size} numbers {three_digits(array.reads_per_number)} times"
                if array.reads
                else ""
            )
            moved = f"; {array.bytes_moved} bytes moved for {array.bytes_used}" if array.bytes_moved else ""
            lines.append(f"  {array.name}: {', '.join(done) or 'not used'}{each}{moved}")
        if self.shared.reads or self.shared.writes:
            rounds = ""
            if self.shared.accesses:
                rounds = (
                    f"; {self.shared.rounds / self.shared.accesses:.3g} rounds of the banks for an access"
                )
            lines.append(
                f"  shared memory: read {self.shared.reads} times, written {self.shared.writes} times{rounds}"
            )
            lines.append(f"  barriers: {self.barriers}")
        lines.append(f"  {self.intensity:.3g} operations for each byte of global memory")
        return "\n".join(lines)

    __repr__ = __str__  # what a notebook shows


def _different(warps: Any, pieces: Any) -> int:
    """Return how many different pieces each warp asks for, summed."""
    if not len(pieces):
        return 0
    span = int(pieces.max()) + 1
    return len(np.unique(warps * span + pieces))
