"""Raises its limits, its priority and its place in the queue of processors."""

import os
import resource

for name in ("RLIMIT_AS", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NPROC", "RLIMIT_CORE"):
    soft, hard = resource.getrlimit(getattr(resource, name))
    if hard == resource.RLIM_INFINITY:
        raise SystemError(f"ESCAPED: {name} has no limit")
    try:
        resource.setrlimit(getattr(resource, name), (hard + 1, hard + 1))
        raise SystemError(f"ESCAPED: {name} was raised")
    except (ValueError, OSError):
        pass
for attempt in (
    lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
    lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)),
    lambda: open("/proc/self/oom_score_adj", "w"),
):
    try:
        attempt()
    except OSError:
        continue
    raise SystemError("ESCAPED: a higher priority")
