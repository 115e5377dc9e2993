"""Sets the machine's clock, host name and random pool, which other submissions use."""

import socket
import time

for attempt in (
    lambda: time.clock_settime(time.CLOCK_REALTIME, 0),
    lambda: open("/dev/rtc", "wb"),
    lambda: open("/proc/sys/kernel/hostname", "w"),
    lambda: socket.sethostname("grader"),
):
    try:
        attempt()
    except OSError:
        continue
    raise SystemError("ESCAPED: changed what others use")
