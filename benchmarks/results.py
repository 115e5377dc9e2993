"""What a benchmark leaves behind: a table, the figures, a plot, and on which machine it ran."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.timing import usable_cores

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RESULTS = Path(__file__).with_name("results")
PACKAGES = ("numpy", "scipy", "torch")


class CannotMeasureError(Exception):
    """This machine lacks what a benchmark cannot do without; the message says what."""


@dataclass(frozen=True)
class Results:
    """The results of one benchmark.

    name : of the benchmark, and of its files
    measurements : what was measured, ready for JSON
    text : the tables and the verdicts, in Markdown that also reads well in a terminal
    draw : makes the plot
    packages : that took part beside those of every benchmark
    """

    name: str
    measurements: list[dict[str, Any]]
    text: str
    draw: Callable[[], Figure]
    packages: Sequence[str] = ()

    def write(self, folder: Path = RESULTS) -> list[Path]:
        """Write NAME.json, NAME.md and NAME.png into `folder` and return their paths."""
        folder.mkdir(exist_ok=True)
        command = f"python -m benchmarks {self.name} --write"
        machine, versions = describe_machine(), describe_versions(self.packages)
        date = datetime.datetime.now(datetime.UTC).date().isoformat()
        data = {
            "command": command,
            "date": date,
            "machine": machine,
            "versions": versions,
            "measurements": self.measurements,
        }
        packages = ", ".join(f"{package} {version}" for package, version in versions.items())
        heading = f"# {self.name}\n\nWritten by `{command}` on {date}: {machine}; {packages}.\n\n"
        paths = [folder / f"{self.name}.{ending}" for ending in ("json", "md", "png")]
        paths[0].write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        paths[1].write_text(heading + self.text + "\n", encoding="utf-8")
        self.draw().savefig(paths[2], dpi=144)
        return paths


def describe_machine() -> str:
    """Return the processor, the cores that may be used, and the system, in words."""
    system = f"{platform.system()} {platform.release()}"
    return f"{_processor()} ({platform.machine()}), {usable_cores()} cores, {system}"


def describe_versions(others: Sequence[str] = ()) -> dict[str, str]:
    """Return the version of Python and of each package that takes part and is installed, `others` too."""
    versions = {"Python": platform.python_version()}
    for package in (*PACKAGES, *others):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def _processor() -> str:
    """Return the name of the processor, as Linux tells it, or as Python does elsewhere."""
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> str:
    """Return an aligned Markdown table: the first `words` columns to the left, the numbers to the right."""
    lines = [list(header), *map(list, rows)]
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(header))]
    rule = ["-" * width if column < words else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    return "\n".join(
        "| "
        + " | ".join(
            cell.ljust(width) if column < words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in (lines[0], rule, *lines[1:])
    )


def verdict(what: str, value: float, budget: float) -> str:
    """Return a line that says whether `value` is within `budget`."""
    return f"{what} {value:.2f}; budget {budget:g}: {'met' if value <= budget else 'MISSED'}"
