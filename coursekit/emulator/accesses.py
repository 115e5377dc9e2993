"""Who read and wrote which number, so that a race is found whatever order the emulator runs threads in.

Two threads may not meet at a number without a barrier between them if one of them writes: on a GPU either may
be first. A barrier orders the threads of one block; nothing orders two blocks.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NOBODY, SEVERAL = -1, -2


class Accesses:
    """The last writer and the readers of every number of a memory, by thread, block and barriers passed.

    is_shared : whether all blocks see each number, or each of them one copy
    """

    def __init__(self, size: int, threads_in_block: int, *, is_shared: bool) -> None:
        self._threads = threads_in_block
        # Which block has read a number so far, or SEVERAL: no barrier of a block makes another one forget it.
        self._reading_block = np.full(size, NOBODY, dtype=np.int64) if is_shared else None
        self.writer = np.full(size, NOBODY, dtype=np.int64)
        self._write_epoch = np.zeros(size, dtype=np.int64)
        self._reader = np.full(size, NOBODY, dtype=np.int64)
        self._read_epoch = np.zeros(size, dtype=np.int64)

    def read(self, places: Any, threads: Any, epochs: Any) -> Any:
        """Note that `threads` read. Return which of them meet a writer, as bools, or None."""
        writers = self.writer[places]
        clash = (writers != NOBODY) & (writers != threads)
        if clash.any():
            clash &= self._is_unordered(writers, self._write_epoch[places], threads, epochs)
        readers = self._reader[places]
        several = (readers != NOBODY) & (readers != threads) & (self._read_epoch[places] == epochs)
        self._reader[places] = threads
        several |= self._reader[places] != threads  # another one reads it in the same step
        self._reader[places[several]] = SEVERAL
        self._read_epoch[places] = epochs
        if self._reading_block is not None:
            self._note_blocks(self._reading_block, places, threads // self._threads)
        return clash if clash.any() else None

    @staticmethod
    def _note_blocks(reading: Any, places: Any, blocks: Any) -> None:
        before = reading[places]
        reading[places] = blocks
        several = ((before != NOBODY) & (before != blocks)) | (reading[places] != blocks)
        reading[places[several]] = SEVERAL

    def write(self, places: Any, threads: Any, epochs: Any) -> Any:
        """Note that `threads` write. Return which of them meet a reader or a writer, as bools, or None."""
        writers, readers = self.writer[places], self._reader[places]
        clash = np.zeros(len(places), dtype=bool)
        if self._reading_block is not None:
            reading = self._reading_block[places]
            clash |= (reading != NOBODY) & (reading != threads // self._threads)
        for others, when in ((writers, self._write_epoch), (readers, self._read_epoch)):
            meets = (others != NOBODY) & (others != threads)
            if meets.any():
                clash |= meets & self._is_unordered(others, when[places], threads, epochs)
        self.writer[places] = threads
        clash |= self.writer[places] != threads  # two write it in the same step
        self._write_epoch[places] = epochs
        return clash if clash.any() else None

    def _is_unordered(self, others: Any, then: Any, threads: Any, epochs: Any) -> Any:
        """Whether no barrier stands between an access then and one now."""
        other_block = (others != SEVERAL) & (others // self._threads != threads // self._threads)
        return other_block | (then == epochs)
