"""The lanes that run together: some whole blocks of a grid, with coordinates, barriers and complaints."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from coursekit.emulator.counts import Counts
from coursekit.emulator.errors import KernelError
from coursekit.emulator.lanes import Mask, no_lanes

WARP = 32  # threads that run in step and reach memory together
Size = tuple[int, int, int]  # along x, y and z


class Machine:
    """Blocks `first` to `first + blocks - 1` of a grid, one lane for each thread, in the order of a GPU."""

    def __init__(
        self, file: str, grid: Size, block: Size, first: int, blocks: int, counts: Counts, details: bool
    ) -> None:
        self.file, self.grid, self.block, self.blocks, self.counts = file, grid, block, blocks, counts
        self.wants_details = details
        self.threads_in_block = int(np.prod(block))
        self.lanes = blocks * self.threads_in_block
        inside = np.tile(np.arange(self.threads_in_block), blocks)
        self.block_of_lane = np.repeat(np.arange(blocks), self.threads_in_block)
        numbers = self.block_of_lane + first
        self.threads = inside + numbers * self.threads_in_block
        per_block = -(-self.threads_in_block // WARP)
        self.warps = numbers * per_block + inside // WARP
        self.coordinates: dict[str, dict[str, Any]] = {
            "threadIdx": _along(inside, block),
            "blockIdx": _along(numbers, grid) if blocks > 1 else _alone(first, grid),
            "blockDim": dict(zip("xyz", block, strict=True)),
            "gridDim": dict(zip("xyz", grid, strict=True)),
        }
        self.alive = Mask(np.ones(self.lanes, dtype=bool))
        self.nobody = no_lanes(self.lanes)
        self.shared: dict[int, Any] = {}  # by the declaration
        self._epochs = np.zeros(blocks, dtype=np.int64)
        counts.blocks += blocks
        counts.threads += self.lanes

    def epochs(self, mask: Mask) -> Any:
        """Return how many barriers each running lane's block has passed."""
        return self._epochs[self.block_of_lane[mask.where]]

    def leave(self, mask: Mask) -> None:
        """End the threads of these lanes."""
        self.alive = self.alive.without(mask)

    def barrier(self, mask: Mask, line: int) -> None:
        """Let the running lanes wait for their blocks; KernelError if some threads of a block do not come."""
        come = np.bincount(self.block_of_lane[mask.where], minlength=self.blocks)
        expected = np.bincount(self.block_of_lane[self.alive.where], minlength=self.blocks)
        wrong = (come > 0) & (come != expected)
        if wrong.any():
            block = int(np.flatnonzero(wrong)[0])
            lane = int(mask.where[np.flatnonzero(self.block_of_lane[mask.where] == block)[0]])
            self.fail(
                "barrier",
                f"__syncthreads() is reached by {come[block]} of {expected[block]} threads of the block: "
                "the others wait elsewhere, for ever",
                line,
                lane,
            )
        self._epochs[come > 0] += 1
        self.counts.barriers += int(np.count_nonzero(come))

    def fail(self, rule: str, message: str, line: int, lane: int | None = None) -> NoReturn:
        """Raise KernelError with the file, the line, and the block and thread of a lane."""
        where = f"{self.file}, line {line}: {message}"
        if lane is not None:
            where += f"; {self._named(int(lane))}"
        raise KernelError(rule, where)

    def fail_race(self, place: str, does: str, line: int, lane: int) -> NoReturn:
        """Raise KernelError for two threads that meet at a number with nothing to order them."""
        self.fail(
            "race",
            f"{place}: a thread {does} it, another one reads or writes it too, and no barrier stands between "
            "them: either may be first",
            line,
            lane,
        )

    def _named(self, lane: int) -> str:
        found = {}
        for name in ("blockIdx", "threadIdx"):
            numbers = self.coordinates[name].values()
            found[name] = tuple(int(one[lane]) if np.ndim(one) else int(one) for one in numbers)
        return f"block {found['blockIdx']}, thread {found['threadIdx']}"


def _along(numbers: Any, size: Size) -> dict[str, Any]:
    """Return the coordinates x, y and z of running numbers; one for all where an axis has size 1."""
    axes = {"x": numbers % size[0], "y": numbers // size[0] % size[1], "z": numbers // (size[0] * size[1])}
    return {name: axis if count > 1 else 0 for (name, axis), count in zip(axes.items(), size, strict=True)}


def _alone(number: int, size: Size) -> dict[str, Any]:
    return {name: int(axis) for name, axis in _along(number, size).items()}
