"""Attaches to every process that it can name, and reads and writes their memory."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
child = os.fork()
if child == 0:
    os.pause() if hasattr(os, "pause") else __import__("time").sleep(20)
for process in (child, 1, 2, 3, os.getppid(), *range(100, 200)):
    if libc.ptrace(16, process, 0, 0) == 0 or libc.ptrace(0x4206, process, 0, 0) == 0:
        raise SystemError(f"ESCAPED: traces {process}")
    for file in ("mem", "maps", "environ", "fd", "root", "cwd"):
        if os.path.exists(f"/proc/{process}/{file}"):
            raise SystemError(f"ESCAPED: /proc/{process}/{file}")
    piece = ctypes.create_string_buffer(8)
    if libc.process_vm_readv(process, ctypes.byref(piece), 1, ctypes.byref(piece), 1, 0) >= 0:
        raise SystemError(f"ESCAPED: reads the memory of {process}")
