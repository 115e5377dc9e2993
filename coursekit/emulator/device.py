"""The emulator in the place of a GPU: it runs the kernels of `coursekit.reference.cuda` on NumPy arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursekit.emulator.counts import Counts
from coursekit.emulator.run import run_kernel


@dataclass
class Launched:
    """A kernel that ran: its file, its name, and what it did."""

    source: str
    kernel: str
    counts: Counts


@dataclass
class EmulatedDevice:
    """What a plan launches its kernels on where there is no GPU.

    sources : texts that stand in place of those of some files, by their stems
    details : as in `run_kernel`
    launched : all kernels that ran, in order
    """

    sources: Mapping[str, str] = field(default_factory=dict)
    details: bool = False
    launched: list[Launched] = field(default_factory=list)
    xp: Any = np

    def launch(
        self,
        source: str,
        kernel: str,
        defines: Mapping[str, int],
        grid: tuple[int, ...],
        block: tuple[int, ...],
        arguments: Sequence[Any],
    ) -> None:
        """Run a kernel at once; see `coursekit.reference.cuda.device.Device`."""
        from coursekit.reference.cuda.device import check_launch, passed, source_text

        check_launch(grid, block)
        text = self.sources[source] if source in self.sources else source_text(source)
        counts = run_kernel(
            text,
            [passed(argument) for argument in arguments],
            grid=grid,
            block=block,
            kernel=kernel,
            defines=defines,
            details=self.details,
            file=f"{source}.cu",
        )
        self.launched.append(Launched(source, kernel, counts))
