"""Compiles kernels for real GPUs, which needs none: NVRTC comes as a package and asks for no driver."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Compiled:
    """A file compiled for one architecture: what the assembler says, and the code before it."""

    log: str
    ptx: str

    def registers(self, kernel: str) -> int:
        """Return how many registers a thread of `kernel` takes."""
        return int(self._said(kernel, r"Used (\d+) registers"))

    def spilled(self, kernel: str) -> int:
        """Return how many bytes did not find a register, and are stored and read again."""
        return int(self._said(kernel, r"(\d+) bytes spill stores"))

    def _said(self, kernel: str, pattern: str) -> str:
        found = re.search(rf"function '{kernel}'.*?{pattern}", self.log, flags=re.S)
        assert found is not None, self.log
        return found[1]


def compiled(text: str, file: str, defines: Mapping[str, int], architecture: int) -> Compiled:
    """Compile `text` for `architecture`, 90 for an H200.

    Raises
    ------
    AssertionError
        An error or a warning, with the file and the compiler's log.
    """
    return _compiled(text, file, tuple(sorted(defines.items())), architecture)


@cache
def _compiled(text: str, file: str, defines: tuple[tuple[str, int], ...], architecture: int) -> Compiled:
    from cuda.bindings import nvrtc

    options = [f"--gpu-architecture=sm_{architecture}", "--std=c++17", "--ptxas-options=-v"]
    options += ["-ftz=true", "--device-as-default-execution-space"]  # as CuPy adds to all that it compiles
    options += [f"-D{name}={value}" for name, value in defines]
    made, program = nvrtc.nvrtcCreateProgram(text.encode(), file.encode(), 0, [], [])
    assert made == nvrtc.nvrtcResult.NVRTC_SUCCESS, made
    try:
        (result,) = nvrtc.nvrtcCompileProgram(program, len(options), [option.encode() for option in options])
        log = _text(program, nvrtc.nvrtcGetProgramLogSize, nvrtc.nvrtcGetProgramLog)
        ended = result == nvrtc.nvrtcResult.NVRTC_SUCCESS
        assert ended and "warning" not in log.lower(), f"{file}, sm_{architecture}, {dict(defines)}: {log}"
        return Compiled(log, _text(program, nvrtc.nvrtcGetPTXSize, nvrtc.nvrtcGetPTX))
    finally:
        nvrtc.nvrtcDestroyProgram(program)


def _text(program: Any, size_of: Any, get: Any) -> str:
    _, size = size_of(program)
    buffer = b" " * size
    get(program, buffer)
    return buffer.rstrip(b"\0").decode()


@dataclass
class Recorder:
    """A device that runs nothing, and remembers what plans would compile: (source, kernel, defines)."""

    xp: Any = np
    launches: list[tuple[str, str, dict[str, int]]] = field(default_factory=list)

    def launch(
        self, source: str, kernel: str, defines: Mapping[str, int], grid: Any, block: Any, arguments: Any
    ) -> None:
        """Remember a launch. What the kernel would have written stays as it was."""
        self.launches.append((source, kernel, dict(defines)))
