"""How long a call takes: on the card alone, and as a whole with the Python that starts it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

Call = Callable[[], object]

# Keeps the card busy for a while, so that what is started meanwhile runs without waiting for Python.
WAIT = r"""
extern "C" __global__ void wait(long long nanoseconds) {
    unsigned long long started, now;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(started));
    do {
        asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(now));
    } while ((long long)(now - started) < nanoseconds);
}
"""
LEAST_WAIT, MOST_WAIT = 300_000, 500_000_000  # nanoseconds


class Clock(Protocol):
    """Measures calls. One that does not wait for its result may be measured too."""

    def turn(self, call: Call, calls: int) -> tuple[float, float]:
        """Return milliseconds of a call, on the device and as a whole, of `calls` one after the other."""


class DeviceClock:
    """Times by CUDA events on the default stream, which CuPy and PyTorch share."""

    def __init__(self, cupy: Any, torch: Any) -> None:
        """Compile what keeps the card busy; RuntimeError if the libraries do not share a stream."""
        if torch.cuda.current_stream().cuda_stream != 0 or cupy.cuda.get_current_stream().ptr != 0:
            raise RuntimeError(
                "CuPy and PyTorch must both use the default stream, for one clock to time both"
            )
        self.cupy = cupy
        self.wait = cupy.RawKernel(WAIT, "wait")

    def turn(self, call: Call, calls: int) -> tuple[float, float]:
        """Return milliseconds of a call (on the device, as a whole).

        As a whole: from the start of the first call to the end of the last on the card; where Python is
        slower than the card, that is Python's time. On the device: the card has something else to do until
        all calls are started, so that only its own time counts. A call that waits for the card has its
        waiting counted in both.
        """
        call()  # a turn of another library has gone before
        self.cupy.cuda.runtime.deviceSynchronize()
        whole, started = self._timed(call, calls)
        wait = min(MOST_WAIT, LEAST_WAIT + int(1.5e9 * started))
        self.wait((1,), (1,), (self.cupy.int64(wait),))
        on_device, _ = self._timed(call, calls)
        return on_device, whole

    def _timed(self, call: Call, calls: int) -> tuple[float, float]:
        """Return milliseconds of a call between two events, and the seconds that Python took to start all."""
        first, last = self.cupy.cuda.Event(), self.cupy.cuda.Event()
        begun = time.perf_counter()
        first.record()
        for _ in range(calls):
            call()
        last.record()
        started = time.perf_counter() - begun
        last.synchronize()
        return self.cupy.cuda.get_elapsed_time(first, last) / calls, started
