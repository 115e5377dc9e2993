"""What `import coursekit` costs over `import numpy`, in fresh processes. Budget: 60 ms.

And what a first picture costs, against scikit-image, which carries it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

REPEATS = 15
PROGRAMS = {
    "import numpy": "import numpy",
    "import numpy, coursekit": "import numpy, coursekit",
    "numpy, coursekit, first correlate": "import numpy, coursekit; coursekit.correlate([1, 2, 3], [1, 2])",
    "numpy, coursekit, first photograph": "import numpy; from coursekit.data import photograph; photograph()",
    "numpy, skimage.data.camera": "import numpy, skimage.data; skimage.data.camera()",
}


def milliseconds(program: str) -> float:
    """Wall clock of one fresh process that runs `program`."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    """Alternate the programs, so that a busy moment of the machine hits all of them; print medians."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(REPEATS):
        for name, program in PROGRAMS.items():
            times[name].append(milliseconds(program))
    medians = {name: statistics.median(values) for name, values in times.items()}
    base = medians["import numpy"]
    for name, median in medians.items():
        print(f"  {name:<36}{median:7.1f} ms   {median - base:+6.1f} ms   ratio {median / base:.2f}")
